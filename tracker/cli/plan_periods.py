"""`tracker plan close-period` and `check-period`: figures that are kept, and whether they still come out the same."""

from datetime import datetime

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import DAY, chosen_plan
from tracker.domain.periods import Period
from tracker.store import periods
from tracker.usecases import periods as usecases
from tracker.web.runtime import runtime

DIFFERENT = 1


@click.command("close-period")
@click.argument("plan_id", type=int, metavar="ID")
@click.option("--to", "to_on", type=DAY, required=True, help="Ngày cuối kỳ, đã qua; số liệu tính đến hết ngày này.")
@click.option("--from", "from_on", type=DAY, help="Ngày đầu kỳ.")
@click.option("--name", required=True, help="Tên kỳ, ví dụ “Học kỳ I”.")
@click.option("--note", default="", help="Ghi chú.")
@json_option
@demo_option
def close_period(
    plan_id: int, to_on: datetime, from_on: datetime | None, name: str, note: str, as_json: bool, demo: bool
) -> None:
    """Chốt một kỳ của kế hoạch: giữ nguyên số liệu đến ngày cuối kỳ."""
    with open_app(demo):
        period_id = usecases.close(
            None,
            plan_id,
            name,
            to_on.date(),
            from_on=from_on.date() if from_on else None,
            note=note,
            now=runtime().clock.now(),
            zone=runtime().zone,
        )
        found = usecases.known(period_id)
    say(f"Đã chốt “{found.name}”, số liệu đến {found.to_on:%d/%m/%Y}, mã kiểm tra {found.digest[:16]}….")
    if as_json:
        print_json(_json(found))


@click.command("check-period")
@click.argument("plan_id", type=int, metavar="ID")
@json_option
@demo_option
def check_period(plan_id: int, as_json: bool, demo: bool) -> int:
    """Tính lại mọi kỳ đã chốt của kế hoạch và liệt kê số liệu nào khác; không ghi gì. Mã thoát 1 nếu có khác."""
    with open_app(demo):
        plan, zone = chosen_plan(plan_id), runtime().zone
        checked = [(each, usecases.check(each, plan, zone)) for each in periods.of_plan(plan.id)]
    for period, found in checked:
        told = f"{len(found)} số liệu khác" if found else "tính lại vẫn đúng"
        sound = "" if period.sound else " SỐ LIỆU KHÔNG KHỚP MÃ KIỂM TRA."
        say(f"{period.name}, bản {period.version}, đến {period.to_on:%d/%m/%Y}: {told}.{sound}")
        if not as_json:
            for each in found:
                click.echo(f"  {each.name or 'Toàn kế hoạch'}, {each.field}: {each.kept} → {each.now}")
    if not checked:
        say("Kế hoạch này chưa chốt kỳ nào.")
    if as_json:
        fields = ("subject", "name", "field", "kept", "now")
        listed = [
            _json(period) | {"differences": [{name: getattr(each, name) for name in fields} for each in found]}
            for period, found in checked
        ]
        print_json({"plan": {"id": plan.id, "title": plan.title}, "periods": listed})
    return DIFFERENT if any(found or not period.sound for period, found in checked) else 0


def _json(period: Period) -> dict[str, object]:
    return {
        "period": period.id,
        "name": period.name,
        "version": period.version,
        "from": period.from_on.isoformat() if period.from_on else None,
        "to": period.to_on.isoformat(),
        "closed_at": period.closed_at.isoformat(),
        "digest": period.digest,
        "sound": period.sound,
        "cells": period.figures["cells"],
    }
