"""Two people at the same share at the same moment: one outcome, one history, and the other is told why."""

import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
import sqlalchemy as sa

from tests.support.shares import Office
from tests.support.worlds import NOW
from tracker.domain.errors import StaleState, TrackerError
from tracker.domain.people import Person
from tracker.domain.work import UNIT_ACTIONS, Action, Entry, State, next_state
from tracker.store.database import db
from tracker.store.tables import ProgressEntry
from tracker.usecases import progress
from tracker.web.runtime import runtime

pytestmark = pytest.mark.both_databases

UNIT = (Action.PROGRESS, Action.SUBMIT, Action.ASK_AWAY)
DOES = {
    State.SUBMITTED: (Action.ACCEPT, Action.RETURN, Action.WITHDRAW),
    State.ACCEPTED: (Action.RETURN,),
    State.ASKED_AWAY: (Action.CONSENT, Action.DECLINE, Action.WITHDRAW),
    State.NOT_APPLICABLE: (Action.RETURN,),
}


def attempt(
    world, barrier: Barrier, share_id: int, seen: int, person: Person, action: Action, words: str
) -> TrackerError | None:
    """One of two: acts when both are ready; what it was told, None where it won."""
    with world.app_context():
        entry = Entry(action, percent=10, result=words, reason="Vì")
        barrier.wait()
        try:
            progress.record(person, share_id, entry, NOW, files=runtime().files, seen_version=seen, zone=runtime().zone)
        except TrackerError as told:
            return told
        finally:
            db.session.remove()
    return None


def race(world, rounds: int) -> None:
    """Round after round on one share: whoever is to act does so twice at once, on what both saw."""
    chance = random.Random(rounds)
    with world.app_context():
        office = Office(world)
        share_id = office.line("1").share.id
        unit, monitor = office.person("lead"), office.person("monitor")
        db.session.remove()
    state, version = State.NOT_STARTED, 0
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            tried = [chance.choice(DOES.get(state, UNIT)) for _ in range(2)]
            people = [unit if action in UNIT_ACTIONS else monitor for action in tried]
            barrier = Barrier(2)
            words = ("Xong", "Xong cả")
            told = list(pool.map(partial(attempt, world, barrier, share_id, version), people, tried, words))
            assert [each is None for each in told].count(True) == 1, told
            loser = next(each for each in told if each is not None)
            assert isinstance(loser, StaleState)
            assert str(loser)
            state, version = _follows(world, share_id, state, tried[told.index(None)], version)


def _follows(world, share_id: int, state: State, done: Action, version: int) -> tuple[State, int]:
    """The history has the winner's one line more, and the share stands where the table says."""
    with world.app_context():
        query = sa.select(ProgressEntry).where(ProgressEntry.share_id == share_id).order_by(ProgressEntry.version)
        lines = list(db.session.scalars(query))
        assert [line.version for line in lines] == list(range(1, version + 2))
        last, before = lines[-1], [line.state for line in lines[:-1]]
        assert last.action == done
        working = [each for each in before if each in (State.IN_PROGRESS, State.RETURNED, State.NOT_STARTED)]
        expected = next_state(state, done, State(working[-1]) if working else State.NOT_STARTED)
        assert last.state == expected
        db.session.remove()
    return expected, version + 1


def test_two_at_once_have_one_winner(world):
    race(world, 8)


def test_one_form_that_is_sent_twice_at_once_is_kept_once(world):
    with world.app_context():
        office = Office(world)
        share_id, person = office.line("1").share.id, office.person("lead")
        db.session.remove()
    with ThreadPoolExecutor(2) as pool:
        press = partial(attempt, world, Barrier(2), share_id, 0, person, Action.PROGRESS)
        assert list(pool.map(press, ["Xong", "Xong"])) == [None, None]
    assert _follows(world, share_id, State.NOT_STARTED, Action.PROGRESS, 0) == (State.IN_PROGRESS, 1)


@pytest.mark.long
def test_a_thousand_times_two_at_once_have_one_winner_each(world):
    race(world, 1_000)
