"""A feed's bytes, requirement by requirement, as two independent parsers read them."""

import os
import pickle
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from dev import ROOT
from tests.support.feeds import BUDGET, EVENTS
from tracker.adapters.calendars import render
from tracker.domain.feeds import Feed, FeedLead, FeedOptions, Scope, ScopeKind, Span
from tracker.domain.texts import one_line, utf16_units
from tracker.domain.work import State

HOST = "0123456789abcdef.tracker.invalid"
BASE = "https://theo-doi.example.vn"
EVENT = EVENTS[0]
NAMES = (
    (ScopeKind.PLAN, "2024-2025", "Kế hoạch: 2024-2025", "Plan: 2024-2025"),
    (ScopeKind.UNIT, "Trạm, A", "Việc của Trạm, A", "Work of Trạm, A"),
    (ScopeKind.UNIT_LEAD, "Trạm", "Việc Trạm chủ trì", "Work led by Trạm"),
    (ScopeKind.PERSON, "", "Việc của tôi", "My work"),
    (ScopeKind.LEVEL, "preschool", "Việc của cấp mầm non", "Work of schools: preschool"),
    (ScopeKind.HOLIDAYS, "", "Ngày nghỉ và các mốc của năm học", "Days off and dates of the school year"),
)
HOSTILE = (
    "Tiêu đề\r\nBEGIN:VEVENT\r\nUID:khac\r\nEND:VEVENT",
    "NUL \x00 chuông \x07 hết",
    "dòng\u2028đoạn\u2029kế\x85tiếp",
    'chéo \\ phẩy, chấm phẩy; hai chấm: ngoặc " và \\n không phải xuống dòng',
    "X" * 300,
    "Hội nghị tổng kết năm học và triển khai nhiệm vụ " * 7,
    "<b>đậm</b> &amp; =?UTF-8?Q?=0A?=",
    "",
)


def rendered(*events, locale="vi", base_url=BASE, kind=ScopeKind.PLAN, name="2024-2025", **options):
    return render(Feed(Scope(kind, 1), name, events, HOST), locale, base_url, FeedOptions(**options))


def parsed(*events, **how):
    """The calendar as icalendar reads it; vobject must read the same of every event."""
    body = rendered(*events, **how)
    calendar = icalendar.Calendar.from_ical(body)
    assert [problem for part in calendar.walk() for problem in part.errors] == []
    theirs = vobject.readOne(body.decode())
    seen = [
        (each.uid.value, each.summary.value, each.description.value, each.dtstart.value, each.dtend.value)
        for each in getattr(theirs, "vevent_list", [])
    ]
    ours = [
        (str(each["uid"]), str(each["summary"]), str(each["description"]), each["dtstart"].dt, each["dtend"].dt)
        for each in calendar.events
    ]
    assert ours == seen
    return calendar


def one(event=EVENT, **how):
    return parsed(event, **how).events[0]


def lines(body):
    """The logical lines, folds undone."""
    return body.replace(b"\r\n ", b"").decode().split("\r\n")


def test_r01_there_are_events_and_nothing_to_do():
    calendar = parsed(*EVENTS)
    assert {part.name for part in calendar.walk()} == {"VCALENDAR", "VTIMEZONE", "STANDARD", "VEVENT"}
    assert len(calendar.events) == 3


@pytest.mark.parametrize("due", [date(2024, 12, 31), date(2024, 2, 28), date(2025, 2, 28), date(2024, 8, 31)])
def test_r02_a_milestone_is_the_whole_of_its_due_day_and_ends_with_the_next(due):
    event = one(replace(EVENT, due=due))
    assert event["dtstart"].to_ical() == f"{due:%Y%m%d}".encode()
    assert event["dtstart"].params == {"VALUE": "DATE"}
    assert event["dtend"].dt == due + timedelta(days=1)
    assert event["dtend"].params == {"VALUE": "DATE"}


def test_r03_the_uid_is_made_of_the_id_and_the_installation_alone():
    changed = replace(EVENT, title="Khác", due=date(2025, 1, 1), leads=(), sequence=9, dropped_on=date(2024, 12, 1))
    for event in (EVENT, changed):
        for how in ({}, {"base_url": "http://127.0.0.1:8000"}, {"locale": "en"}, {"kind": ScopeKind.PERSON}):
            assert str(one(event, **how)["uid"]) == f"milestone-1@{HOST}"
    assert len({str(event["uid"]) for event in parsed(*EVENTS).events}) == 3


