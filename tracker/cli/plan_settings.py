"""`tracker plan settings`: by which rules a plan is watched, and who confirms in which order."""

from collections.abc import Iterable

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json
from tracker.cli.plan_common import chosen_plan, plan_option, today
from tracker.cli.unit_changes import person_by
from tracker.domain.errors import NotFound
from tracker.domain.views import PlanHead
from tracker.store import units
from tracker.usecases.plan_settings import set_some
from tracker.web.runtime import runtime


@click.command()
@plan_option
@click.option("--quiet-days", type=int, help="Sau mấy ngày không có cập nhật thì tính là chưa cập nhật.")
@click.option(
    "--late-after-working-day/--late-next-day",
    default=None,
    help="Hạn rơi vào ngày nghỉ: trễ tính sau ngày làm việc kế tiếp, hay ngay từ hôm sau.",
)
@click.option("--monitor", "codes", multiple=True, metavar="CODE", help="Đơn vị theo dõi; nêu lần lượt theo thứ tự.")
@click.option("--no-monitor", is_flag=True, help="Không còn đơn vị theo dõi nào.")
@click.option("--by", metavar="EMAIL", help="Người sửa; không nêu thì ghi là dòng lệnh.")
@json_option
@demo_option
def settings(
    plan_id: int | None,
    quiet_days: int | None,
    late_after_working_day: bool | None,
    codes: tuple[str, ...],
    no_monitor: bool,
    by: str | None,
    as_json: bool,
    demo: bool,
) -> None:
    """Xem thiết đặt của kế hoạch; nêu tùy chọn nào thì sửa điều ấy, tất cả hoặc không gì cả."""
    if codes and no_monitor:
        raise click.UsageError("Hãy chọn --monitor hoặc --no-monitor, không cả hai.")
    with open_app(demo):
        plan = chosen_plan(plan_id)
        set_some(
            person_by(by),
            plan,
            late_after_working_day=late_after_working_day,
            quiet_days=quiet_days,
            monitors=_ids(codes) if codes or no_monitor else None,
            today=today(),
            now=runtime().clock.now(),
        )
        found = chosen_plan(plan.id)
    if as_json:
        print_json(_json(found))
        return
    late = "sau ngày làm việc kế tiếp" if found.calendar.late_after_working_day else "ngay từ hôm sau"
    click.echo(f"Kế hoạch {found.id}: {found.title}")
    click.echo(f"Hạn rơi vào ngày nghỉ: trễ tính {late}.")
    click.echo(f"Tính là chưa cập nhật sau {found.calendar.quiet_days} ngày.")
    click.echo(f"Theo dõi: {', '.join(unit.name for unit in found.monitors) or 'chưa có đơn vị nào'}.")


def _ids(codes: Iterable[str]) -> list[int]:
    known = units.ids_by_code()
    for code in codes:
        if code not in known:
            raise NotFound("Không có đơn vị với mã “%(code)s”. Xem mã đơn vị: tracker unit list.", code=code)
    return [known[code] for code in codes]


def _json(plan: PlanHead) -> dict[str, object]:
    return {
        "plan": {"id": plan.id, "title": plan.title},
        "late_after_working_day": plan.calendar.late_after_working_day,
        "quiet_days": plan.calendar.quiet_days,
        "monitors": [unit.code for unit in plan.monitors],
    }
