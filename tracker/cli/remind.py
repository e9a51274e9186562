"""`tracker remind`: one tick, and by which rules; `tracker scheduler`: ticks for ever."""

import logging
from dataclasses import asdict
from datetime import datetime

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import progress_bar
from tracker.clock import FrozenClock
from tracker.domain.reminder_rules import Rule
from tracker.scheduler import run_forever
from tracker.store import reminder_rules
from tracker.usecases.reminder_rules import Rehearsal, rehearse, words
from tracker.usecases.reminders import TickResult, tick
from tracker.usecases.second_factors import seal_old
from tracker.web.errands import desk_of
from tracker.web.runtime import runtime


def _moment(_context: click.Context, _option: click.Parameter, text: str | None) -> FrozenClock | None:
    if text is None:
        return None
    try:
        return FrozenClock(datetime.fromisoformat(text))
    except (ValueError, AssertionError):
        raise click.BadParameter(
            f"“{text}” không phải thời điểm ISO có múi giờ. Ví dụ: 2024-12-16T08:00+07:00."
        ) from None


@click.group(invoke_without_command=True)
@click.option(
    "--now", "clock", callback=_moment, metavar="TIME", help="Làm như đang ở thời điểm này (ISO, có múi giờ)."
)
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ nhắc gì; không ghi, không gửi.")
@json_option
@demo_option
@click.pass_context
def remind(context: click.Context, clock: FrozenClock | None, dry_run: bool, as_json: bool, demo: bool) -> None:
    """Một lần nhắc việc: lập thư đến hạn, gửi, dọn những lần gửi dở dang."""
    if context.invoked_subcommand:
        return
    with open_app(demo, clock=clock, may_freeze=dry_run) as app:
        with progress_bar("Đang gửi") as progress:
            result = tick(desk_of(app, progress=progress), dry_run=dry_run)
        if as_json:
            print_json(result.as_json(runtime().zone))
        else:
            _tell(result, dry_run, mail_is_sent=runtime().mail_is_sent)


@remind.command()
@click.option("--preview", is_flag=True, help="Tính số lần nhắc của 30 ngày qua và 30 ngày tới.")
@json_option
@demo_option
def rules(preview: bool, as_json: bool, demo: bool) -> None:
    """Liệt kê các quy tắc nhắc việc: nhắc khi nào, nhắc ai."""
    with open_app(demo, may_freeze=True):
        found = reminder_rules.rules(idle_too=True)
        now = runtime().clock.now()
        rehearsal = rehearse(found, now, runtime().zone, everything=True) if preview else None
    if as_json:
        print_json([_rule_json(rule, rehearsal) for rule in found])
        return
    for rule in found:
        name, when, to = words(rule)
        click.echo(
            f"{rule.code}: {when} → {to}{f' (“{name}”)' if rule.name else ''}{'' if rule.active else ' (đã tắt)'}"
        )
        if rehearsal:
            past, coming = _counts(rule, rehearsal)
            click.echo(f"    30 ngày qua: {past} lần; 30 ngày tới: {coming} lần")


def _counts(rule: Rule, rehearsal: Rehearsal) -> tuple[int, int]:
    return len(rehearsal.past.get(rule.code, ())), len(rehearsal.coming.get(rule.code, ()))


def _rule_json(rule: Rule, rehearsal: Rehearsal | None) -> dict[str, object]:
    _, when, to = words(rule)
    said = asdict(rule) | {"to": sorted(rule.to), "except_kinds": sorted(rule.except_kinds), "words": f"{when} → {to}"}
    if rehearsal:
        said["past"], said["coming"] = _counts(rule, rehearsal)
    return said


def _tell(result: TickResult, dry_run: bool, *, mail_is_sent: bool) -> None:
    """The outcome in words, a line per message."""
    for message in result.messages:
        click.echo(f"{message['to']}: {message['subject']} ({', '.join(message['tasks'])})")
    if dry_run:
        say(f"Chạy thử: sẽ lập {result.planned} thư; chưa ghi, chưa gửi gì.")
        return
    say(f"Đã lập {result.planned} thư, gửi {result.sent}, lỗi {result.failed}.")
    if not mail_is_sent:
        say("Chưa đặt TRACKER_SMTP_URL: thư nằm lại, đọc ở trang Thư nhắc.")


@click.command()
@demo_option
def scheduler(demo: bool) -> None:
    """Chạy riêng bộ nhắc việc. Có thể chạy nhiều tiến trình: một tiến trình làm, các tiến trình khác chờ thay."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    with open_app(demo) as app:
        seal_old(runtime().seal)
        say("Bộ nhắc việc đang chạy. Ctrl+C để dừng.")
        run_forever(app)
