"""`tracker remind`: one tick; `tracker scheduler`: ticks for ever."""

import logging
from datetime import datetime

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import progress_bar
from tracker.clock import FrozenClock
from tracker.scheduler import run_forever
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


@click.command()
@click.option(
    "--now", "clock", callback=_moment, metavar="TIME", help="Làm như đang ở thời điểm này (ISO, có múi giờ)."
)
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ nhắc gì; không ghi, không gửi.")
@json_option
@demo_option
def remind(clock: FrozenClock | None, dry_run: bool, as_json: bool, demo: bool) -> None:
    """Một lần nhắc việc: lập thư đến hạn, gửi, dọn những lần gửi dở dang."""
    with open_app(demo, clock=clock, may_freeze=dry_run) as app:
        with progress_bar("Đang gửi") as progress:
            result = tick(desk_of(app, progress=progress), dry_run=dry_run)
        if as_json:
            print_json(result.as_json(runtime().zone))
        else:
            _tell(result, dry_run, mail_is_sent=runtime().mail_is_sent)


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
