"""Whether the process answers, and whether it can do its work; for machines, without a session."""

from datetime import timedelta
from functools import cache

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from tracker.clock import SystemClock
from tracker.store import leases, migrations

LATEST_TICK = timedelta(minutes=5)

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """Database reachable, migrations at head, last tick of some scheduler recent: 200 where all hold, else 503.

    Ticks follow the machine's clock, also where the application's own stands still.
    """
    found = {"database": False, "migrations": False, "scheduler": False}
    last_tick = None
    try:
        found["migrations"] = migrations.present() == _needed()
        found["database"] = True
        beat = leases.heartbeat() if found["migrations"] else None
        if beat and beat.last_tick_at:
            last_tick = beat.last_tick_at.isoformat()
            found["scheduler"] = SystemClock().now() - beat.last_tick_at <= LATEST_TICK
    except SQLAlchemyError:
        found = dict.fromkeys(found, False)
    well = all(found.values())
    return jsonify(ready=well, **found, last_tick_at=last_tick), 200 if well else 503


@cache
def _needed() -> str | None:
    return migrations.needed()