def test_r04_sequence_and_last_modified_are_those_of_the_record():
    event = one(replace(EVENT, sequence=41, changed_at=datetime(2024, 12, 5, 1, 2, 3, 999, UTC)))
    assert event["sequence"] == 41
    assert event["last-modified"].to_ical() == b"20241205T010203Z"


def test_r05_dtstamp_is_the_time_of_the_change_and_the_same_records_give_the_same_bytes():
    assert one()["dtstamp"].to_ical() == b"20240701T010000Z"
    assert rendered(*EVENTS) == rendered(*EVENTS)
    assert [str(event["uid"])[:11] for event in parsed(*EVENTS).events] == [f"milestone-{n}" for n in (1, 2, 3)]


def test_r05_an_unchanged_event_keeps_its_bytes_beside_changed_ones():
    body, unchanged = rendered(EVENTS[0], replace(EVENTS[1], title="Khác"), EVENTS[2]), rendered(EVENTS[2])
    event = unchanged[unchanged.index(b"BEGIN:VEVENT") : unchanged.index(b"END:VCALENDAR")]
    assert event in body


def test_r05_another_process_with_another_hash_seed_gives_the_same_bytes():
    program = (
        "import pickle, sys; from tracker.adapters.calendars import render;"
        "sys.stdout.buffer.write(render(*pickle.loads(sys.stdin.buffer.read())))"
    )
    asked = (Feed(Scope(ScopeKind.PLAN, 1), "2024-2025", EVENTS, HOST), "vi", BASE, FeedOptions(alarms=True))
    environ = {**os.environ, "PYTHONHASHSEED": "4321", "TZ": "America/New_York", "PYTHONPATH": str(ROOT)}
    run = partial(subprocess.run, env=environ, cwd=ROOT, check=True, capture_output=True)
    assert run([sys.executable, "-c", program], input=pickle.dumps(asked)).stdout == render(*asked)


@pytest.mark.parametrize("state", list(State))
def test_r06_a_dropped_one_stays_and_says_so_in_its_title(state):
    dropped = replace(EVENT, state=state, dropped_on=date(2024, 11, 1), dropped_reason="Gộp vào nhiệm vụ số 2")
    event = one(dropped, alarms=True)
    assert str(event["summary"]) == f"[ĐÃ HỦY] {BUDGET}"
    assert str(event["status"]) == "CANCELLED"
    assert "Lý do hủy: Gộp vào nhiệm vụ số 2" in str(event["description"])
    assert event.subcomponents == []


def test_r07_a_done_one_stays_and_says_so_in_its_title():
    event = one(replace(EVENT, state=State.ACCEPTED), alarms=True)
    assert str(event["summary"]) == f"[XONG] {BUDGET}"
    assert str(event["status"]) == "CONFIRMED"
    assert event.subcomponents == []
    for state in set(State) - {State.ACCEPTED}:
        assert str(one(replace(EVENT, state=state))["summary"]) == BUDGET


def test_r08_nobody_is_made_busy():
    assert str(one()["transp"]) == "TRANSPARENT"
    assert str(one()["x-microsoft-cdo-busystatus"]) == "FREE"


@pytest.mark.parametrize("state", [State.ACCEPTED, State.IN_PROGRESS])
@pytest.mark.parametrize("title", ["Tổ chức hội nghị tổng kết năm học 📚 " * 9, "X" * 300, "😀" * 150])
def test_r09_a_title_too_long_for_outlook_is_cut_and_told_in_full_in_the_description(title, state):
    event = one(replace(EVENT, title=title, state=state))
    assert 200 < utf16_units(str(event["summary"])) <= 255
    assert str(event["summary"]).endswith("…")
    assert str(event["description"]).split("\n")[0] == title.strip()


def test_r10_nobody_is_named_and_nobody_is_invited():
    body = rendered(*EVENTS, alarms=True)
    for name in (b"METHOD", b"ORGANIZER", b"ATTENDEE", b"CONTACT", b"mailto", b"@example"):
        assert name not in body


@pytest.mark.parametrize(("kind", "name", "in_vietnamese", "_in_english"), NAMES)
def test_r11_the_calendar_says_its_name_and_when_to_come_back(kind, name, in_vietnamese, _in_english):
    calendar = parsed(EVENT, kind=kind, name=name)
    assert calendar["name"].to_ical() == calendar["x-wr-calname"].to_ical()
    said = lines(rendered(EVENT, kind=kind, name=name))
    assert f"NAME:{in_vietnamese}".replace(", ", "\\, ") in said
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in said
    assert "X-PUBLISHED-TTL:PT4H" in said
    assert [line for line in said if line.startswith("X-WR-CALDESC:")]


