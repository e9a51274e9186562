"""What people do on the days of a school year: they report, return, ask, urge, go away, leave; drawn at random."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests.support.reminder_facts import ZONE, Work, local, read
from tests.support.reminder_oracle import due_of, state
from tests.support.school_year import at
from tracker.adapters.files import FileStore
from tracker.domain.days_off import ListedDay
from tracker.domain.errors import TrackerError
from tracker.domain.extensions import Decision, Outcome, Request
from tracker.domain.people import Person, Role
from tracker.domain.preferences import Pause, Preference
from tracker.domain.reminder_rules import Audience, Group, Rule
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.units import Unit
from tracker.domain.work import Action, Entry
from tracker.store import people as stored
from tracker.store import urgings
from tracker.store.database import db, transaction
from tracker.store.tables import ShareRow, UnitRow
from tracker.usecases import (
    checkpoints,
    days_off,
    extensions,
    people,
    plan_settings,
    preferences,
    progress,
    reminder_rules,
    share_people,
)
from tracker.usecases.unit_changes import change_units

CHANNELS = ("mail", "bell")
PEOPLE = 60
Doing = Callable[[datetime], object]


class Life:
    """Draws what happens on each day, and does it through the use cases in somebody's name."""

    def __init__(self, seed: int, files: FileStore) -> None:
        self.chance, self.files = random.Random(seed), files
        self.special: dict[date, list[Doing]] = {}

    def fill_the_office(self, now: datetime) -> None:
        """So many people that there are sixty: heads and members of the units with most shares; some chose already."""
        counted = sa.func.count(ShareRow.id).desc()
        query = sa.select(UnitRow.code).join(ShareRow, ShareRow.unit_id == UnitRow.id).group_by(UnitRow.code)
        codes = list(db.session.scalars(query.order_by(counted, UnitRow.code)))
        missing = PEOPLE - len(stored.everyone())
        for number in range(missing):
            role = Role.HEAD if number < missing // 2 else Role.MEMBER
            unit = codes[number % (missing // 2)]
            people.add_person(f"p{number}@example.org", f"Người {number}", role, unit, now=now)
        for each in self.chance.sample(stored.everyone(), 20):
            self._choose(each, now)

    def of_day(self, day: date) -> list[tuple[datetime, Doing]]:
        """What is done on a day, with its moment: little on days off, more on others."""
        often = 4 if day.isoweekday() < 6 else 1
        usual = [self.report, self.report, self.answer, self.answer, self.ask, self.decide, self.plan_a_day]
        seldom = [self.give, self.choose, self.pause, self.urge, self.work_ends]
        drawn: list[Doing] = self.chance.choices([*usual, *usual, *seldom], k=self.chance.randint(0, often))
        moments = [at(day, self.chance.randint(6, 18), self.chance.randint(0, 59)) for _ in drawn]
        return list(zip(moments, [self._tried(each) for each in drawn], strict=True)) + [
            (at(day, 9, 5), self._tried(each)) for each in self.special.get(day, [])
        ]

    def _tried(self, doing: Doing) -> Doing:
        def done(now: datetime) -> str:
            name = getattr(doing, "__name__", "something special").replace("_", " ")
            try:
                return name if doing(now) is not False else f"{name} (nothing to do)"
            except TrackerError as refused:
                return f"{name} (refused: {type(refused).__name__})"

        return done

    # --- what people do ---

    def report(self, now: datetime) -> object:
        """Somebody of a unit writes progress, or reports its share done."""
        mine = self._work_of_somebody(now, "not_started", "in_progress", "returned")
        if mine is None:
            return False
        found, who = mine
        near = due_of(found) is not None and (due_of(found) or local(now)) <= local(now) + timedelta(days=10)
        action = Action.SUBMIT if near and self.chance.random() < 0.7 else Action.PROGRESS
        entry = Entry(action, self.chance.randint(1, 99) if action is Action.PROGRESS else None, "Đã làm")
        return progress.record(who, found.row.id, entry, now, files=self.files, zone=ZONE)

    def answer(self, now: datetime) -> object:
        """A monitor accepts or returns what was reported."""
        found = self._share(now, "submitted")
        if not found:
            return False
        action = self.chance.choice([Action.ACCEPT, Action.ACCEPT, Action.RETURN])
        entry = Entry(action, reason="Thiếu biên bản" if action is Action.RETURN else "")
        for who in (self._person("monitor"), self._person("office"), self._person("leader")):
            try:
                return progress.record(who, found.row.id, entry, now, files=self.files, zone=ZONE)
            except TrackerError:
                db.session.rollback()
        return False

    def ask(self, now: datetime) -> object:
        """A unit asks for a later date."""
        mine = self._work_of_somebody(now, "not_started", "in_progress", "returned")
        due = due_of(mine[0]) if mine else None
        if mine is None or due is None:
            return False
        found, who = mine
        later = max(due, local(now)) + timedelta(days=self.chance.randint(5, 40))
        return extensions.ask(who, found.row.id, Request(later, "Chờ kinh phí"), now, ZONE)

    def decide(self, now: datetime) -> object:
        """A monitor decides on what was asked."""
        waiting = [each for work in read(now).works for each in work.requests if each.outcome is None]
        if not waiting:
            return False
        outcome = self.chance.choice([Outcome.GRANTED, Outcome.GRANTED, Outcome.REFUSED])
        decision = Decision(outcome, note="Không đủ căn cứ" if outcome is Outcome.REFUSED else "")
        for who in (self._person("monitor"), self._person("office"), self._person("leader")):
            try:
                return extensions.decide(who, self.chance.choice(waiting).id, decision, now, ZONE)
            except TrackerError:
                db.session.rollback()
        return False

    def plan_a_day(self, now: datetime) -> object:
        """A unit sets a day of its own, or ticks one off."""
        facts = read(now)
        mine = [(work, own) for work in facts.works for own in work.own_days if own.done_at is None]
        if mine and self.chance.random() < 0.4:
            work, own = self.chance.choice(mine)
            who = self._of_unit(work)
            return who is not None and checkpoints.change(who, own.id, checkpoints.Doing.DONE, now, ZONE)
        found = self._work_of_somebody(now, "not_started", "in_progress")
        due = due_of(found[0]) if found else None
        if found is None or due is None or due <= local(now):
            return False
        day = local(now) + timedelta(days=self.chance.randint(0, (due - local(now)).days))
        return checkpoints.add(found[1], found[0].row.id, day, f"Dự thảo {now:%H%M}", now, ZONE)

    def give(self, now: datetime) -> object:
        """A head gives a share to people of the unit."""
        found = self._share(now, "not_started", "in_progress")
        if not found:
            return False
        unit = [each for each in stored.everyone() if each.active and each.unit_id == found.row.unit_id]
        heads = [each for each in unit if each.role is Role.HEAD]
        if not heads:
            return False
        doers = {each.id for each in self.chance.sample(unit, self.chance.randint(1, len(unit)))}
        others = {each.id for each in unit} - doers
        return share_people.give(heads[0], [found.row.id], doers, others, now, ZONE)

    def choose(self, now: datetime) -> object:
        """Somebody chooses how to be reminded."""
        return self._choose(self._anybody(), now)

    def pause(self, now: datetime) -> object:
        """Somebody goes away for a while, with or without a colleague in their place."""
        who = self._anybody()
        colleagues = [each.id for each in stored.everyone() if each.unit_id == who.unit_id and each.id != who.id]
        first = local(now) + timedelta(days=self.chance.randint(0, 5))
        stand_in = self.chance.choice([None, *colleagues])
        pause = Pause(first, first + timedelta(days=self.chance.randint(0, 20)), stand_in)
        preferences.choose(who, Preference(pause=pause), CHANNELS, now, ZONE)
        return True

    def urge(self, now: datetime) -> object:
        """The monitor urges a share that is late."""
        late = [
            work
            for work in read(now).works
            if state(work) in ("not_started", "in_progress", "returned") and (due_of(work) or local(now)) < local(now)
        ]
        if not late:
            return False
        found = self.chance.choice(late)
        with transaction():
            return urgings.add(self._person("monitor").id, [found.row.id], "", now, key=f"urge-{now.isoformat()}")

    def work_ends(self, now: datetime) -> object:
        """A share that does not apply is asked away, and answered."""
        mine = self._work_of_somebody(now, "not_started", "in_progress")
        if mine is None:
            return False
        found, who = mine
        entry = Entry(Action.ASK_AWAY, reason="Không thuộc phạm vi")
        return progress.record(who, found.row.id, entry, now, files=self.files, zone=ZONE)

    # --- what happens once ---

    def close_accounts(self, now: datetime) -> object:
        """Some accounts are closed, one of a head among them."""
        leaving = [
            each for each in stored.everyone() if each.active and each.email.startswith("p") and each.email[1].isdigit()
        ]
        for each in self.chance.sample(leaving, 4):
            people.set_active(each.email, False, now=now)
        return True

    def hurry(self, now: datetime) -> object:
        """Every second person wants to be told on every day from seven."""
        for each in [each for each in stored.everyone() if each.active and each.id % 2]:
            preferences.choose(each, Preference(), CHANNELS, now, ZONE)
        return True

    def finish_late_work(self, now: datetime) -> object:
        """Every unit that is late reports one of its shares done."""
        late = {work.row.unit_id: work for work in read(now).works if (due_of(work) or local(now)) < local(now)}
        for work in (each for each in late.values() if state(each) in ("not_started", "in_progress", "returned")):
            who = self._of_unit(work)
            if who:
                progress.record(who, work.row.id, Entry(Action.SUBMIT, None, "Xong"), now, files=self.files, zone=ZONE)
        return True

    def merge(self, now: datetime) -> object:
        """Two departments are to become one in ten days; their open work, and their people, go with them."""
        heir = Unit("phong-th", "Phòng Tổng hợp", kind="department", level="district")
        on = local(now) + timedelta(days=10)
        change = Change(EventKind.MERGE, on, "NQ 1", ("phong-tckh", "phong-noi-vu"), (heir.code,), (heir,))
        return change_units(change, person=None, now=now, zone=ZONE)

    def new_colleague(self, now: datetime) -> object:
        """Somebody joins a unit."""
        return people.add_person("moi@example.org", "Người Mới", Role.MEMBER, "phong-tckh", now=now)

    def day_off(self, now: datetime) -> object:
        """The office closes in three days."""
        day = local(now) + timedelta(days=3)
        return days_off.set_day(self._person("admin"), ListedDay(day, True, "Nghỉ đột xuất", "CV 9"), now=now)

    def other_rules(self, now: datetime) -> object:
        """The monitor switches a rule off and adds one."""
        who = self._person("monitor")
        reminder_rules.switch(who, "before-3", False, now)
        to = frozenset({Audience.DOERS, Audience.HEADS})
        return reminder_rules.add(who, Rule("", 20, to=to), now)

    def quiet_sooner(self, now: datetime) -> object:
        """The plan counts work as quiet sooner."""
        who = self._person("monitor")
        return plan_settings.set_rules(who, 1, late_after_working_day=True, quiet_days=20, now=now)

    # --- who and what ---

    def _choose(self, who: Person, now: datetime) -> object:
        groups = [Group.SOON, Group.OVERDUE, Group.QUIET, Group.NEW, Group.ESCALATED]
        wanted = Preference(
            hour=self.chance.choice([7, 7, 8, 10, 15, 20]),
            weekdays=self.chance.choice(
                [frozenset(range(1, 8)), frozenset({1}), frozenset({2, 5}), frozenset({1, 2, 3, 6})]
            ),
            channels=self.chance.choice([frozenset({"mail"}), frozenset({"bell"}), frozenset({"mail", "bell"})]),
            muted=frozenset(self.chance.sample(groups, self.chance.choice([0, 0, 1, 2]))),
        )
        preferences.choose(who, wanted, CHANNELS, now, ZONE)
        return True

    def _share(self, now: datetime, *states: str) -> Work | None:
        """A share in one of these states, near its due date rather than far from it."""
        today = local(now)
        found = [work for work in read(now).works if work.row.until_on is None and state(work) in states]
        near = [work for work in found if abs(((due_of(work) or date.max) - today).days) < 20]
        return self.chance.choice(near if near and self.chance.random() < 0.8 else found) if found else None

    def _work_of_somebody(self, now: datetime, *states: str) -> tuple[Work, Person] | None:
        """A share in one of these states with somebody of its unit; None where there is none, or nobody."""
        found = self._share(now, *states)
        who = self._of_unit(found) if found else None
        return (found, who) if found and who else None

    def _of_unit(self, work: Work) -> Person | None:
        able = [each for each in stored.everyone() if each.active and each.unit_id == work.row.unit_id]
        return self.chance.choice(able) if able else None

    def _anybody(self) -> Person:
        return self.chance.choice([each for each in stored.everyone() if each.active])

    def _person(self, name: str) -> Person:
        found: Any = stored.by_email(f"{name}@example.org")
        return found.person
