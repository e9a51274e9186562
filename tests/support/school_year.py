"""A school year lived through: people work, two schedulers tick four times an hour, and an oracle says what is owed."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.support.office import desk
from tests.support.reminder_facts import ZONE, local, read
from tests.support.reminder_oracle import Line, Oracle
from tracker.adapters.bell import BellChannel
from tracker.domain.outbox import BELL, MAIL, ChannelDown, DeliveryError, Failure, MailState, Message
from tracker.domain.reminders import Reason, may_go
from tracker.store import looks, outbox, reminders, unit_followers, units
from tracker.store.database import db
from tracker.store.tables import Lease, OutboxMessage, ReminderRecord
from tracker.usecases import weekly
from tracker.usecases.reminders import plan, tick

QUARTER = timedelta(minutes=15)
NOON = 48
URL = "https://theo-doi.example.org"
KINDS = ("digest", "urgent")
OPEN = (MailState.PENDING.value, MailState.CLAIMED.value)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A moment in Vietnam."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


Stretch = tuple[datetime, datetime]


@dataclass
class Post:
    """A mail server in memory that keeps what it takes and fails at random.

    `refused` are addresses that it never takes; in a stretch of `away` it cannot be reached, in one of `busy` it takes
    nothing.
    """

    chance: random.Random
    failing: float
    refused: set[str] = field(default_factory=set)
    away: list[Stretch] = field(default_factory=list)
    busy: list[Stretch] = field(default_factory=list)
    tries: list[tuple[str, str]] = field(default_factory=list)
    taken: list[tuple[datetime, Message]] = field(default_factory=list)
    during: Callable[[], object] | None = None

    def send(self, message: Message) -> None:
        """Take a message, or fail as a mail server does."""
        meanwhile, self.during = self.during, None
        if meanwhile:
            meanwhile()
        if message.to_address in self.refused:
            self.tries.append((message.message_id, "refused"))
            raise DeliveryError(Failure.RECIPIENT, permanent=True)
        away, busy = (any(first <= message.at < over for first, over in some) for some in (self.away, self.busy))
        if away or busy or self.chance.random() < self.failing:
            down = away or (not busy and self.chance.random() < 0.1)
            self.tries.append((message.message_id, "down" if down else "busy"))
            raise ChannelDown(Failure.CONNECTION) if down else DeliveryError(Failure.BUSY)
        self.tries.append((message.message_id, "taken"))
        self.taken.append((message.at, message))

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Owed:
    """A message of the oracle's, known by the row that the program made of it."""

    reader: int
    channel: str
    urgent: bool
    day: date
    lines: set[Line]
    state: str = "waiting"


