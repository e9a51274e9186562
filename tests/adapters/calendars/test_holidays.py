"""Days off as iCalendar: all day, free, with a UID that stays, and the same bytes for the same record."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar, Event

from tracker.adapters.calendars import render_holidays
from tracker.adapters.calendars.holidays import SUMMARIES, holiday_bytes
from tracker.domain.holiday_feed import OF_YEAR, Basis, HolidayEvent, HolidayKind

HOST = "0123456789abcdef.tracker.invalid"
EVENT = HolidayEvent(
    "day-off-20250101",
    HolidayKind.OFF,
    date(2025, 1, 1),
    "Tết Dương lịch",
    "Bộ luật Lao động 2019, Điều 112",
    datetime(2024, 11, 5, 2, 30, 15, 123456, tzinfo=UTC),
)


def read(event: HolidayEvent, locale: str = "vi") -> Event:
    calendar = Calendar.from_ical(render_holidays([event], HOST, locale))
    assert "nhiệm vụ" not in calendar["X-WR-CALDESC"], "days off are no due dates"
    (found,) = calendar.walk("VEVENT")
    assert (calendar.errors, found.errors) == ([], [])
    return found


def test_r2_r8_it_is_all_day_and_takes_nobodys_time():
    found = read(EVENT)
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2025, 1, 1), date(2025, 1, 2))
    assert found["DTSTART"].params == {"VALUE": "DATE"}
    assert (found["TRANSP"], found["X-MICROSOFT-CDO-BUSYSTATUS"], found["STATUS"]) == (
        "TRANSPARENT",
        "FREE",
        "CONFIRMED",
    )
    assert not {"ORGANIZER", "ATTENDEE", "RRULE"} & found.keys()


def test_r3_r5_its_uid_and_times_are_those_of_the_record():
    found = read(EVENT)
    assert found["UID"] == f"day-off-20250101@{HOST}"
    assert found["DTSTAMP"].dt == found["LAST-MODIFIED"].dt == datetime(2024, 11, 5, 2, 30, 15, tzinfo=UTC)
    assert found["SEQUENCE"] == EVENT.sequence
    assert holiday_bytes(EVENT, HOST, "vi") == holiday_bytes(replace(EVENT), HOST, "vi")
    assert read(EVENT, "en")["UID"] == found["UID"]


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("kind", list(HolidayKind))
def test_each_kind_says_what_it_is_in_both_languages(kind, locale):
    basis = Basis.FRAME if kind in OF_YEAR else Basis.DOCUMENT
    found = read(replace(EVENT, kind=kind, name="2024-2025", source="", basis=basis), locale)
    assert found["SUMMARY"].endswith("2024-2025")
    assert (str(found["SUMMARY"]) == SUMMARIES[kind] % {"name": "2024-2025"}) is (locale == "vi")
    assert bool(found["DESCRIPTION"]) is (kind in OF_YEAR)


@pytest.mark.parametrize("name", ["Nghỉ\r\nBEGIN:VEVENT\x00\u2028x", "ế" * 400, "🎉" * 200, "a;b,c\\d"])
def test_hostile_names_stay_one_event_with_lines_of_75_octets(name):
    text = holiday_bytes(replace(EVENT, name=name, source=name), HOST, "vi")
    assert max(map(len, text.split(b"\r\n"))) <= 75
    found = read(replace(EVENT, name=name, source=name))
    assert "\n" not in found["SUMMARY"]
    assert len(str(found["SUMMARY"]).encode("utf-16-le")) // 2 <= 255


def test_a_date_of_the_school_year_says_what_it_stands_on():
    ends = replace(EVENT, kind=HolidayKind.SEMESTER_ENDS, name="2024-2025")
    period, frame = replace(ends, source="Học kỳ I", basis=Basis.PERIOD), replace(ends, source="", basis=Basis.FRAME)
    assert read(period)["DESCRIPTION"] == "Theo kỳ đã chốt: Học kỳ I"
    assert "có thể khác" in read(frame)["DESCRIPTION"]
    assert read(replace(ends, source="QĐ 12/QĐ-UBND"))["DESCRIPTION"] == "QĐ 12/QĐ-UBND"
