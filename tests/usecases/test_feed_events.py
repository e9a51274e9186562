"""What a calendar is told of each thing that can become of a milestone, through the use cases that do it.

A year is lived through once; every test reads what was noted of it. `Told` is the feed before and after an event.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.runs import long
from tests.support.samples import read
from tests.support.shares import Office
from tests.support.unit_changes import HEIR, ZONE, happen, plan
from tests.support.worlds import ANNEX, ISSUED, NOW, Worlds, closing, make_app
from tracker.adapters.calendars import render
from tracker.clock import FrozenClock
from tracker.domain.amendments import AmendmentHead
from tracker.domain.extensions import Decision, Outcome, Request
from tracker.domain.feeds import FeedOptions, Scope, ScopeKind, Span, as_seen_by, token_sha256
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.units import Unit
from tracker.domain.work import Action
from tracker.store import amendments, feeds, saved_views, subscriptions, units
from tracker.store.database import db
from tracker.store.tables import ExtensionRow
from tracker.usecases import extensions, share_people
from tracker.usecases.acting import let_act
from tracker.usecases.amendments import TaskEdit, amend
from tracker.usecases.group_changes import confirm, pending
from tracker.usecases.imports import import_plan
from tracker.usecases.saved_views import save
from tracker.usecases.subscriptions import subscribe
from tracker.usecases.units import create_unit
from tracker.usecases.withdrawals import withdraw
from tracker.web.feed_copies import FeedCopies

BASE = "https://theo-doi.example.vn"
FIRST = AmendmentHead("123/QĐ-UBND", date(2024, 9, 1))
FILTERS = {"filter": {"unit": "phong-tckh", "part": "any"}, "filter seen by a unit": {"month": "2024-12", "q": "lập"}}
EVERY_FEED = ("plan", "plan seen by a unit", "unit", "unit as lead", "person", "level", *FILTERS)
SCHOOL = Unit("truong-th-moi", "Trường Tiểu học Mới", kind="school", level="primary")
SECOND = AmendmentHead("124/QĐ-UBND", date(2024, 9, 2))


@dataclass(frozen=True)
class Shown:
    """A feed at a moment: its bytes, its headers, and each event's SEQUENCE by UID."""

    body: bytes
    etag: str
    modified: datetime
    sequences: dict[str, int]

    def event(self, uid: str) -> icalendar.Event:
        return next(each for each in icalendar.Calendar.from_ical(self.body).events if each["uid"] == uid)


@dataclass(frozen=True)
class Told:
    """The plan's feed around an event, and of whom the milestone of task 1 was then."""

    before: Shown
    after: Shown
    uid: str


class Year:
    """The world's plan from its December on, with subscriptions of every kind that are read after each event."""

    def __init__(self, app: Flask, names: Collection[str]) -> None:
        self.office, self.now = Office(app), NOW
        self.copies = FeedCopies(BASE, ZONE)
        self.tokens = {name: token for name, token in self._subscribed() if name in names}
        found = feeds.feed(Scope(ScopeKind.UNIT_LEAD, units.ids_by_code()["phong-tckh"]), ZONE).events
        alone = [each for each in found if each.milestones == 1 and len(each.leads) == 1 and each.start]
        self.milestone = alone[0]
        self.share = self.office.line(self.milestone.number).share.id
        self.last = self.shown("plan")
        self.uid = f"milestone-{self.milestone.milestone_id}@{feeds.calendar_host()}"

    def _subscribed(self) -> Iterator[tuple[str, str]]:
        finance = units.ids_by_code()["phong-tckh"]
        lead, partner, leader = map(self.office.person, ("lead", "partner", "leader"))
        for name, person, scope, options in (
            ("plan", leader, Scope(ScopeKind.PLAN, 1), FeedOptions()),
            ("plan seen by a unit", partner, Scope(ScopeKind.PLAN, 1), FeedOptions(span=Span.START)),
            ("unit", lead, Scope(ScopeKind.UNIT, finance), FeedOptions(alarms=True)),
            ("unit as lead", lead, Scope(ScopeKind.UNIT_LEAD, finance), FeedOptions(hide_done=True)),
            ("person", lead, Scope(ScopeKind.PERSON, lead.id), FeedOptions(span=Span.PERIOD)),
            ("level", leader, Scope(ScopeKind.LEVEL, 2), FeedOptions()),
            *(
                (name, who, self._filter(name), FeedOptions())
                for name, who in zip(FILTERS, (leader, lead), strict=True)
            ),
        ):
            yield name, subscribe(person, scope, name, "vi", options, ISSUED).token

    def _filter(self, name: str) -> Scope:
        save(self.office.person("leader"), "plan", FILTERS[name], name, shared=True, now=ISSUED)
        (found,) = (each.id for each in saved_views.offered(0) if each.name == name)
        return Scope(ScopeKind.VIEW, found)

    def shown(self, name: str) -> Shown:
        """The feed of that name as the door answers it, which must be what is rendered from nothing."""
        db.session.remove()
        digest = token_sha256(self.tokens[name])
        found = self.copies.admitted(digest or "", self.now.date())
        assert found, name
        copy, wanted = self.copies.of(found), found.subscription
        feed = feeds.feed(wanted.scope, ZONE)
        if not found.sees_all and wanted.scope.kind in (ScopeKind.PLAN, ScopeKind.VIEW):
            feed = as_seen_by(feed, subscriptions.tasks_of_unit(found.unit_id))
        assert copy.body == render(feed, "vi", BASE, wanted.options), name
        events = icalendar.Calendar.from_ical(copy.body).events
        sequences = {str(each["uid"]): int(each["sequence"]) for each in events}
        return Shown(copy.body, copy.etag, found.changed_at, sequences)

    def live(self, event: Callable[["Year"], object]) -> Told:
        """Lets something happen an hour later, and reads every feed after it."""
        before, self.now = self.last, self.now + timedelta(hours=1)
        event(self)
        self.last = {name: self.shown(name) for name in self.tokens}["plan"]
        return Told(before, self.last, self.uid)