class SchoolYear:
    """The days of a plan, from one to another, on the database of an application."""

    def __init__(self, app: Flask, seed: int, failing: float = 0.05) -> None:
        self.app, self.chance = app, random.Random(seed)
        self.now = at(date(2024, 7, 1))
        self.post = Post(random.Random(seed + 1), failing)
        base = replace(desk(app, lambda: self.now), channels={MAIL: self.post, BELL: BellChannel()})
        self.desks = [replace(base, holder="one"), replace(base, holder="two")]
        self.oracle = Oracle()
        self.mails: dict[int, Owed] = {}
        self.figures: Counter[str] = Counter()
        self.changed = True
        self._last_row = db.session.scalar(sa.select(sa.func.max(OutboxMessage.id))) or 0
        self._hour: tuple[date, int] | None = None

    def live(
        self,
        first: date,
        last: date,
        doings: Callable[[date], Sequence[tuple[datetime, Callable[[datetime], object]]]],
        outages: Sequence[Stretch] = (),
        always: Callable[[datetime], bool] = lambda _moment: False,
    ) -> None:
        """Live through these days: `doings` gives what people do on a day, with the moment of each.

        Nobody ticks in an outage. Where the program's notes say that nothing is due, a tick is left out, but for the
        moments of `always`, which prove that it would do nothing.
        """
        day = first
        while day <= last:
            waiting = sorted(doings(day), key=lambda each: each[0])
            for number in range(96):
                moment = at(day) + number * QUARTER
                while waiting and waiting[0][0] <= moment:
                    self._do(*waiting.pop(0))
                if any(begun <= moment < over for begun, over in outages):
                    self.figures["ticks missed"] += 1
                else:
                    self._tick(moment, always=always(moment))
                    if number == NOON and day.day % 10 == 0 and self.oracle.working(moment):
                        self.explain()
            day += timedelta(days=1)

    def _do(self, moment: datetime, doing: Callable[[datetime], object]) -> None:
        self.now = moment
        said = doing(moment)
        self.figures[f"did: {said}"] += 1
        db.session.remove()
        self.changed = True

    def _tick(self, moment: datetime, *, always: bool) -> None:
        """One tick, where something may be due or on a day on which each is ticked."""
        self.now = moment
        follows = bool(unit_followers.due(local(moment)))
        due, self.changed = follows or self._is_due(), self.changed or follows
        self.figures["ticks"] += 1
        if due or always:
            before = None if due else self._rows()
            self._really_tick()
            if before:
                self.figures["ticks that were proved to do nothing"] += 1
                assert self._rows() == before, f"a tick at {moment} did something though nothing was due"
        self._compare(ticked=due or always)

    def _is_due(self) -> bool:
        """Whether the program's own notes say that a tick would do something."""
        held = sa.select(sa.exists().where(OutboxMessage.state == MailState.CLAIMED.value))
        if may_go(self.now, ZONE, units.days_off()):
            others = [kind for _, _, kind in outbox.due(self.now, [MAIL, BELL]) if kind not in KINDS]
            return bool(others or db.session.scalar(held))
        waiting = bool(outbox.due(self.now, [MAIL, BELL]) or reminders.missed(at(local(self.now))))
        if self.changed or not self.now.minute:  # a weekly page goes at its reader's hour
            waiting = waiting or bool(weekly.drafts(self.now, ZONE, URL, {MAIL, BELL}, units.days_off()))
        return waiting or looks.any_due(self.now) or bool(db.session.scalar(held))

    def _rows(self) -> tuple[object, ...]:
        """What a tick could change."""
        mails = sa.select(OutboxMessage.id, OutboxMessage.state, OutboxMessage.attempts).order_by(OutboxMessage.id)
        lines = sa.select(sa.func.count()).select_from(ReminderRecord)
        return (
            [tuple(row) for row in db.session.execute(mails)],
            db.session.scalar(lines),
            db.session.scalar(sa.select(sa.func.count()).select_from(Lease)),
        )

    def _really_tick(self) -> None:
        """One scheduler ticks, or both: one after the other, or the second while the first sends."""
        self.figures["ticks done"] += 1
        db.session.remove()
        first, second = self.chance.sample(self.desks, 2)
        way = self.chance.random()
        if way < 0.2:
            self.post.during = lambda: self._in_another_context(lambda: tick(second))
        tick(first)
        if 0.2 <= way < 0.4:
            tick(second)
        self.post.during = None
        db.session.remove()

    def _in_another_context(self, work: Callable[[], object]) -> None:
        with self.app.app_context():
            work()
            db.session.remove()

    def explain(self) -> None:
        """Of every line that may be told today the ledger says that it was, or a dry run why it goes now or waits."""
        self.oracle.know(read(self.now), local(self.now))
        one, people = self.desks[0], self.oracle.facts.people
        would = plan(self.now, ZONE, one.base_url, list(one.channels), dry_run=True)
        going = {(draft.person_id, item["share_id"]) for draft in would.drafts for item in draft.items}
        waiting = {skip.to for skip in would.skipped if skip.to}
        told = {(skip.share.id, skip.event) for skip in would.skipped if skip.share and skip.reason is Reason.TOLD}
        for line, reader, rule in self.oracle.candidates:
            if self.oracle.knows(line):
                in_ledger = sa.select(sa.exists().where(ReminderRecord.share_id == line.share))
                assert (line.share, rule.event) in told or db.session.scalar(in_ledger), f"{line} is not in the ledger"
            else:
                explained = (reader, line.share) in going or people[reader].row.email in waiting
                assert explained, f"{line} is neither told nor explained at {self.now}"
            self.figures["lines explained"] += 1

    # --- the comparison ---

    def _compare(self, *, ticked: bool) -> None:
        """What the program planned and sent at this tick is what the oracle owes, message by message."""
        hour = (local(self.now), self.now.astimezone(ZONE).hour)
        if not (ticked or self.changed or hour != self._hour):
            return
        if self.changed or self._hour is None or hour[0] != self._hour[0]:
            self.oracle.know(read(self.now), hour[0])
        self.changed, self._hour = False, hour
        self._free_of_other_days()
        owed = self.oracle.owed(self.now)
        planned = dict(self._planned())
        assert {key: lines for key, (_, lines) in planned.items()} == owed, self._difference(owed, planned)
        for (reader, channel, urgent), (row_id, lines) in planned.items():
            for line in lines:
                self.oracle.tell(line)
            self.mails[row_id] = Owed(reader, channel, urgent, hour[0], set(lines))
            if not urgent:
                self.oracle.had.add((reader, channel))
            self.figures["lines owed"] += len(lines)
            self.figures[f"messages owed ({channel})"] += 1
        if ticked:
            self._settle()

    def _planned(self) -> Iterator[tuple[tuple[int, str, bool], tuple[int, set[Line]]]]:
        """The messages that are new in the outbox, with the lines of the ledger that each tells."""
        columns = (OutboxMessage.id, OutboxMessage.person_id, OutboxMessage.channel, OutboxMessage.kind)
        query = sa.select(*columns).where(OutboxMessage.id > self._last_row, OutboxMessage.kind.in_(KINDS))
        rows = db.session.execute(query.order_by(OutboxMessage.id)).all()
        for row in rows:
            self._last_row = row.id
            yield (row.person_id, row.channel, row.kind == "urgent"), (row.id, self._lines(row.id))

    def _lines(self, row_id: int) -> set[Line]:
        query = sa.select(ReminderRecord).where(ReminderRecord.message_id == row_id)
        return {
            Line(r.share_id, r.subject, r.day, r.rule_code, r.person_id, r.channel, r.repeat_on, r.audience)
            for r in db.session.scalars(query)
        }

    def _difference(self, owed: Any, planned: Any) -> str:
        told = [f"at {self.now.astimezone(ZONE)}"]
        for key in {*owed, *planned}:
            ours, theirs = owed.get(key, set()), planned.get(key, (0, set()))[1]
            told += [f"{key} owed and not planned: {each}" for each in sorted(map(str, ours - theirs))[:5]]
            told += [f"{key} planned and not owed: {each}" for each in sorted(map(str, theirs - ours))[:5]]
        return "\n".join(told[:20])

    def _free_of_other_days(self) -> None:
        """What an earlier day could not send is owed anew with the next planning."""
        if not self.oracle.working(self.now):
            return
        for mail in self.mails.values():
            if mail.day < self.oracle.today and mail.state in ("waiting", "dead"):
                for line in mail.lines:
                    self.oracle.forget(line)
                self.figures["messages whose lines were told by a later digest"] += 1
                mail.state = "taken back"

    def _settle(self) -> None:
        """Every message that was tried ended as it should: sent once with what still held, or not, for its reason."""
        outcomes: dict[str, list[str]] = {}
        for message_id, outcome in self.post.tries:
            outcomes.setdefault(message_id, []).append(outcome)
        self.post.tries.clear()
        open_ids = [row_id for row_id, mail in self.mails.items() if mail.state in ("waiting", "taken back")]
        rows = db.session.execute(sa.select(OutboxMessage).where(OutboxMessage.id.in_(open_ids))).scalars()
        for row in rows:
            self._settle_one(row, self.mails[row.id], outcomes.pop(row.message_id, []))
        assert set(outcomes) <= set(self._others()), f"sent though nobody is owed it: {outcomes}"
        taken = [message.message_id for _, message in self.post.taken]
        assert len(set(taken)) == len(taken), "a mail went twice"

    def _others(self) -> Iterator[str]:
        """Message-IDs of kinds of which the rules say nothing: urgings, weekly pages, what opens accounts."""
        yield from db.session.scalars(sa.select(OutboxMessage.message_id).where(OutboxMessage.kind.not_in(KINDS)))

    def _settle_one(self, row: Any, mail: Owed, outcomes: list[str]) -> None:
        if mail.state == "taken back":
            assert (row.state, row.error) == ("skipped", Reason.NEXT_DIGEST.value) or row.state == "dead", row.error
            mail.state = "over"
            return
        tried = bool(outcomes) or row.state not in OPEN
        reader = self.oracle.facts.people[mail.reader]
        if tried and reader.row.active:
            gone = {line for line in mail.lines if not self.oracle.holds(line, mail.reader)}
            for line in gone:
                self.oracle.forget(line)
                self.figures["lines struck out, for nothing was owed any more"] += 1
            mail.lines -= gone
        assert len([each for each in outcomes if each == "taken"]) == (row.state == "sent" and mail.channel == MAIL)
        if row.state == "sent":
            assert mail.lines, f"{row.subject} went to {row.to_address} though nothing of it was owed"
            assert {each["share_id"] for each in row.extra["items"]} == {line.share for line in mail.lines}
            mail.state = "sent"
            self.figures[f"messages sent ({mail.channel})"] += 1
            self.figures["lines sent"] += len(mail.lines)
        elif row.state == "skipped":
            assert row.error == (Reason.SETTLED.value if reader.row.active else Reason.ACCOUNT_CLOSED.value), row.error
            assert not reader.row.active or not mail.lines, f"{row.id} was not sent though owed: {mail.lines}"
            mail.state = "over"
            self.figures[f"messages not sent: {row.error}"] += 1
        elif row.state == "dead":
            mail.state = "over" if row.permanent else "dead"
            self.figures[f"messages not sent: {row.error}"] += 1
        self.figures["tries that failed"] += len([each for each in outcomes if each != "taken"])
