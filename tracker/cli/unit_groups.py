"""`tracker unit group-changes`: units that joined or left a group of a plan in force, listed and confirmed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.unit_changes import person_by
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import NotFound
from tracker.domain.group_changes import Difference, Why
from tracker.domain.views import PlanHead
from tracker.store import plans
from tracker.usecases.group_changes import confirm, pending
from tracker.web.runtime import runtime

WHY_WORDS = {
    Why.JOINED: "nay thuộc nhóm",
    Why.FOUNDED: "mới thành lập",
    Why.LEFT: "không còn thuộc nhóm",
    Why.ENDED: "đã kết thúc",
}


@click.command("group-changes")
@click.option("--plan", "plan_id", type=int, help="Số của kế hoạch; không nêu thì là kế hoạch đang chạy.")
@click.option("--confirm", "keys", multiple=True, metavar="MÃ", help="Xác nhận một thay đổi; nêu được nhiều lần.")
@click.option("--all", "everything", is_flag=True, help="Xác nhận mọi thay đổi không có lưu ý (dấu !).")
@click.option("--reason", default="", help="Văn bản hoặc lý do; cần khi xác nhận.")
@click.option("--by", metavar="EMAIL", help="Người xác nhận; không nêu thì ghi là dòng lệnh.")
@json_option
@demo_option
def group_changes(
    plan_id: int | None, keys: tuple[str, ...], everything: bool, reason: str, by: str | None, as_json: bool, demo: bool
) -> None:
    """Đơn vị vào hay ra khỏi nhóm sau khi kế hoạch có hiệu lực: liệt kê, và xác nhận từ hôm nay."""
    with open_app(demo):
        now, zone = runtime().clock.now(), runtime().zone
        plan = _plan(plan_id, local_day(now, zone))
        found = pending(plan, now, zone)
        wanted = [each.key for each in found if each.advised] if everything else list(keys)
        asked = everything or bool(keys)
        if asked:
            found = confirm(person_by(by), plan.id, wanted, reason, now=now, zone=zone)
    if as_json:
        print_json({"plan": plan.id, "confirmed": asked, "changes": [_json(each) for each in found]})
        return
    _tell(found)
    if asked:
        say(f"Đã xác nhận {len(found)} thay đổi, có hiệu lực từ hôm nay.")
    elif not found:
        say("Không có thay đổi nào chờ xác nhận.")


def _tell(found: Iterable[Difference]) -> None:
    for each in found:
        what = "thôi" if each.share_id else "thêm"
        mark = " " if each.advised else "!"
        click.echo(f"{mark} {each.key}  {what}  {each.unit.name}  nhiệm vụ {each.work.number}  ({WHY_WORDS[each.why]})")


def _plan(plan_id: int | None, today: date) -> PlanHead:
    found = plans.running(today) if plan_id is None else plans.head(plan_id)
    if found is None:
        raise NotFound("Không có kế hoạch này. Xem các kế hoạch: tracker plan list.")
    return found


def _json(each: Difference) -> dict[str, Any]:
    return {
        "key": each.key,
        "change": "end" if each.share_id else "add",
        "unit": each.unit.code,
        "task": each.work.number,
        "milestone": each.work.ordinal,
        "part": each.part,
        "group": each.group_code,
        "why": each.why.value,
        "advised": each.advised,
    }
