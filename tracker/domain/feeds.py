"""Calendar feeds: what one speaks for, what it shows, who may have it, and how its secret is kept."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from tracker.domain.access import oversees
from tracker.domain.errors import Forbidden, Refused
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.domain.work import State

MOST_SUBSCRIPTIONS = 20
MAX_NAME = 120
USE_NOTED_EVERY = timedelta(hours=1)
SCOPE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
HERE = ("localhost", "127.0.0.1", "::1")


class ScopeKind(StrEnum):
    """What a feed can speak for.

    A plan, a unit in any part, a unit as lead alone, a person's own work, the work of one level of schools, what a
    saved filter leaves of the plans, and the days off with the dates of the school year.
    """

    PLAN = "plan"
    UNIT = "unit"
    UNIT_LEAD = "unit-lead"
    PERSON = "person"
    LEVEL = "level"
    VIEW = "view"
    HOLIDAYS = "holidays"


# In an order that stays: a scope of a level is kept by its place here, counted from 1.
SCHOOL_LEVELS = ("preschool", "primary", "lower-secondary", "upper-secondary")
# A school of both levels has the work of either.
UNIT_LEVELS = {
    "primary": ("primary", "primary-lower-secondary"),
    "lower-secondary": ("lower-secondary", "primary-lower-secondary"),
}
ONE_ONLY = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """What a feed speaks for: `id` is that of plan, unit, person or filter, or a level's place in SCHOOL_LEVELS.

    The days off have one feed, whose id is ONE_ONLY.
    """

    kind: ScopeKind
    id: int

    @property
    def key(self) -> str:
        """The scope in one word, such as `unit-lead:12`."""
        return f"{self.kind}:{self.id}"

    @classmethod
    def from_key(cls, key: str) -> "Scope":
        """The scope that `key` names; ValueError where it is none."""
        kind, _, number = key.partition(":")
        if not SCOPE_NUMBER.fullmatch(number):
            raise ValueError("not the number of a scope")
        scope = cls(ScopeKind(kind), int(number))
        most = {ScopeKind.LEVEL: len(SCHOOL_LEVELS), ScopeKind.HOLIDAYS: ONE_ONLY}.get(scope.kind, scope.id)
        if scope.id > most:
            raise ValueError("not the number of a scope of its kind")
        return scope

    @property
    def level(self) -> str:
        """The level of schools that a scope of that kind speaks for."""
        return SCHOOL_LEVELS[self.id - 1]

    @property
    def unit_levels(self) -> tuple[str, ...]:
        """The levels of units whose work such a scope shows."""
        return UNIT_LEVELS.get(self.level, (self.level,))


def level_scopes(unit_levels: Collection[str | None]) -> list[Scope]:
    """The scopes that show work of units of these levels."""
    every = [Scope(ScopeKind.LEVEL, place) for place in range(1, len(SCHOOL_LEVELS) + 1)]
    return [scope for scope in every if set(scope.unit_levels) & set(unit_levels)]


HOLIDAYS = Scope(ScopeKind.HOLIDAYS, ONE_ONLY)
OF_UNITS = (ScopeKind.UNIT, ScopeKind.UNIT_LEAD)
FOR_EVERYBODY = (ScopeKind.PLAN, ScopeKind.LEVEL, ScopeKind.VIEW, ScopeKind.HOLIDAYS)


class Span(StrEnum):
    """What of a milestone is an event: its due day alone, its first day as well, or all of its days as one event."""

    DUE = "due"
    START = "start"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """How a subscription wants its events.

    `alarms` asks calendars to remind three days before the due day, `hide_done` leaves out what is settled.
    """

    alarms: bool = False
    span: Span = Span.DUE
    hide_done: bool = False


def options_of(kept: Mapping[str, Any]) -> FeedOptions:
    """The options as they were kept; what is not among them is as it was before there was a choice."""
    return FeedOptions(
        alarms=bool(kept.get("alarms")), span=Span(kept.get("span", Span.DUE)), hide_done=bool(kept.get("hide_done"))
    )


@dataclass(frozen=True, slots=True)
class FeedLead:
    """Who leads, under the name of today.

    `formerly` are the units of the plan whose place it took, or its own name then; empty where the plan says the same.
    """

    name: str
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A milestone as calendars show it, on its due day; the same in every feed that holds it.

    `leads` are units and groups, `state` the common state of all lead shares, `last_entry_on` the local day of
    their latest entry; both are None for who may not see them. `sequence` and `changed_at` (UTC) move with all of it.
    """

    milestone_id: int
    task_id: int
    number: str
    title: str
    ordinal: int
    milestones: int
    due: date
    due_as_written: str
    leads: tuple[FeedLead, ...]
    partners_as_written: str
    state: State | None
    last_entry_on: date | None
    dropped_on: date | None
    dropped_reason: str
    sequence: int
    changed_at: datetime
    start: date | None = None


