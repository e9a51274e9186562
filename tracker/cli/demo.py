"""The demonstration's own database: built from the seeds, and again when the seeds or its day have changed."""

import hashlib
import json
import shutil
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.adapters.files import FileStore
from tracker.adapters.seeds import SEEDS
from tracker.cli.database import application, bring_forward, sqlite_file
from tracker.clock import FrozenClock
from tracker.config import DEFAULT_DEMO_DAY, Settings
from tracker.store.migrations import MIGRATIONS
from tracker.usecases.demonstration import __file__ as BUILDER
from tracker.usecases.demonstration import build as build_demonstration

MORNING = time(8)
SOURCES = (SEEDS, MIGRATIONS / "versions", Path(BUILDER))


def morning_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which the demonstration of `day` stands still."""
    return datetime.combine(day, MORNING, zone)


def is_built(settings: Settings) -> bool:
    """Whether there is a demonstration, of any day and any seeds."""
    file = sqlite_file(settings)
    return _marker(settings) is not None and file is not None and file.is_file()


def is_current(settings: Settings, at: datetime) -> bool:
    """Whether the demonstration there is the one that would be built for the moment `at`."""
    return is_built(settings) and _marker(settings) == _stamp(at)


def frozen_at(settings: Settings) -> datetime:
    """The moment at which the demonstration that was built stands still."""
    marker = _marker(settings)
    if marker is None:
        return morning_of(date.fromisoformat(DEFAULT_DEMO_DAY), settings.zone)
    return datetime.fromisoformat(marker["at"])


def build(settings: Settings, at: datetime) -> None:
    """Build the demonstration of the moment `at` in place of what was there."""
    _clear(settings)
    with application(settings, FrozenClock(at)):
        bring_forward(settings)
        build_demonstration(at, files=FileStore(settings.files_dir), zone=settings.zone)
    _marker_file(settings).write_text(json.dumps(_stamp(at)), encoding="utf-8")


def _clear(settings: Settings) -> None:
    _marker_file(settings).unlink(missing_ok=True)
    file = sqlite_file(settings)
    assert file is not None
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.rmtree(settings.files_dir, ignore_errors=True)


def _marker_file(settings: Settings) -> Path:
    return settings.data_dir / "demonstration.json"


def _marker(settings: Settings) -> dict[str, str] | None:
    try:
        found = json.loads(_marker_file(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and {"at", "made_of"} <= set(found) else None


def _stamp(at: datetime) -> dict[str, str]:
    files = [path for source in SOURCES for path in ([source] if source.is_file() else sorted(source.rglob("*.*")))]
    digest = hashlib.sha256()
    for path in files:
        if path.suffix in (".json", ".py"):
            digest.update(path.read_bytes())
    return {"at": at.isoformat(), "made_of": digest.hexdigest()}
