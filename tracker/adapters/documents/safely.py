"""Reading documents in a process of their own, which a hostile file may use up or crash without harm to this one.

The child may use 480 MB and nine seconds, and half a second more for every sign of progress, so that a long honest file
is read to its end. POSIX systems enforce memory and processor time as well; the wall clock is watched everywhere.
"""

import json
import logging
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, cast

from tracker.adapters.documents.kinds import kind_of
from tracker.adapters.documents.limits import Progress
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import Place, PlanDocument, from_json
from tracker.domain.reading.tables import FoundTable
from tracker.domain.units import Directory
from tracker.domain.words import N_

__all__ = ["FoundTable", "Progress", "find_tables", "read_plan"]

SECONDS = 9.0  # and a little to begin and to end
MORE_SECONDS = 0.5
MEGABYTES = 480

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[3]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from tracker.adapters.documents.child import main; main()"
_TOO_SLOW = N_("Tệp “%(name)s” đọc quá lâu nên đã dừng. Hãy chỉ giữ lại bảng phân công, hoặc lưu thành .csv.")
_TOO_HEAVY = N_("Tệp “%(name)s” cần quá nhiều bộ nhớ để đọc. Hãy chỉ giữ lại bảng phân công, hoặc lưu thành .csv.")
_FAILED = N_("Không đọc được tệp “%(name)s”: tệp làm hỏng bộ đọc. Hãy mở tệp, lưu lại, hoặc lưu bảng thành .csv.")


def read_plan(
    data: bytes,
    filename: str,
    directory: Directory,
    *,
    school_year: str | None = None,
    sheet: str | None = None,
    pages: str | None = None,
    table: int | None = None,
    mapping: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> PlanDocument:
    """As `tracker.adapters.documents.read_plan`, in a limited process; `progress` hears (done, of how many).

    Raises UnreadableDocument also for a file that takes too long or too much memory.
    """
    options: dict[str, Any] = {"school_year": school_year, "sheet": sheet, "pages": pages, "table": table}
    options |= {"mapping": dict(mapping) if mapping else None}
    return from_json(_ask("read_plan", data, filename, directory, options, progress))


def find_tables(
    data: bytes,
    filename: str,
    directory: Directory,
    *,
    sheet: str | None = None,
    pages: str | None = None,
    progress: Progress | None = None,
) -> tuple[FoundTable, ...]:
    """As `tracker.adapters.documents.find_tables`, in a limited process. Raises UnreadableDocument."""
    answer = _ask("find_tables", data, filename, directory, {"sheet": sheet, "pages": pages}, progress)
    return tuple(_table(each) for each in answer)


def _table(told: dict[str, Any]) -> FoundTable:
    return FoundTable(
        index=told["index"],
        place=Place(**told["place"]),
        headings=tuple(told["headings"]),
        rows=told["rows"],
        sample=tuple(tuple(row) for row in told["sample"]),
        mapping={int(column): kind for column, kind in told["mapping"].items()},
        score=told["score"],
    )


def _ask(
    call: str, data: bytes, filename: str, directory: Directory, options: dict[str, Any], progress: Progress | None
) -> Any:
    kind_of(data, filename)  # what is refused at a glance needs no process
    request = pickle.dumps((call, data, filename, directory.units, directory.groups, options))
    command = [sys.executable, "-I", "-c", _START, str(_ROOT)]
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT
        )
    except OSError as wrong:
        raise UnreadableDocument(_FAILED, name=filename) from wrong
    try:
        return _listen(child, request, filename, progress)
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def _listen(child: "subprocess.Popen[bytes]", request: bytes, filename: str, progress: Progress | None) -> Any:
    """The child's answer. Raises UnreadableDocument where it refuses, falls silent or dies."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    talk = threading.Thread(target=_talk, args=(child, request, lines), daemon=True)
    talk.start()
    deadline = monotonic() + SECONDS
    try:
        while line := lines.get(timeout=max(0.0, deadline - monotonic())):
            kind, told = _message(line)
            if kind == "progress":
                deadline += MORE_SECONDS
                if progress:
                    progress(*told)
            elif kind == "answer":
                return told
            elif kind == "refused":
                raise UnreadableDocument(told["message"], **told["params"])
            else:
                _log.error("The reader failed on a document: %s", told)
                raise UnreadableDocument(_TOO_HEAVY if kind == "memory" else _FAILED, name=filename)
        out_of_time = child.wait(max(1.0, deadline - monotonic())) in _OUT_OF_TIME
        raise UnreadableDocument(_TOO_SLOW if out_of_time else _TOO_HEAVY, name=filename)
    except (queue.Empty, subprocess.TimeoutExpired):
        raise UnreadableDocument(_TOO_SLOW, name=filename) from None
    finally:
        child.kill()
        talk.join()


_OUT_OF_TIME = (-24, -9)  # SIGXCPU, or the kill that follows it


def _talk(child: "subprocess.Popen[bytes]", request: bytes, lines: "queue.SimpleQueue[bytes]") -> None:
    """Write the request, then hand on every line of the answer; an empty one ends it."""
    assert child.stdin
    assert child.stdout
    with suppress(OSError):  # a child that is gone already may have said why
        child.stdin.write(request)
        child.stdin.close()
    with suppress(OSError):
        for line in child.stdout:
            lines.put(line)
    lines.put(b"")


def _message(line: bytes) -> tuple[str, Any]:
    try:
        kind, told = json.loads(line)
    except ValueError:
        return "broken", line[:200]
    return cast(str, kind), told