@dataclass(frozen=True, slots=True)
class EventStamp:
    """Which state of a milestone a feed shows: where two are equal, the events are.

    `granted` is the latest day granted to the shares that a feed of one unit or person speaks of.
    """

    milestone_id: int
    task_id: int
    sequence: int
    granted: date | None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a scope shows: its events by milestone id. `name` is that of the scope; a person's is never rendered.

    `host` is the installation's part of every UID: it never changes, and no other installation has it.
    """

    scope: Scope
    name: str
    events: tuple[FeedEvent, ...]
    host: str


def as_seen_by(feed: Feed, task_ids: Collection[int]) -> Feed:
    """The feed for who takes part in these tasks alone: of the others it tells title, units and dates, and no state."""
    events = (
        each if each.task_id in task_ids else replace(each, state=None, last_entry_on=None) for each in feed.events
    )
    return replace(feed, events=tuple(events))


@dataclass(frozen=True, slots=True)
class Subscription:
    """One secret address of one person, without the secret. Times in UTC; the scope's own changes with its events."""

    id: int
    person_id: int
    name: str
    scope: Scope
    locale: str
    options: FeedOptions
    created_at: datetime
    last_used_at: datetime | None
    last_client: str
    scope_changed_at: datetime

    def use_is_news(self, now: datetime) -> bool:
        """Whether a use at `now` is worth noting: the first one, or one a while after the last one noted."""
        return self.last_used_at is None or now - self.last_used_at >= USE_NOTED_EVERY


@dataclass(frozen=True, slots=True)
class Use:
    """That a feed was fetched, by a client as it calls itself, at a moment (UTC)."""

    client: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a secret address opens: the subscription, whose unit's part decides on states, and the version of it all.

    Of two answers with the same version and unit, and both or neither seeing all, each says the same; the last part of
    the version is when the unit got or lost work, on which nothing hangs for who sees all. `changed_at`
    (UTC) is when the scope, or what its owner may see of it, last changed.
    """

    subscription: Subscription
    unit_id: int | None
    sees_all: bool
    version: tuple[object, ...]
    changed_at: datetime


def may_subscribe(person: Person, scope: Scope) -> bool:
    """Whether the person may have a feed of `scope`.

    A plan, a level and the days off are open to everybody who signs in, and so is the work of a filter that the person
    may see; a unit to its own people and to those who oversee all, work to its owner.
    """
    if not person.active:
        return False
    if scope.kind is ScopeKind.PERSON:
        return scope.id == person.id
    return scope.kind in FOR_EVERYBODY or oversees(person) or scope.id == person.unit_id


def ask_to_subscribe(person: Person, scope: Scope) -> None:
    """Raise Forbidden or Refused unless the person may have a feed of `scope` and it can show anything."""
    if not may_subscribe(person, scope):
        raise Forbidden(N_("Bạn chỉ đăng ký được lịch của kế hoạch, của đơn vị mình và của riêng mình."))
    if scope.kind is ScopeKind.PERSON and person.unit_id is None:
        raise Refused(
            N_("Tài khoản của bạn chưa thuộc đơn vị nào nên chưa có việc riêng. Hãy chọn lịch của cả kế hoạch.")
        )


def token_sha256(token: str) -> str | None:
    """The SHA-256, in hex, under which `token` is kept; None where no token looks like that."""
    return hashlib.sha256(token.encode()).hexdigest() if TOKEN.fullmatch(token) else None


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """One feed's address in the forms that calendars take."""

    https: str
    webcal: str
    google: str
    outlook: str

    @property
    def encrypted(self) -> bool:
        """Whether calendars on the net take it: Google and Outlook read no other."""
        return self.https.startswith("https://")

    @property
    def here_only(self) -> bool:
        """Whether it opens on the machine of the installation alone."""
        return urlsplit(self.https).hostname in HERE


def feed_addresses(base_url: str, token: str) -> FeedAddresses:
    """The addresses of the feed behind `token`, below `base_url` (no slash at its end)."""
    https = f"{base_url}/feeds/{token}.ics"
    webcal = f"webcal://{https.partition('://')[2]}"
    return FeedAddresses(
        https=https,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/render?{urlencode({'cid': webcal})}",
        outlook=f"https://outlook.office.com/calendar/0/addfromweb?{urlencode({'url': https})}",
    )
