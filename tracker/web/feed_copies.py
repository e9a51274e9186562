"""Feeds as they were last answered, kept in memory: by scope and version as a whole, and event by event.

An unchanged feed is answered as it stands; in a changed one, the events that changed are made anew and no others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from hashlib import sha256
from typing import Any

from werkzeug.http import quote_etag

from tracker.adapters.calendars import calendar_bytes, event_bytes, render_holidays
from tracker.domain.feeds import Admitted, EventStamp, FeedOptions, Scope, ScopeKind, Subscription
from tracker.store import feed_tokens, feeds, holidays, subscriptions
from tracker.store.feed_events import OF_ALL
from tracker.store.last_asked import LastAsked

MOST_OF_FEEDS = 64 * 2**20  # octets
MOST_OF_EVENTS = 48 * 2**20
MOST_TOKENS = 20_000
MOST_IDS = 200  # of changed events that are asked for by name; where there are more, the whole scope is read
Version = tuple[object, ...]
# Scope, unit whose part decides on states (0: all states are told), language, options.
FeedKey = tuple[Scope, int | None, str, FeedOptions]
# State of the milestone, choices of the subscriber, whether due with all of its leads, whether its state is told.
EventKey = tuple[int, int, date | None, str, bool, str, bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Copy:
    """A feed's bytes as of a version, and their ETag."""

    version: Version
    body: bytes
    etag: str


class FeedCopies:
    """What one process remembers of its answers. What it forgot is made again from the tables, byte for byte."""

    def __init__(self, base_url: str, zone: tzinfo) -> None:
        self._base_url, self._zone = base_url, zone
        self._tokens: LastAsked[tuple[Any, ...], Admitted] = LastAsked(MOST_TOKENS, lambda _: 1)
        self._uses: LastAsked[str, datetime] = LastAsked(MOST_TOKENS, lambda _: 1)
        self._feeds: LastAsked[FeedKey, Copy] = LastAsked(MOST_OF_FEEDS, lambda copy: len(copy.body))
        self._events: LastAsked[EventKey, bytes] = LastAsked(MOST_OF_EVENTS, len)

    def admitted(self, token_sha256: str, today: date) -> Admitted | None:
        """What the token opens on that day, read again where anything it hangs on has changed."""
        state = feed_tokens.state(token_sha256, today)
        if state is None:
            return None
        found = self._tokens.get(state)
        if found is None:
            found = feed_tokens.admitted(token_sha256, today)
            if found is not None:
                self._tokens.put(state, found)
        return found

    def is_news(self, token_sha256: str, found: Subscription, now: datetime) -> bool:
        """Whether a use at `now` is worth noting, as far as this process knows; it is told once."""
        used = self._uses.get(token_sha256)
        news = replace(found, last_used_at=used).use_is_news(now) if used else found.use_is_news(now)
        if news:
            self._uses.put(token_sha256, now)
        return news

    def of(self, found: Admitted) -> Copy:
        """The answer to who was admitted: the one kept, or a new one where its version has passed."""
        wanted, by_unit = found.subscription, _tells_by_unit(found)
        key = (wanted.scope, found.unit_id if by_unit else 0, wanted.locale, wanted.options)
        # Whose states are told by the unit's part hears of it when the unit gets or loses work.
        version = found.version if by_unit else found.version[:-1]
        copy = self._feeds.get(key)
        if copy is None or copy.version != version:
            body = self._rendered(found)
            etag = quote_etag(sha256(body).hexdigest())
            copy = Copy(version, body, etag)
            self._feeds.put(key, copy)
        return copy

    def _rendered(self, found: Admitted) -> bytes:
        wanted = found.subscription
        scope, locale = wanted.scope, wanted.locale
        if scope.kind is ScopeKind.HOLIDAYS:
            return render_holidays(holidays.events(), feeds.calendar_host(), locale)
        told = subscriptions.tasks_of_unit(found.unit_id) if _tells_by_unit(found) else None
        shown = {
            each.milestone_id: _event_key(wanted, each, tells=told is None or each.task_id in told)
            for each in feeds.stamps(scope)
        }
        pieces = {number: self._events.get(key) for number, key in shown.items()}
        missing = [number for number, piece in pieces.items() if piece is None]
        if missing:
            feed = feeds.feed(scope, self._zone, only=_few(missing))
            for event in feed.events:
                if event.milestone_id in pieces and pieces[event.milestone_id] is None:
                    key = shown[event.milestone_id]
                    seen = event if key[-1] else replace(event, state=None, last_entry_on=None)
                    piece = event_bytes(seen, feed.host, locale, self._base_url, wanted.options)
                    pieces[event.milestone_id] = piece
                    self._events.put(key, piece)
        return calendar_bytes(scope, feeds.name_of(scope) or "", locale, (piece or b"" for piece in pieces.values()))


def _event_key(wanted: Subscription, stamp: EventStamp, *, tells: bool) -> EventKey:
    """What an event's bytes hang on; of plain values, as a plan has a thousand of them."""
    options, whole = wanted.options, wanted.scope.kind in OF_ALL
    chosen = (wanted.locale, options.alarms, options.span, options.hide_done)
    return (stamp.milestone_id, stamp.sequence, stamp.granted, *chosen, whole, tells)


def _few(ids: Iterable[int]) -> list[int] | None:
    """The ids where they are few enough for a condition, else None: all of them are read."""
    found = list(ids)
    return found if len(found) <= MOST_IDS else None


def _tells_by_unit(found: Admitted) -> bool:
    """Whether the feed has states of others that its owner may not see."""
    return not found.sees_all and found.subscription.scope.kind in feed_tokens.BY_OWNER