def edit(year: Year, head: AmendmentHead, **said: str) -> None:
    """Changes cells of the task under a decision, or drops it."""
    task_id, drop = year.milestone.task_id, said.pop("drop", "")
    edits = [TaskEdit(task_id, drop=drop) if drop else TaskEdit(task_id, said)]
    amend(year.office.person("monitor"), 1, head, edits, now=year.now, zone=ZONE, accept_defaults=True)


def ask(year: Year) -> None:
    request = Request(date(2025, 1, 31), "Chờ dự toán")
    extensions.ask(year.office.person("lead"), year.share, request, year.now, ZONE)


def grant(year: Year) -> None:
    asked = db.session.scalar(sa.select(sa.func.max(ExtensionRow.id)))
    assert asked
    extensions.decide(year.office.person("monitor"), asked, Decision(Outcome.GRANTED, document="9"), year.now, ZONE)


def give(year: Year) -> None:
    heir = year.office.member()
    share_people.give(year.office.person("lead"), [year.share], [heir.id], [], year.now, ZONE)


def begin(year: Year) -> None:
    year.office.record("lead", year.share, Action.PROGRESS, at=year.now, percent=40, result="Đã lập")


def finish(year: Year) -> None:
    year.office.record("lead", year.share, Action.SUBMIT, at=year.now, result="Xong")
    year.office.record("monitor", year.share, Action.ACCEPT, at=year.now)


def rename(year: Year) -> None:
    today = year.now.astimezone(ZONE).date()
    happen(Change(EventKind.RENAME, today, "QĐ 1", ("phong-tckh",), name="Phòng Tài chính"), now=year.now)


def merge_partner(year: Year) -> None:
    today = year.now.astimezone(ZONE).date()
    happen(Change(EventKind.MERGE, today, "NQ 2", ("truong-th-thanh-to",), (HEIR.code,), (HEIR,)), now=year.now)


def found_school(year: Year) -> None:
    """A new school gets its shares of what its group does."""
    create_unit(replace(SCHOOL, starts_on=year.now.date()), now=year.now)
    meant = [each.key for each in pending(plan(), year.now, ZONE) if each.advised]
    assert meant
    confirm(year.office.person("monitor"), plan().id, meant, "QĐ 12", now=year.now, zone=ZONE)


def stand_in(year: Year) -> None:
    today = year.now.date()
    let_act(
        year.office.person("lead"), "phong-noi-vu", today, None, "QĐ 5", by=year.office.person("admin"), now=year.now
    )


def restore(year: Year) -> None:
    withdraw(year.office.person("monitor"), amendments.of_plan(1)[-1].id, "Nhập nhầm", year.now)


def import_again(year: Year, head: AmendmentHead | None = None, more: str = "") -> None:
    """The document as it is, or with more words in the title of the task."""
    document = read(ANNEX.name)
    number = year.milestone.number
    rows = [replace(row, title=row.title + more) if row.number == number else row for row in document.tasks]
    import_plan(replace(document, tasks=tuple(rows)), now=year.now, accept_defaults=True, amendment=head)


