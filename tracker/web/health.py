"""Whether the process answers, and whether it can do its work; for machines, without a session."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from tracker.clock import SystemClock
from tracker.store import leases, migrations

LATEST_TICK = timedelta(minutes=5)

pages = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Heart:
    """How the scheduler is: its leader's name, its last tick (UTC), and what stopped the latest one, else nothing."""

    beats: bool = False
    leader: str = ""
    last_tick_at: datetime | None = None
    error: str = ""


def heart() -> Heart:
    """How the scheduler is now. Ticks follow the machine's clock, also where the application's own stands still."""
    beat = leases.heartbeat()
    if beat is None:
        return Heart()
    recent = beat.last_tick_at is not None and SystemClock().now() - beat.last_tick_at <= LATEST_TICK
    return Heart(recent, beat.holder, beat.last_tick_at, beat.error)


@pages.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """Database reachable, migrations at head, last tick of some scheduler recent: 200 where all hold, else 503."""
    found = {"database": False, "migrations": False, "scheduler": False}
    scheduler = Heart()
    try:
        found["migrations"] = migrations.present() == _needed()
        found["database"] = True
        scheduler = heart() if found["migrations"] else scheduler
        found["scheduler"] = scheduler.beats
    except SQLAlchemyError:
        found = dict.fromkeys(found, False)
    well = all(found.values())
    last_tick = scheduler.last_tick_at.isoformat() if scheduler.last_tick_at else None
    told = {"last_tick_at": last_tick, "last_error": scheduler.error or None}
    return jsonify(ready=well, **found, **told), 200 if well else 503


@cache
def _needed() -> str | None:
    return migrations.needed()
