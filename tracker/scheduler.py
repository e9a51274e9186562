"""APScheduler wiring and nothing else: timers that call use cases, in any number of processes of which one leads.

What is due lives in our tables; the timers only say "look now". The lease and its times follow the machine's clock even
where the application's own clock stands still.
"""

import logging
import signal
import threading
import traceback
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from tracker.clock import SystemClock
from tracker.store import leases
from tracker.store.database import transaction
from tracker.usecases.reminders import tick
from tracker.web.errands import desk_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the lease is renewed, how long it lasts, and how often the leader ticks.

    A leader that dies is followed within `lease` + `beat`.
    """

    beat: timedelta = timedelta(seconds=6)
    lease: timedelta = timedelta(seconds=18)
    tick: timedelta = timedelta(minutes=1)


JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
SIGN_OF_LIFE = timedelta(seconds=30)
PROGRESS_EVERY = 500


class Ticker:
    """One process's scheduler: keeps or waits for the lease, and ticks while it leads."""

    def __init__(self, app: Flask, pace: Pace) -> None:
        self._app, self._pace = app, pace
        self._desk = desk_of(app, go_on=self._go_on, progress=_tell_progress)
        self._now = SystemClock().now
        self._stopping = threading.Event()
        self._leading = False
        self._last_sign = leases.NEVER
        zone = self._desk.zone
        self._scheduler = BackgroundScheduler(timezone=zone, job_defaults=JOB_DEFAULTS)
        self._scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        for job, every in ((self._beat, pace.beat), (self._tick, pace.tick)):
            trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=zone)
            self._scheduler.add_job(job, trigger, id=job.__name__, next_run_time=self._now())

    def __enter__(self) -> "Ticker":
        self._scheduler.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End between two messages and let another process lead at once."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        if self._leading:
            with self._app.app_context(), transaction():
                leases.give_up(self._desk.holder, self._now())

    def _go_on(self) -> bool:
        """Asked before each message: whether to send it; a long delivery shows by the way that it is alive."""
        if self._now() - self._last_sign > SIGN_OF_LIFE:
            self._sign()
        return self._leading and not self._stopping.is_set()

    def _beat(self) -> None:
        """Take or keep the lease; on becoming the leader, tick at once."""
        now, led = self._now(), self._leading
        try:
            with self._app.app_context(), transaction():
                self._leading = leases.take(self._desk.holder, now, now + self._pace.lease)
        except Exception:
            self._leading = False
            raise
        if self._leading and not led:
            log.info("this process leads the scheduler: %s", self._desk.holder)
            self._scheduler.modify_job(self._tick.__name__, next_run_time=now)

    def _tick(self) -> None:
        if not self._leading or self._stopping.is_set():
            return
        with self._app.app_context():
            try:
                tick(self._desk)
            except Exception as error:
                # The message of a database error may hold the text of a mail: type and place are told, no more.
                place = "".join(traceback.format_tb(error.__traceback__))
                log.error("tick failed: %s\n%s", type(error).__name__, place)
                self._sign(type(error).__name__)
            else:
                self._sign()

    def _sign(self, error: str = "") -> None:
        """Write down that this process worked, or what stopped it."""
        self._last_sign = self._now()
        with transaction():
            leases.note_work(self._desk.holder, self._last_sign, error)


def _tell_progress(done: int, of: int) -> None:
    """Tell the log how far a long delivery is."""
    if done % PROGRESS_EVERY == 0:
        log.info("delivering: %s of %s", done, of)


def _report(event: JobEvent) -> None:
    """Tell the log of a run that failed, was missed, or was left out because the one before still goes on."""
    if event.code == EVENT_JOB_ERROR:
        log.error("run of %s failed: %s", event.job_id, type(event.exception).__name__)
    elif event.code == EVENT_JOB_MISSED:
        log.warning("run of %s at %s was missed", event.job_id, event.scheduled_run_time)
    else:
        log.info("run of %s was left out: the one before still goes on", event.job_id)


def start_in_background(app: Flask, pace: Pace = Pace()) -> Ticker:
    """The scheduler in threads of this process, running inside `with`."""
    return Ticker(app, pace)


def run_forever(app: Flask, pace: Pace = Pace()) -> None:
    """The scheduler alone, until SIGTERM or Ctrl+C; ends between two messages."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    with start_in_background(app, pace):
        while not stop.wait(1):  # a wait without an end hears no Ctrl+C on Windows
            pass
