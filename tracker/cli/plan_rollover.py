"""`tracker plan rollover` and `discard-draft`: the draft of next year's plan, made and thrown away."""

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import plan_option
from tracker.usecases.import_results import COLUMNS
from tracker.usecases.rollover import Draft, discard_draft, roll_plan_over
from tracker.web.runtime import runtime

REASONS = {
    "month": "chuyển theo năm học",
    "day": "ngày cụ thể, cần xác nhận",
    "check": "không chuyển thẳng được, cần kiểm tra",
    "lunar": "theo âm lịch, mỗi năm một ngày khác, cần xác nhận",
    "year": "năm trong nội dung, cần xác nhận",
    "unit": "đơn vị kế thừa, cần xác nhận",
    "no-heir": "đơn vị đã kết thúc, cần chọn đơn vị khác",
}


@click.command()
@click.option("--to", required=True, metavar="2025-2026", help="Năm học mới.")
@plan_option
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem dự thảo sẽ thế nào.")
@json_option
@demo_option
def rollover(to: str, plan_id: int | None, dry_run: bool, as_json: bool, demo: bool) -> None:
    """Lập dự thảo kế hoạch năm học sau; dự thảo chưa giao việc cho ai."""
    with open_app(demo, may_freeze=dry_run):
        draft = roll_plan_over(to, now=runtime().clock.now(), zone=runtime().zone, plan_id=plan_id, dry_run=dry_run)
    _tell(draft)
    if as_json:
        print_json({**draft.as_json(), "dry_run": dry_run})


def _tell(draft: Draft) -> None:
    waiting = 0
    for each in draft.proposals:
        where = "tên kế hoạch" if each.at is None else _cell(draft, each.at, each.field)
        waiting += not each.certain
        say(f"{where}: “{each.old}” → “{each.new}” ({REASONS[each.reason]})")
    made = "Xem trước, chưa ghi gì" if draft.plan_id is None else f"Đã lập dự thảo, kế hoạch số {draft.plan_id}"
    say(f"{made}: {draft.title}; {len(draft.tasks)} nhiệm vụ, {waiting} đề xuất cần xác nhận.")


def _cell(draft: Draft, at: int, field: str) -> str:
    return f"nhiệm vụ {draft.tasks[at].number}, cột {COLUMNS.get(field, field)}"


@click.command("discard-draft")
@click.argument("plan_id", type=int, metavar="ID")
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem những gì sẽ mất.")
@json_option
@demo_option
def discard(plan_id: int, dry_run: bool, as_json: bool, demo: bool) -> None:
    """Bỏ một dự thảo; kế hoạch đã dùng để lập dự thảo giữ nguyên."""
    with open_app(demo, may_freeze=dry_run):
        held = discard_draft(plan_id, files=runtime().files, now=runtime().clock.now(), dry_run=dry_run)
    done = "Xem trước, chưa bỏ gì" if dry_run else f"Đã bỏ dự thảo, kế hoạch số {plan_id}"
    say(
        f"{done}: {held.tasks} nhiệm vụ, {held.milestones} mốc, {held.proposals} đề xuất cần xác nhận "
        f"({held.decided} đã quyết định), {held.documents} văn bản."
    )
    if as_json:
        counts = {name: getattr(held, name) for name in ("tasks", "milestones", "proposals", "decided", "documents")}
        print_json({"plan": {"id": plan_id}, **counts, "dry_run": dry_run})
