"""Work that an answer does not wait for, and sending a mail at once."""

import os
import secrets
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, current_app

from tracker.adapters.channels import Channel
from tracker.domain.outbox import MAIL
from tracker.usecases.outbox import Desk, deliver_one
from tracker.web.runtime import Runtime

Errand = Callable[[], object]
Runner = Callable[[Errand], object]


def desk_of(app: Flask, clock: Callable[[], datetime] | None = None, **more: Any) -> Desk:
    """What this process sends with; `clock` replaces the application's, `more` sets further fields of the desk."""
    runtime: Runtime = app.extensions["tracker"]
    channels: dict[str, Channel] = app.extensions["tracker_channels"]()
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    return Desk(
        clock=clock or runtime.clock.now,
        zone=runtime.zone,
        base_url=runtime.base_url,
        channels=channels,
        holder=holder,
        history_months=runtime.history_months,
        mail_per_minute=runtime.mail_per_minute,
        signer=runtime.signer,
        sender=runtime.mail_sender,
        **more,
    )


def init_app(app: Flask) -> None:
    """Give the application one thread for errands, which starts with the first of them."""
    app.extensions["tracker_errands"] = ThreadPoolExecutor(1, "errand").submit


def run_soon(work: Errand) -> None:
    """Do `work` in a context of its own, after this; what it raises is logged, for nobody waits for it."""
    # The application itself, for its proxy ends with this request.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    runner: Runner = app.extensions["tracker_errands"]
    runner(partial(_run, app, work))


def send_now(message_id: int | None) -> bool:
    """Try to send one message of the outbox now and tell whether it went; else the ticks try it again."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    desk = desk_of(app)
    if message_id is None or MAIL not in desk.channels:
        return False
    return bool(deliver_one(desk, message_id).sent)


def _run(app: Flask, work: Errand) -> None:
    with app.app_context():
        try:
            work()
        except Exception:
            app.logger.exception("an errand failed")
