"""`tracker unit give`: who of a unit does its shares."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import chosen_plan, cut_off, plan_option
from tracker.cli.unit_changes import person_by
from tracker.domain.errors import NotFound
from tracker.domain.share_people import NOBODY, Named
from tracker.domain.views import PlanHead, WorkLine
from tracker.store import people, share_people, units
from tracker.store.facts import unit_lines
from tracker.usecases.share_people import give as give_shares
from tracker.web.runtime import runtime


@click.command()
@click.argument("code")
@click.option("--task", "numbers", multiple=True, metavar="SỐ", help="Nhiệm vụ số mấy; nêu được nhiều lần.")
@click.option("--to", "doers", multiple=True, metavar="EMAIL", help="Người thực hiện; nêu được nhiều lần.")
@click.option("--stand-in", "stand_ins", multiple=True, metavar="EMAIL", help="Người làm thay; nêu được nhiều lần.")
@click.option("--to-all", is_flag=True, help="Không giao riêng cho ai: việc chung của đơn vị.")
@click.option("--by", metavar="EMAIL", help="Người giao; không nêu thì ghi là dòng lệnh.")
@plan_option
@json_option
@demo_option
def give(
    code: str,
    numbers: tuple[str, ...],
    doers: tuple[str, ...],
    stand_ins: tuple[str, ...],
    to_all: bool,
    by: str | None,
    plan_id: int | None,
    as_json: bool,
    demo: bool,
) -> None:
    """Phần việc của đơn vị CODE do ai làm; có --to hoặc --to-all thì giao các nhiệm vụ nêu bằng --task."""
    asked = bool(doers or stand_ins or to_all)
    if asked and (not numbers or (to_all and (doers or stand_ins))):
        raise click.UsageError("Hãy nêu --task, và chọn --to (có thể thêm --stand-in) hoặc --to-all.")
    with open_app(demo):
        plan, now = chosen_plan(plan_id), runtime().clock.now()
        lines = _lines(plan, code, numbers)
        if asked:
            shares = [line.share.id for line in lines if line.share.status.ended is None]
            give_shares(person_by(by), shares, _ids(doers), _ids(stand_ins), now, runtime().zone)
        named = share_people.named([line.share.id for line in lines])
        addresses = {each.id: each.email for each in people.everyone()}
        rows = [_row(line, named.get(line.share.id, NOBODY), addresses) for line in lines]
    if as_json:
        print_json({"plan": plan.id, "unit": code, "given": asked, "shares": rows})
        return
    for row in rows:
        who = ", ".join(row["doers"]) or "cả đơn vị"
        others = f"; làm thay: {', '.join(row['stand_ins'])}" if row["stand_ins"] else ""
        click.echo(f"{row['task']:>5}  mốc {row['milestone']}  {who}{others}")
    if asked:
        say(f"Đã giao {len(rows)} phần việc.")


def _lines(plan: PlanHead, code: str, numbers: Sequence[str]) -> list[WorkLine]:
    """The shares of the unit, of the tasks with these numbers where any is named; NotFound for what is none."""
    unit = units.ref_by_code(code)
    if unit is None:
        raise NotFound("Không có đơn vị với mã “%(code)s”. Xem mã đơn vị: tracker unit list.", code=code)
    found = unit_lines(plan, unit.id, cut_off(None))
    for number in numbers:
        if number not in {line.number for line in found}:
            raise NotFound(
                "%(unit)s không có phần việc ở nhiệm vụ số %(number)s. Xem: tracker unit give %(code)s",
                unit=unit.name,
                number=number,
                code=code,
            )
    return [line for line in found if not numbers or line.number in numbers]


def _ids(emails: Iterable[str]) -> list[int]:
    return [person.id for email in emails if (person := person_by(email))]


def _row(line: WorkLine, named: Named, addresses: Mapping[int, str]) -> dict[str, Any]:
    return {
        "share": line.share.id,
        "task": line.number,
        "milestone": line.ordinal,
        "part": line.share.part,
        "due": line.share.deadline.due.isoformat() if line.share.deadline.due else None,
        "doers": sorted(addresses[each] for each in named.doers),
        "stand_ins": sorted(addresses[each] for each in named.stand_ins),
    }
