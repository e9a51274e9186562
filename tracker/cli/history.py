"""`tracker history`: who changed what since a day."""

from dataclasses import asdict
from datetime import datetime

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import DAY
from tracker.domain.calendar_days import day_start
from tracker.domain.changes import DOINGS, FIELDS, KINDS, VIEWED, HistoryLine
from tracker.store.change_views import MOST_SEARCHED, Wanted, streamed
from tracker.web.runtime import runtime


@click.command()
@click.option("--since", type=DAY, required=True, help="Từ ngày nào.")
@json_option
@demo_option
def history(since: datetime, as_json: bool, demo: bool) -> None:
    """Ai đã đổi gì, lúc nào, từ gì thành gì; mới nhất trước."""
    with open_app(demo):
        zone = runtime().zone
        wanted = Wanted(since=day_start(since.date(), zone), everything=True, within_units=True)
        lines = list(streamed(wanted, (), MOST_SEARCHED))
        if as_json:
            print_json([_json(line) for line in lines])
        else:
            for line in lines:
                click.echo(f"{line.at.astimezone(zone):%d/%m/%Y %H:%M}  {_told(line)}")
    if len(lines) == MOST_SEARCHED:
        say(f"Chỉ in {MOST_SEARCHED} dòng mới nhất; hãy chọn ngày muộn hơn để xem hết phần mới.")


def _told(line: HistoryLine) -> str:
    what = DOINGS.get(line.what) or VIEWED.get(line.what) or line.what
    value = " → ".join(each for each in line.values() if each)
    about = " ".join(each for each in (KINDS[line.object_kind].lower(), line.label) if each)
    field = FIELDS.get(line.field, line.field)
    changed = ": ".join(each for each in (field, value) if each)
    parts = (line.person or "(lệnh hoặc tự động)", what, about, line.unit, changed, line.reason)
    return " | ".join(each for each in parts if each)


def _json(line: HistoryLine) -> dict[str, object]:
    return asdict(line) | {"at": line.at.isoformat()}
