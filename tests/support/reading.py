"""Documents read in the process of the test, each once: the answers of a reader, without the start of its process.

Its limits and its end are proved in tests/adapters/documents; the browser's tests and some commands have the real one.
"""

import json
import pickle
from typing import Any

from tracker.adapters.documents import child
from tracker.adapters.documents.kinds import kind_of
from tracker.adapters.documents.limits import Progress
from tracker.domain.errors import UnreadableDocument
from tracker.domain.units import Directory

_ANSWERS: dict[bytes, str] = {}


def ask_here(
    call: str, data: bytes, filename: str, directory: Directory, options: dict[str, Any], _progress: Progress | None
) -> Any:
    """As `safely._ask`: what a reader's process would answer. Raises UnreadableDocument with its words as text."""
    kind_of(data, filename)
    request = pickle.dumps((call, data, filename, directory.units, directory.groups, options))
    if request not in _ANSWERS:
        try:
            _ANSWERS[request] = json.dumps(child.answer(request))
        except UnreadableDocument as refusal:
            raise UnreadableDocument(
                refusal.message, **{key: str(each) for key, each in refusal.params.items()}
            ) from None
    return json.loads(_ANSWERS[request])
