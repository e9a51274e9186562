"""The table of days off: read by those who follow the work, kept by administrators."""

from datetime import date
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.days_off import ListedDay
from tracker.domain.errors import Refused
from tracker.domain.holiday_feed import Basis, HolidayEvent, HolidayKind, dates_of
from tracker.domain.words import N_
from tracker.store import days_off, holidays
from tracker.usecases.days_off import remove_day, set_day, set_school_date
from tracker.web.forms import required_day, typed_day
from tracker.web.runtime import gettext, now, person, today

pages = Blueprint("days_off", __name__, url_prefix="/settings/days-off")

FIELDS = ("day", "kind", "name", "document")
DAY = N_("Ngày")
OFF, WORKED = "off", "worked"
SCHOOL_DATES = {
    HolidayKind.OPENS: N_("Khai giảng"),
    HolidayKind.SEMESTER_ENDS: N_("Kết thúc học kỳ I"),
    HolidayKind.ENDS: N_("Kết thúc năm học"),
}


@pages.get("")
def index() -> str:
    """The days of a year by month, `?year=`; `?day=` opens one in the form, `?date=` a date of a school year."""
    text = request.args.get("day", "")
    found = days_off.on(required_day(text, DAY)) if text else None
    typed = {"day": text} if text and found is None else {}
    if found:
        kind = OFF if found.is_off else WORKED
        typed = {"day": found.day.isoformat(), "kind": kind, "name": found.name, "document": found.document}
    return _page(typed)


@pages.post("")
def put() -> Response | tuple[str, int]:
    """Write what a day is."""
    typed = {name: request.form.get(name, "").replace("\0", "") for name in FIELDS}
    try:
        wanted = ListedDay(required_day(typed["day"], DAY), _is_off(typed["kind"]), typed["name"], typed["document"])
        kept = set_day(person(), wanted, now=now())
    except Refused as problem:
        return _page(typed, problem.text(gettext)), 422
    return _kept(N_("Đã ghi ngày %(day)s."), kept.day)


@pages.post("/remove")
def remove() -> Response | tuple[str, int]:
    """Let a day follow its weekday again."""
    try:
        day = required_day(request.form.get("day", ""), DAY)
        remove_day(person(), day, request.form.get("reason", "").replace("\0", ""), now=now())
    except Refused as problem:
        return _page({}, problem.text(gettext)), 422
    return _kept(N_("Đã xóa dòng ngày %(day)s; ngày này lại theo thứ trong tuần."), day)


@pages.post("/school-year")
def put_school_date() -> Response | tuple[str, int]:
    """Set a date of a school year, or let go of the one that was set where no day is given."""
    typed = {name: request.form.get(name, "").replace("\0", "") for name in ("date", "school_day", "school_document")}
    try:
        year, kind = _school_date(typed["date"])
        day = typed_day(typed["school_day"], DAY)
        holds = set_school_date(person(), year, kind, day, typed["school_document"], now=now())
    except Refused as problem:
        return _page(typed, problem.text(gettext)), 422
    said = N_(
        "Đã ghi: %(date)s %(year)s là ngày %(day)s. Lịch đã đăng ký thấy ngày mới ở lần đọc lại tới, nếu năm học đã có "
        "kế hoạch."
    )
    flash(gettext(said, date=gettext(SCHOOL_DATES[kind]), year=year, day=f"{holds:%d/%m/%Y}"), "success")
    shown = request.args.get("year", "")  # both years of a school year show it
    return redirect(url_for("days_off.index", year=shown if shown in year.split("-") else holds.year), code=303)


@pages.get("/school-year")
@pages.get("/remove")
def back() -> Response:
    """The form's own address, opened again, leads to the table."""
    return redirect(url_for("days_off.index"))


def _school_date(text: str) -> tuple[str, HolidayKind]:
    """The school year and the date of it that a form names, such as 2024-2025:opens; Refused for none."""
    year, _, kind = text.partition(":")
    if kind not in SCHOOL_DATES:
        raise Refused(N_("Hãy chọn một mốc của năm học trong danh sách."))
    return year, HolidayKind(kind)


def _is_off(kind: str) -> bool:
    """What the day is to be; Refused for what is no choice of the form."""
    if kind not in (OFF, WORKED):
        raise Refused(N_("Ô “Loại” chỉ nhận: nghỉ, hoặc làm bù. Hãy chọn lại."))
    return kind == OFF


def _kept(said: str, day: date) -> Response:
    """To the table, which tells what was done and what it means.

    Of a day gone by, that the figures of days since then may be other ones now.
    """
    means = N_("Hạn và thư nhắc tính theo bảng mới từ bây giờ.")
    if day < today():
        means = N_(
            "Ngày này đã qua: số liệu tính đến những ngày từ đó về sau có thể đổi; kỳ đã chốt giữ nguyên, lịch sử ghi "
            "rõ ai sửa và lúc nào."
        )
    flash(f"{gettext(said, day=f'{day:%d/%m/%Y}')} {gettext(means)}", "success")
    return redirect(url_for("days_off.index", year=day.year), code=303)


def _page(typed: dict[str, str], problem: str = "") -> str:
    everything = days_off.listed()
    years = sorted({each.day.year for each in everything} | {today().year, today().year + 1})
    year = _year(request.args.get("year", "") or typed.get("day", "")[:4], years)
    begin = sorted({each - 1 for each in years} | set(years))
    known_years = holidays.school_years([f"{first}-{first + 1}" for first in begin])
    school = [each for known in sorted(known_years, key=lambda known: known.name) for each in dates_of(known)]
    of_school = [each for each in school if str(year) in each.name]
    asked = request.args.get("date", "")
    for each in school:
        if asked == _name(each):
            own = each.basis is Basis.DOCUMENT
            typed = {"date": asked, "school_day": each.day.isoformat(), "school_document": each.source if own else ""}
    of_year = [each for each in everything if each.day.year == year]
    return render_template(
        "pages/days_off.html",
        years=years,
        year=year,
        months=[(month, list(days)) for month, days in groupby(of_year, lambda each: each.day.month)],
        total=len(of_year),
        school=of_school,
        school_dates={_name(each): f"{gettext(SCHOOL_DATES[each.kind])} {each.name}" for each in school},
        date_name=_name,
        typed=typed,
        problem=problem,
        may_edit=access.may_set_days_off(person()),
    )


def _name(date_of_year: HolidayEvent) -> str:
    """A date of a school year as addresses and forms name it."""
    return f"{date_of_year.name}:{date_of_year.kind}"


def _year(text: str, years: list[int]) -> int:
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else today().year
    return wanted if wanted in years else today().year