def test_r12_the_calendar_itself_has_no_uid():
    assert "uid" not in parsed(*EVENTS)
    assert sum(line.startswith("UID") for line in lines(rendered(*EVENTS))) == 3


def test_r13_a_feed_of_nothing_is_a_calendar_with_a_time_zone():
    calendar = parsed()
    assert calendar.events == []
    [zone] = calendar.timezones
    [standard] = zone.subcomponents
    assert (standard["tzoffsetfrom"].td, standard["tzoffsetto"].td) == (timedelta(hours=8), timedelta(hours=7))
    assert standard["dtstart"].to_ical() == b"19750613T000000"
    assert "comment" not in zone


def test_r14_alarms_come_on_request_and_ring_three_days_before_the_due_day_at_nine():
    assert one().subcomponents == []
    [alarm] = one(alarms=True).subcomponents
    assert alarm.name == "VALARM"
    assert str(alarm["action"]) == "DISPLAY"
    assert str(alarm["description"]) == BUDGET
    assert "TRIGGER;RELATED=END:-P3DT15H" in lines(rendered(EVENT, alarms=True))


def test_r15_a_thousand_milestones_stay_under_a_million_octets():
    title = "Tổ chức kiểm tra công tác chuẩn bị năm học mới tại các trường trên địa bàn quận, báo cáo kết quả về Sở"
    events = [
        replace(EVENT, milestone_id=n, title=title, partners_as_written="Phòng Nội vụ; UBND các phường; các trường học")
        for n in range(1, 1001)
    ]
    assert len(rendered(*events)) < 1_000_000


@pytest.mark.parametrize(
    ("base_url", "wanted"),
    [
        (BASE, f"{BASE}/tasks/1"),
        ("https://theo-dõi.vn/kế hoạch", "https://xn--theo-di-60a.vn/k%E1%BA%BF%20ho%E1%BA%A1ch/tasks/1"),
    ],
)
def test_r16_the_link_is_plain_ascii_and_categories_are_the_leads(base_url, wanted):
    assert f"URL:{wanted}" in lines(rendered(EVENT, base_url=base_url))
    event = one(replace(EVENT, leads=(FeedLead("Phòng A, B", ("Phòng C",)), FeedLead("Trạm; Y tế"))), base_url=base_url)
    assert event["categories"].cats == ["Phòng A, B", "Trạm; Y tế"]
    assert str(event["description"]).endswith(f"\n{wanted}")
    assert "categories" not in one(replace(EVENT, leads=()))


def assert_well_formed(body):
    assert not body.startswith(b"\xef\xbb\xbf")
    assert body.endswith(b"END:VCALENDAR\r\n")
    physical = body.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in physical)
    assert max(map(len, physical)) <= 75
    for line in physical:
        line.decode()


@pytest.mark.parametrize("letter", ["ữ", "đ", "😀", "é\u0323", "👩‍🏫"])
def test_r17_lines_are_folded_between_characters_wherever_they_fall(letter):
    for before in range(60, 80):
        title = "a" * before + letter * 30
        assert_well_formed(rendered(replace(EVENT, title=title)))
        assert str(one(replace(EVENT, title=title))["summary"]) == unicodedata.normalize("NFC", title)


@pytest.mark.parametrize("title", HOSTILE)
def test_r18_a_hostile_title_stays_one_title(title):
    odd = replace(
        EVENT, title=title, leads=(FeedLead(title or "A", (title,)),), partners_as_written=title, due_as_written=title
    )
    body = rendered(odd, EVENTS[1], alarms=True)
    assert_well_formed(body)
    first, second = parsed(odd, EVENTS[1], alarms=True).events
    assert str(first["description"]).split("\n")[0] == one_line(title)
    assert str(first["categories"].cats[0]) == one_line(title or "A")
    assert first["sequence"] == second["sequence"] == 0
    assert not set("\x00\x07\u2028\u2029\x85") & set(body.decode())


def test_r18_texts_are_composed_and_never_hypertext():
    event = one(replace(EVENT, title=unicodedata.normalize("NFD", "Sở & Phòng")))
    assert str(event["summary"]) == "Sở & Phòng"


