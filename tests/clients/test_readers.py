"""Every event read back the same by parsers that know nothing of each other, however hostile its words."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject

from tests.support.feeds import EVENTS
from tests.support.runs import first_plain
from tracker.adapters.calendars import render
from tracker.domain.feeds import Feed, FeedEvent, FeedLead, FeedOptions, Scope, ScopeKind, Span
from tracker.domain.texts import one_line

HERE = Path(__file__).parent / "ical_js"
HOST = "0123456789abcdef.tracker.invalid"
BASE = "https://theo-doi.example.vn"
LONG_TITLE = "Tổ chức hội nghị tổng kết năm học và triển khai nhiệm vụ trọng tâm năm học mới tại các trường " * 4
# Titles that broke a calendar somewhere: separators, controls, property names, escapes, folds within a letter.
TITLES = (
    "BEGIN:VEVENT",
    "một\r\nBEGIN:VEVENT\r\nUID:khac\r\nEND:VEVENT\r\nEND:VCALENDAR",
    "NUL\x00 ở giữa, BEL\x07 nữa",
    "dòng\u2028đoạn\u2029kế\x85tiếp\r\nhết",
    'chéo \\ chéo đôi \\\\ \\n \\, phẩy, chấm phẩy; hai chấm: "ngoặc"',
    "SUMMARY;LANGUAGE=vi:không phải",
    LONG_TITLE[:300],
    "ế" * 300,
    "😀" * 300,
    "<b>đậm</b> &amp; =?UTF-8?Q?=0A?=Bcc: x",
)
Read = tuple[str, str, str, str, str, str, int]


def hostile_events() -> tuple[FeedEvent, ...]:
    """An event for each of the titles, in every state a milestone can have, and the plain ones."""
    odd = [
        replace(
            EVENTS[number % 3],
            milestone_id=100 + number,
            title=title,
            leads=(FeedLead(title, (title,)),),
            start=date(2024, 8, 1),
        )
        for number, title in enumerate(TITLES)
    ]
    dropped = replace(EVENTS[0], milestone_id=99, dropped_on=date(2024, 11, 1), dropped_reason=TITLES[1])
    return (*EVENTS, dropped, *odd)


def body(*events: FeedEvent, **options: Any) -> bytes:
    feed = Feed(Scope(ScopeKind.PLAN, 1), "2024-2025", events or hostile_events(), HOST)
    return render(feed, "vi", BASE, FeedOptions(**options))


def by_icalendar(text: bytes) -> list[Read]:
    calendar = icalendar.Calendar.from_ical(text)
    assert [problem for part in calendar.walk() for problem in part.errors] == []
    return [
        (
            str(each["uid"]),
            str(each["summary"]),
            str(each["description"]),
            each["dtstart"].dt.isoformat(),
            each["dtend"].dt.isoformat(),
            str(each["status"]),
            int(each["sequence"]),
        )
        for each in calendar.events
    ]


def by_vobject(text: bytes) -> list[Read]:
    return [
        (
            each.uid.value,
            each.summary.value,
            each.description.value,
            each.dtstart.value.isoformat(),
            each.dtend.value.isoformat(),
            each.status.value,
            int(each.sequence.value),
        )
        for each in vobject.readOne(text.decode()).vevent_list
    ]


@pytest.fixture(scope="module")
def by_ical_js(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], list[Read]]:
    """ical.js, brought by npm as its lock file has it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        pytest.fail("ical.js is one of the independent readers: node and npm must be installed")
    folder = tmp_path_factory.mktemp("ical_js")
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    brought = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit"], cwd=folder, capture_output=True, text=True, check=False
    )
    if brought.returncode:
        pytest.fail(f"npm could not bring ical.js, which needs the network: {brought.stderr[-300:]}")

    def read(text: bytes) -> list[Read]:
        ran = subprocess.run([node, "read.mjs"], cwd=folder, input=text, capture_output=True, check=True)
        return [tuple(each) for each in json.loads(ran.stdout)]

    return read


@pytest.mark.parametrize("span", list(Span))
def test_two_parsers_read_the_same_of_every_event(span: Span) -> None:
    text = body(span=span, alarms=True)
    read = by_icalendar(text)
    assert read == by_vobject(text)
    twice = len(TITLES) if span is Span.START else 0
    assert len(read) == len(hostile_events()) + twice
    assert len({uid for uid, *_ in read}) == len(read)


@pytest.mark.long
@pytest.mark.parametrize("span", list(Span))
def test_ical_js_reads_the_same(by_ical_js: Callable[[bytes], list[Read]], span: Span) -> None:
    text = body(span=span, alarms=True)
    assert by_ical_js(text) == by_icalendar(text)


def test_titles_are_read_back_whole() -> None:
    for event, (_uid, _summary, description, *_rest) in zip(hostile_events(), by_vobject(body()), strict=True):
        assert description.split("\n")[0] == one_line(event.title)


@pytest.mark.parametrize("letter", first_plain(["ệ", "😀", "ữ", "đ", "👩‍🏫", "🇻🇳"], 2))
def test_every_octet_of_a_letter_meets_the_fold_and_none_is_parted(letter: str) -> None:
    """Titles whose letters begin at each octet from the start of a line to past its second fold."""
    whole = len(letter.encode())
    titles = ["a" * before + letter * (2 + 150 // whole) for before in range(1, 75 + whole)]
    text = body(*(replace(EVENTS[0], milestone_id=n, title=title) for n, title in enumerate(titles, 1)))
    for line in text.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert [summary for _uid, summary, *_rest in by_vobject(text)] == [one_line(each) for each in titles]
    assert by_icalendar(text) == by_vobject(text)
