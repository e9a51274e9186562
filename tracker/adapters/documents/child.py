"""The process that reads one document: takes its request from standard input, answers in lines of JSON.

Every line is [kind, content]: 'progress', then one of 'answer', 'refused', 'memory', 'failed'.
"""

import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import Any

from tracker.adapters.documents import find_tables, read_plan
from tracker.adapters.documents.safely import MEGABYTES
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import to_json
from tracker.domain.units import Directory

_PROCESSOR_SECONDS = 120  # an end to every child, also where nobody is left to watch it


def main() -> None:
    """Answer one request within the limits; the process's whole life."""
    limit()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not stand in the answer

    def tell(kind: str, told: Any) -> None:
        out.write(json.dumps([kind, told]) + "\n")
        out.flush()

    try:
        tell("answer", answer(sys.stdin.buffer.read(), tell))
    except UnreadableDocument as refusal:
        tell(
            "refused", {"message": refusal.message, "params": {key: str(each) for key, each in refusal.params.items()}}
        )
    except MemoryError:
        tell("memory", "out of memory")
    except Exception:
        tell("failed", traceback.format_exc())


def answer(request: bytes, tell: Callable[[str, Any], None] = lambda _kind, _told: None) -> Any:
    """What `safely` is told of a pickled request; `tell` hears of progress. Raises UnreadableDocument."""
    call, data, filename, units, groups, options = pickle.loads(request)
    directory = Directory(units, groups)

    def progress(done: int, of: int) -> None:
        tell("progress", [done, of])

    if call == "find_tables":
        return [asdict(each) for each in find_tables(data, filename, directory, **options, progress=progress)]
    return to_json(read_plan(data, filename, directory, **options, progress=progress))


def limit() -> None:
    """Bound memory, processor time and written files of this process, as far as the system can (Windows cannot)."""
    try:
        resource: Any = import_module("resource")
    except ImportError:
        return
    wanted = {"RLIMIT_AS": MEGABYTES << 20, "RLIMIT_CPU": _PROCESSOR_SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            hard = resource.getrlimit(kind)[1]
            most = value if hard == resource.RLIM_INFINITY else min(value, hard)
            with suppress(ValueError, OSError):  # some systems refuse a bound on memory
                resource.setrlimit(kind, (most, most))
