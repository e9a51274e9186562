"""`tracker days-off`: the office's table of days off, by which everything late is counted."""

from dataclasses import asdict
from datetime import datetime

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.plan_common import DAY
from tracker.cli.unit_changes import person_by
from tracker.domain.days_off import ListedDay
from tracker.domain.holiday_feed import OF_YEAR, HolidayKind
from tracker.store import days_off as stored
from tracker.usecases.days_off import remove_day, set_day, set_school_date
from tracker.web.runtime import runtime

by_option = click.option("--by", metavar="EMAIL", help="Người sửa; không nêu thì ghi là dòng lệnh.")


@click.group("days-off")
def days_off() -> None:
    """Bảng ngày nghỉ và ngày làm bù."""


@days_off.command("list")
@click.option("--year", type=int, help="Chỉ các ngày của năm này.")
@json_option
@demo_option
def list_days(year: int | None, as_json: bool, demo: bool) -> None:
    """Liệt kê bảng ngày nghỉ."""
    with open_app(demo):
        found = [each for each in stored.listed() if year is None or each.day.year == year]
    if as_json:
        print_json([_json(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.day:%d/%m/%Y}  {'nghỉ   ' if each.is_off else 'làm bù '}  {each.name} ({each.document})")


@days_off.command("set")
@click.argument("day", type=DAY)
@click.option("--name", required=True, help="Tên ngày nghỉ, ví dụ “Quốc khánh”.")
@click.option("--document", required=True, help="Văn bản hoặc lý do.")
@click.option("--worked", is_flag=True, help="Ngày cuối tuần phải làm bù, không phải ngày nghỉ.")
@by_option
@json_option
@demo_option
def set_one(day: datetime, name: str, document: str, worked: bool, by: str | None, as_json: bool, demo: bool) -> None:
    """Ghi một ngày là ngày nghỉ, hoặc ngày làm bù."""
    with open_app(demo):
        wanted = ListedDay(day.date(), not worked, name, document)
        written = set_day(person_by(by), wanted, now=runtime().clock.now())
    say(f"Đã ghi {written.day:%d/%m/%Y} là ngày {'nghỉ' if written.is_off else 'làm bù'}.")
    if as_json:
        print_json(_json(written))


@days_off.command("remove")
@click.argument("day", type=DAY)
@click.option("--reason", required=True, help="Văn bản hoặc lý do.")
@by_option
@demo_option
def remove(day: datetime, reason: str, by: str | None, demo: bool) -> None:
    """Xóa một dòng của bảng: ngày ấy lại theo thứ trong tuần."""
    with open_app(demo):
        remove_day(person_by(by), day.date(), reason, now=runtime().clock.now())
    say(f"Đã xóa {day:%d/%m/%Y} khỏi bảng ngày nghỉ.")


@days_off.command("school-date")
@click.argument("year", metavar="NĂM")
@click.argument("kind", type=click.Choice([kind.value for kind in OF_YEAR]))
@click.option("--day", type=DAY, help="Ngày của mốc; không nêu thì trở lại kỳ đã chốt hoặc khung thường lệ của Bộ.")
@click.option("--document", required=True, help="Văn bản hoặc lý do.")
@by_option
@demo_option
def set_date(year: str, kind: str, day: datetime | None, document: str, by: str | None, demo: bool) -> None:
    """Ghi một mốc của năm học, như 2024-2025: kế hoạch nhập từ nay được tính theo, lịch ngày nghỉ cũng hiện."""
    with open_app(demo):
        wanted = day.date() if day else None
        holds = set_school_date(person_by(by), year, HolidayKind(kind), wanted, document, now=runtime().clock.now())
    say(f"Đã ghi: mốc {kind} của năm học {year} là ngày {holds:%d/%m/%Y}.")


def _json(each: ListedDay) -> dict[str, object]:
    changed = each.changed_at.isoformat() if each.changed_at else None
    return asdict(each) | {"day": each.day.isoformat(), "changed_at": changed}