# In the order in which they happen, and whether the milestone looks different then.
EVENTS: dict[str, tuple[Callable[[Year], object], bool]] = {
    "re-import of the same": (import_again, False),
    "re-import with another title": (partial(import_again, head=FIRST, more=" năm học mới"), True),
    "change": (partial(edit, head=FIRST, due="Tháng 12/2024"), True),
    "asked for more time": (ask, False),
    "extension": (grant, True),
    "progress": (begin, True),
    "given to a colleague": (give, False),
    "unit renamed": (rename, True),
    "done": (finish, True),
    "dropped": (partial(edit, head=SECOND, drop="Gộp vào việc khác"), True),
    "restored": (restore, True),
    "acting for another unit": (stand_in, False),
    "a school founded": (found_school, False),
    "another unit merged": (merge_partner, False),
}
CHANGING = [name for name, (_event, changes) in EVENTS.items() if changes]
UNCHANGING = [name for name, (_event, changes) in EVENTS.items() if not changes]


@pytest.fixture(scope="module", params=["sqlite", long("postgresql")])
def lived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worlds_of_a_kind: Callable[[str], Worlds]
) -> Iterator[dict[str, Told]]:
    """Each event by its name, lived through one after the other."""
    folder, worlds = tmp_path_factory.mktemp("feed_year"), worlds_of_a_kind(request.param)
    with closing(make_app(worlds.fresh("world"), folder, FrozenClock(NOW))) as app, app.app_context():
        year = Year(app, EVERY_FEED if request.config.getoption("--long") else ("plan",))
        yield {name: year.live(event) for name, (event, _changes) in EVENTS.items()}


@pytest.mark.parametrize("name", EVENTS)
def test_no_uid_comes_or_goes(lived: dict[str, Told], name: str) -> None:
    assert set(lived[name].before.sequences) == set(lived[name].after.sequences)


@pytest.mark.parametrize("name", CHANGING)
def test_the_sequence_of_what_changed_rises(lived: dict[str, Told], name: str) -> None:
    told = lived[name]
    assert told.after.sequences[told.uid] > told.before.sequences[told.uid]


@pytest.mark.parametrize("name", EVENTS)
def test_no_sequence_ever_falls_and_those_of_others_stay_but_for_names(lived: dict[str, Told], name: str) -> None:
    told = lived[name]
    moved = {uid for uid, number in told.after.sequences.items() if number != told.before.sequences[uid]}
    assert all(told.after.sequences[uid] > told.before.sequences[uid] for uid in moved)
    if name not in ("unit renamed", "another unit merged", "a school founded"):
        assert moved <= {told.uid}


@pytest.mark.parametrize("name", EVENTS)
def test_the_etag_changes_with_the_bytes_alone(lived: dict[str, Told], name: str) -> None:
    told = lived[name]
    assert (told.before.etag != told.after.etag) == (told.before.body != told.after.body)
    assert (told.before.etag != told.after.etag) or name in UNCHANGING


@pytest.mark.parametrize("name", CHANGING)
def test_last_modified_moves_for_the_feed_and_for_the_event(lived: dict[str, Told], name: str) -> None:
    told = lived[name]
    assert told.after.modified > told.before.modified
    before, after = told.before.event(told.uid), told.after.event(told.uid)
    assert after["last-modified"].dt > before["last-modified"].dt
    assert after["dtstamp"].dt == after["last-modified"].dt


def test_each_event_is_seen_in_what_it_changed(lived: dict[str, Told]) -> None:
    def shown(name: str, field: str) -> str:
        value = lived[name].after.event(lived[name].uid)[field]
        return str(value.dt if hasattr(value, "dt") else value)

    assert shown("re-import with another title", "summary").endswith(" năm học mới")
    assert shown("change", "dtstart") == "2024-12-31"
    assert shown("extension", "dtstart") == "2025-01-31"
    assert "đang thực hiện" in shown("progress", "description")
    assert "Phòng Tài chính (trước là" in shown("unit renamed", "description")
    assert shown("done", "summary").startswith("[XONG] ")
    assert (shown("dropped", "status"), shown("dropped", "summary")[:8]) == ("CANCELLED", "[ĐÃ HỦY]")
    assert (shown("restored", "status"), shown("restored", "summary")[:7]) == ("CONFIRMED", "[XONG] ")


def test_what_changes_nothing_leaves_the_bytes_as_they_were(lived: dict[str, Told]) -> None:
    for name in ("re-import of the same", "asked for more time", "given to a colleague"):
        assert lived[name].before.body == lived[name].after.body, name
