"""A small office in the tables: units, people, tasks with due dates, and the tick of its reminders."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from flask import Flask

from tracker.adapters.bell import BellChannel
from tracker.adapters.channels import Channel
from tracker.adapters.mail import SmtpChannel
from tracker.domain.people import Role
from tracker.domain.work import Action, State
from tracker.store import people
from tracker.store.database import transaction
from tracker.store.looks import wake
from tracker.store.tables import MilestoneRow, PlanMonitor, PlanRow, ProgressEntry, ShareRow, TaskRow, UnitRow
from tracker.usecases import urging
from tracker.usecases.outbox import Desk
from tracker.usecases.reminders import TickResult, ensure_rules, tick
from tracker.web.errands import desk_of
from tracker.web.runtime import runtime

MADE = datetime(2024, 7, 1, 1, 0, tzinfo=UTC)
BASE = "https://theo-doi.example.org"
SENDER = "Phòng Giáo dục và Đào tạo <nhac-viec@example.org>"
UNITS = {1: "Phòng Tài chính - Kế hoạch", 2: "Trường Tiểu học Thành Tô", 3: "Phòng Giáo dục và Đào tạo"}
CAST = {
    "lead": (Role.HEAD, 1, "vi"),
    "clerk": (Role.MEMBER, 1, "en"),
    "partner": (Role.HEAD, 2, "vi"),
    "monitor": (Role.MONITOR, 3, "vi"),
}


def at(text: str) -> datetime:
    """A moment in Vietnam, such as 2024-12-16T08:00."""
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


def open_office(tasks: Mapping[str, tuple[date, Mapping[int, str]]]) -> dict[str, int]:
    """Makes units, people, the rules and a plan in force with these tasks: number to due date and part by unit id.

    Returns the ids of the people, in the order of CAST.
    """
    ensure_rules()
    with transaction() as session:
        for unit_id, name in UNITS.items():
            session.add(UnitRow(id=unit_id, code=f"u{unit_id}", name=name, kind="department"))
        session.flush()
        ids = {
            who: people.add(f"{who}@example.org", f"Người {who}", role, unit_id, "", locale, MADE)
            for who, (role, unit_id, locale) in CAST.items()
        }
        plan = PlanRow(title="Kế hoạch năm học", school_year="2024-2025", created_at=MADE)
        session.add(plan)
        session.flush()
        for position, (number, (due, parts)) in enumerate(tasks.items(), 1):
            task = TaskRow(plan_id=plan.id, position=position, number=number, title=f"Rà soát <việc> & số {number}")
            session.add(task)
            session.flush()
            milestone = MilestoneRow(
                task_id=task.id, position=1, kind="date", due=due, original_due=due, changed_at=MADE
            )
            session.add(milestone)
            session.flush()
            for unit_id, part in parts.items():
                session.add(ShareRow(milestone_id=milestone.id, unit_id=unit_id, part=part))
    return ids


def log(share_id: int, action: Action, state: State, when: datetime) -> None:
    """Adds a line to a share's log, as the person with id 1."""
    with transaction() as session:
        version = session.query(ProgressEntry).filter_by(share_id=share_id).count() + 1
        entry = {"action": action.value, "state": state.value, "percent": 50, "recorded_at": when, "person_id": 1}
        session.add(ProgressEntry(share_id=share_id, version=version, **entry))
        wake([share_id])


def urge(share_ids: Collection[int], now: datetime, text: str = "") -> None:
    """The monitor's unit watches the plan of `open_office`, and the monitor urges these of its shares."""
    with transaction() as session:
        session.merge(PlanMonitor(plan_id=1, unit_id=3, rank=1))
    found = people.by_email("monitor@example.org")
    assert found
    urging.send(found.person, share_ids, text, "form:1", now, runtime().zone, BASE)


def desk(app: Flask, now: datetime | Callable[[], datetime], smtp_url: str | None = None) -> Desk:
    """The desk of a tick at a standing moment, sending to `smtp_url` or keeping every mail in the outbox."""
    clock = now if callable(now) else lambda: now
    channels: dict[str, Channel] = {"bell": BellChannel()}
    if smtp_url:
        channels["mail"] = SmtpChannel(smtp_url, SENDER)
    return replace(desk_of(app, clock), channels=channels, base_url=BASE)


def tick_at(app: Flask, text: str, smtp_url: str | None = None) -> TickResult:
    """One tick at a moment in Vietnam."""
    return tick(desk(app, at(text), smtp_url))
