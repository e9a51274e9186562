"""Documents read in the background: the page that started it waits a moment, then shows how far it is."""

import threading
import time
from collections.abc import Callable

from flask import Flask, current_app

from tracker.domain.errors import NotFound
from tracker.usecases import import_reading
from tracker.web.runtime import runtime

PATIENCE = 4.0  # seconds that a request waits for a document to be read, unless the application says otherwise
_BETWEEN_REPORTS = 1.0  # seconds
_AT_ONCE = threading.BoundedSemaphore(2)


def start(draft_id: int, attempt: int) -> None:
    """Have a draft's document read in a thread of its own; returns when that is done or takes longer."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = threading.Thread(target=_read, args=(app, draft_id, attempt), daemon=True, name=f"reading-{draft_id}")
    thread.start()
    thread.join(app.config.get("READING_PATIENCE", PATIENCE))


def _read(app: Flask, draft_id: int, attempt: int) -> None:
    with _AT_ONCE, app.app_context():
        try:
            import_reading.read(draft_id, attempt, files=runtime().files, progress=_reporter(draft_id, attempt))
        except NotFound:
            return  # thrown away meanwhile
        except Exception as error:
            # Its kind and place alone: what a document says belongs in no log.
            app.logger.error("reading a document failed: draft %s, %s", draft_id, type(error).__name__)


def _reporter(draft_id: int, attempt: int) -> Callable[[int, int], None]:
    last = time.monotonic()

    def progress(done: int, _of: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _BETWEEN_REPORTS:
            last = time.monotonic()
            import_reading.report(draft_id, attempt, done)

    return progress
