"""`tracker urged`: the proof of what units were urged and reminded of, as the page /urgings has it."""

from datetime import date, datetime

import click

from tracker.adapters.list_files import MOST_ROWS
from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import DAY, chosen_plan, plan_option, today
from tracker.domain.calendar_days import day_end, day_start
from tracker.domain.errors import NotFound
from tracker.store import units, urging_list
from tracker.store.urging_list import UrgingLine, Wanted
from tracker.web.runtime import runtime
from tracker.web.urgings import DAYS_SHOWN


@click.command()
@plan_option
@click.option("--unit", "code", metavar="CODE", help="Chỉ một đơn vị, theo mã.")
@click.option("--from", "first", type=DAY, help="Từ ngày; mặc định ba mươi ngày trước ngày cuối.")
@click.option("--to", "last", type=DAY, help="Đến hết ngày; mặc định hôm nay.")
@click.option("--by-hand", is_flag=True, help="Chỉ những lần đôn đốc, không kể nhắc tự động.")
@json_option
@demo_option
def urged(
    plan_id: int | None,
    code: str | None,
    first: datetime | None,
    last: datetime | None,
    by_hand: bool,
    as_json: bool,
    demo: bool,
) -> None:
    """Đã đôn đốc và nhắc đơn vị nào, lúc nào, gửi ai, qua đâu, kết quả ra sao."""
    with open_app(demo):
        until = last.date() if last else today()
        since = first.date() if first else until - DAYS_SHOWN
        wanted = _wanted(chosen_plan(plan_id, until).id, code, since, until, by_hand=by_hand)
        lines = urging_list.listed(wanted, 0, MOST_ROWS)
        if as_json:
            print_json([_json(line) for line in lines])
            return
        for line in lines:
            click.echo(_told(line))
        say(f"Từ ngày {since:%d/%m/%Y} đến ngày {until:%d/%m/%Y}: {len(lines)} tin.")


def _wanted(plan_id: int, code: str | None, since: date, until: date, *, by_hand: bool) -> Wanted:
    unit = units.ref_by_code(code) if code else None
    if code and unit is None:
        raise NotFound("Không có đơn vị nào có mã %(code)s.", code=code)
    zone = runtime().zone
    kind = True if by_hand else None
    return Wanted(plan_id, day_start(since, zone), day_end(until, zone), unit.id if unit else None, kind)


def _told(line: UrgingLine) -> str:
    local = line.at.astimezone(runtime().zone)
    how = f"đôn đốc: {line.by}" if line.by else "tự động"
    tasks = f"nhiệm vụ {', '.join(line.tasks or line.struck)}"
    state = ": ".join(filter(None, (line.state.value, line.error)))
    return " | ".join((line.unit_name, f"{local:%d/%m/%Y %H:%M}", how, line.to_name, line.channel, tasks, state))


def _json(line: UrgingLine) -> dict[str, object]:
    zone = runtime().zone
    return {
        "unit": line.unit_code,
        "unit_name": line.unit_name,
        "at": line.at.astimezone(zone).isoformat(),
        "by": line.by or None,
        "text": line.text,
        "to": line.to_name,
        "channel": line.channel,
        "tasks": list(line.tasks),
        "done_before": list(line.struck),
        "state": line.state.value,
        "error": line.error,
        "settled_at": line.settled_at.astimezone(zone).isoformat() if line.settled_at else None,
    }
