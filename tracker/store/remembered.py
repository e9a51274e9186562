"""What was read of one state of the work, kept by the process until something is written.

Every page of a day asks the same of a plan; between two writes the answers are the same. They are kept under the
revision of the installation, so that every process notices what another one wrote, and forgotten with it.
"""

from collections.abc import Callable, Hashable, Sized
from operator import itemgetter
from threading import Lock
from typing import Any, TypeVar

import sqlalchemy as sa

from tracker.store.database import PAGE_STATE, REVISION, is_writing, session
from tracker.store.last_asked import LastAsked
from tracker.store.tables import InstallationRow

T = TypeVar("T")
MOST_LINES = 250_000
"""How many lines of lists a process keeps in all: two days of a plan of a hundred thousand tasks."""

STATES = sa.select(InstallationRow.revision, InstallationRow.page_state).where(InstallationRow.id == 1)


class Kept:
    """Answers of one state, no heavier than `most` together; the longest unused go first. Threads share it."""

    def __init__(self, most: int) -> None:
        self._lock = Lock()  # a state and its answers change together
        self._state = ""
        self._answers = LastAsked[Hashable, tuple[int, Any]](most, itemgetter(0))

    def get(self, state: str, key: Hashable) -> tuple[int, Any] | None:
        """The weight and the answer kept under `key`; None where there is none. Another state forgets the last one."""
        with self._lock:
            if state != self._state:
                self._state = state
                self._answers.clear()
            return self._answers.get(key)

    def put(self, state: str, key: Hashable, weight: int, answer: object) -> None:
        """Keep an answer; nothing where meanwhile somebody saw another state, or where it is too heavy."""
        with self._lock:
            if state == self._state:
                self._answers.put(key, (weight, answer))


_KEPT = Kept(MOST_LINES)


def revision() -> str:
    """The name of the present state of the work; in a request asked once. 1 query, none where it is known."""
    return _state(REVISION)


def page_state() -> str:
    """The name of the present state of all that pages show; "" before the first write. As `revision`."""
    return _state(PAGE_STATE)


def _state(name: str) -> str:
    known = session().info
    if name not in known:
        found = session().execute(STATES).first()
        know_states(*(found or ("", "")))
    answer: str = known[name]
    return answer


def know_states(revision: str, page_state: str) -> None:
    """Note the names that another query of this request brought along."""
    session().info.update({REVISION: revision, PAGE_STATE: page_state})


def remembered(key: Hashable, read: Callable[[], T], *, picked: bool = False) -> T:
    """What `read` answers, asked once for each state of the work; `key` names everything that it depends on beside it.

    Nobody may change the answer. In the middle of a transaction, and before the first write, everything is read. What
    is `picked` from lines that are kept anyway takes a fiftieth of their room.
    """
    if is_writing() or not revision():
        return read()
    found = _KEPT.get(revision(), key)
    if found:
        answer: T = found[1]
        return answer
    made = read()
    lines = len(made) if isinstance(made, Sized) else 0
    _KEPT.put(revision(), key, 1 + (lines // 50 if picked else lines), made)
    return made
