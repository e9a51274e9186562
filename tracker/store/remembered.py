"""What was read of one state of the work, kept by the process until something is written.

Every page of a day asks the same of a plan; between two writes the answers are the same. They are kept under the
revision of the installation, so that every process notices what another one wrote, and forgotten with it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Any, TypeVar

import sqlalchemy as sa

from tracker.store.database import REVISION, is_writing, session
from tracker.store.tables import InstallationRow

T = TypeVar("T")
MOST_LINES = 250_000
"""How many lines of lists a process keeps in all: two days of a plan of a hundred thousand tasks."""

REVISION_QUERY = sa.select(InstallationRow.revision).where(InstallationRow.id == 1)


class _Kept:
    """Answers of one revision, the longest unused first; threads share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._revision = ""
        self._answers: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()

    def get(self, revision: str, key: Hashable) -> tuple[int, Any] | None:
        with self._lock:
            if revision != self._revision:
                self._answers.clear()
                self._revision = revision
            found = self._answers.get(key)
            if found:
                self._answers.move_to_end(key)
            return found

    def put(self, revision: str, key: Hashable, lines: int, answer: object) -> None:
        with self._lock:
            if revision != self._revision or lines > MOST_LINES:
                return
            self._answers[key] = lines, answer
            while sum(each for each, _ in self._answers.values()) > MOST_LINES:
                self._answers.popitem(last=False)


_KEPT = _Kept()


def revision() -> str:
    """The name of the present state of the work; in a request asked once. 1 query, none where it is known."""
    known = session().info
    if REVISION not in known:
        known[REVISION] = session().scalar(REVISION_QUERY) or ""
    found: str = known[REVISION]
    return found


def know_revision(found: str) -> None:
    """Note the name that another query of this request brought along."""
    session().info[REVISION] = found


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