@given(st.text(max_size=400), st.text(max_size=60))
def test_r18_whatever_people_type_comes_back_as_one_clean_line(title, unit):
    body = rendered(replace(EVENT, title=title, leads=(FeedLead(unit),)))
    assert_well_formed(body)
    [event] = icalendar.Calendar.from_ical(body).events
    assert event.errors == []
    assert str(event["description"]).split("\n")[0] == one_line(title)


def test_the_description_tells_units_state_and_the_day_of_the_last_entry():
    assert str(one()["description"]).split("\n") == [
        BUDGET,
        "Nhiệm vụ số 1",
        "Hạn: 31/12/2024 (Tháng 12/2024)",
        "Chủ trì: Phòng Tài chính - Kế hoạch",
        "Phối hợp: Trường Tiểu học Thành Tô; Trạm Y tế",
        "Trạng thái: đang thực hiện",
        "Cập nhật gần nhất: 06/12/2024",
        f"{BASE}/tasks/1",
    ]
    second = str(one(EVENTS[2])["description"]).split("\n")
    assert second[1:3] == ["Nhiệm vụ số 2, mốc 2/2", "Hạn: 31/05/2025"]
    assert second[-2] == "Trạng thái: chưa bắt đầu"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.NOT_STARTED, "chưa bắt đầu"),
        (State.IN_PROGRESS, "đang thực hiện"),
        (State.RETURNED, "đang thực hiện"),
        (State.SUBMITTED, "đã báo hoàn thành, chờ xác nhận"),
        (State.ACCEPTED, "đã hoàn thành"),
    ],
)
def test_the_state_is_told_in_words(state, word):
    assert f"\nTrạng thái: {word}\n" in str(one(replace(EVENT, state=state))["description"])


def test_a_feed_can_speak_english():
    event = one(replace(EVENTS[1], dropped_reason=""), locale="en")
    assert str(event["summary"]) == "[DONE] Khai giảng năm học mới"
    assert "5 Sep 2024" in str(event["description"])
    assert "Nhiệm vụ" not in str(event["description"])
    for kind, name, _in_vietnamese, in_english in NAMES:
        assert str(parsed(kind=kind, name=name, locale="en")["x-wr-calname"].to_ical(), "utf-8") == in_english.replace(
            ",", "\\,"
        )


LONG_WORK = replace(EVENT, start=date(2024, 9, 1))


@pytest.mark.parametrize(
    ("span", "event", "wanted"),
    [
        (Span.DUE, LONG_WORK, [("", "2024-12-31", "2025-01-01", BUDGET)]),
        (
            Span.START,
            LONG_WORK,
            [("-start", "2024-09-01", "2024-09-02", f"Bắt đầu: {BUDGET}"), ("", "2024-12-31", "2025-01-01", BUDGET)],
        ),
        (Span.PERIOD, LONG_WORK, [("-period", "2024-09-01", "2025-01-01", BUDGET)]),
        (Span.START, EVENT, [("", "2024-12-31", "2025-01-01", BUDGET)]),
        (Span.PERIOD, EVENT, [("-period", "2024-12-31", "2025-01-01", BUDGET)]),
        (Span.START, replace(EVENT, start=EVENT.due), [("", "2024-12-31", "2025-01-01", BUDGET)]),
        (Span.PERIOD, replace(EVENT, start=date(2025, 2, 1)), [("-period", "2024-12-31", "2025-01-01", BUDGET)]),
    ],
)
def test_a_start_and_a_whole_period_are_events_of_their_own(span, event, wanted):
    found = parsed(event, span=span).events
    assert [
        (str(each["uid"]), each["dtstart"].dt.isoformat(), each["dtend"].dt.isoformat(), str(each["summary"]))
        for each in found
    ] == [(f"milestone-1{suffix}@{HOST}", *rest) for suffix, *rest in wanted]


def test_an_alarm_rings_before_the_due_day_and_not_before_a_start():
    start, due = parsed(LONG_WORK, span=Span.START, alarms=True).events
    assert (len(start.subcomponents), len(due.subcomponents)) == (0, 1)


@pytest.mark.parametrize("state", list(State))
def test_settled_work_is_hidden_on_request_and_dropped_work_never(state):
    event = replace(EVENT, state=state)
    shown = parsed(event, hide_done=True).events
    assert len(shown) == (0 if state in (State.ACCEPTED, State.NOT_APPLICABLE) else 1)
    assert len(parsed(replace(event, dropped_on=date(2024, 11, 1)), hide_done=True).events) == 1
