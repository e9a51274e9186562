"""A small plan in the tables, and what calendars must be told of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import scoped_session

from tracker.domain.feeds import FeedEvent, FeedLead
from tracker.domain.people import Role
from tracker.domain.work import State
from tracker.store import people
from tracker.store.database import transaction
from tracker.store.tables import (
    AssignmentRow,
    MilestoneRow,
    PlanRow,
    ProgressEntry,
    ShareRow,
    TaskRow,
    UnitGroup,
    UnitRow,
)

MADE = datetime(2024, 7, 1, 1, 0, tzinfo=UTC)
LOGGED = datetime(2024, 12, 5, 18, 30, tzinfo=UTC)  # already 6/12 in Vietnam
FINANCE, SCHOOL, CLINIC = 1, 2, 3
PEOPLE = {
    "lead": (Role.HEAD, FINANCE),
    "partner": (Role.HEAD, SCHOOL),
    "monitor": (Role.MONITOR, CLINIC),
    "leader": (Role.LEADER, None),
    "member": (Role.MEMBER, None),
}
BUDGET = "Lập dự toán; phân bổ kinh phí, thiết bị"
OPENING = "Khai giảng năm học mới"

EVENTS = (
    FeedEvent(
        milestone_id=1,
        task_id=1,
        number="1",
        title=BUDGET,
        ordinal=1,
        milestones=1,
        due=date(2024, 12, 31),
        due_as_written="Tháng 12/2024",
        leads=(FeedLead("Phòng Tài chính - Kế hoạch"),),
        partners_as_written="Trường Tiểu học Thành Tô; Trạm Y tế",
        state=State.IN_PROGRESS,
        last_entry_on=date(2024, 12, 6),
        dropped_on=None,
        dropped_reason="",
        sequence=0,
        changed_at=MADE,
    ),
    *(
        FeedEvent(
            milestone_id=number,
            task_id=2,
            number="2",
            title=OPENING,
            ordinal=number - 1,
            milestones=2,
            due=due,
            due_as_written=due.strftime("%d/%m/%Y"),
            leads=(FeedLead("Các trường học"), FeedLead("Trạm Y tế")),
            partners_as_written="",
            state=state,
            last_entry_on=last,
            dropped_on=None,
            dropped_reason="",
            sequence=0,
            changed_at=MADE,
        )
        for number, due, state, last in (
            (2, date(2024, 9, 5), State.ACCEPTED, date(2024, 12, 6)),
            (3, date(2025, 5, 31), State.NOT_STARTED, None),
        )
    ),
)


def at_address(app: Flask, base_url: str = "https://theo-doi.example.vn") -> None:
    """Lets the pages of the application be found below that address."""
    app.extensions["tracker"] = replace(app.extensions["tracker"], base_url=base_url)


def store_small_plan() -> None:
    """Tables that hold EVENTS, a third task without a date, and PEOPLE; needs an application context."""
    with transaction() as session:
        session.add_all(
            [
                UnitRow(id=FINANCE, code="phong-tckh", name="Phòng Tài chính - Kế hoạch"),
                UnitRow(id=SCHOOL, code="truong-th-thanh-to", name="Trường Tiểu học Thành Tô"),
                UnitRow(id=CLINIC, code="tram-y-te", name="Trạm Y tế"),
                UnitGroup(id=1, code="cac-truong", name="Các trường học", kind="list"),
                PlanRow(id=1, title="Kế hoạch", school_year="2024-2025", created_at=MADE),
            ]
        )
        session.flush()
        for name, (role, unit_id) in PEOPLE.items():
            people.add(f"{name}@example.org", name.title(), role, unit_id, "", "vi", MADE)
        _add_tasks(session)
        _add_log(session)


def _add_tasks(session: scoped_session[Any]) -> None:
    first, second = EVENTS[0], EVENTS[1]
    rows = [(1, BUDGET, first.partners_as_written), (2, second.title, ""), (3, "Việc thường xuyên", "")]
    for number, title, partners in rows:
        session.add(
            TaskRow(
                id=number, plan_id=1, position=number, number=str(number), title=title, partners_as_written=partners
            )
        )
    session.flush()
    dues = {event.milestone_id: (event.task_id, event.ordinal, event.due, event.due_as_written) for event in EVENTS}
    for milestone_id, (task_id, position, due, written) in {**dues, 4: (3, 1, None, "Cả năm")}.items():
        session.add(
            MilestoneRow(
                id=milestone_id,
                task_id=task_id,
                position=position,
                kind="date",
                original_due=due,
                due=due,
                due_as_written=written,
                changed_at=MADE,
            )
        )
    session.flush()
    leads: list[tuple[int, int, str, str, dict[str, Any]]] = [
        (1, 1, "Phòng TC-KH", "Phòng Tài chính - Kế hoạch", {"unit_id": FINANCE}),
        (2, 1, "các trường", "Các trường học", {"group_id": 1}),
        (2, 2, "Trạm Y tế", "Trạm Y tế", {}),
        (3, 1, "Phòng TC-KH", "Phòng Tài chính - Kế hoạch", {"unit_id": FINANCE}),
    ]
    for task_id, position, text, name, owner in leads:
        session.add(
            AssignmentRow(task_id=task_id, part="lead", position=position, text=text, name=name, kind="unit", **owner)
        )
    shares = [(1, FINANCE, "lead"), (1, SCHOOL, "partner"), (1, CLINIC, "partner"), (4, FINANCE, "lead")]
    shares += [(milestone_id, SCHOOL, "lead") for milestone_id in (2, 3)]
    for number, (milestone_id, unit_id, part) in enumerate(shares, 1):
        session.add(ShareRow(id=number, milestone_id=milestone_id, unit_id=unit_id, part=part))
    session.flush()


def _add_log(session: scoped_session[Any]) -> None:
    """Share 1 has begun, the school's first milestone (share 5) was reported and accepted."""
    for share_id, version, action, state in (
        (1, 1, "progress", State.IN_PROGRESS),
        (5, 1, "submit", State.SUBMITTED),
        (5, 2, "accept", State.ACCEPTED),
    ):
        session.add(
            ProgressEntry(
                share_id=share_id,
                version=version,
                person_id=1,
                recorded_at=LOGGED,
                action=action,
                state=state.value,
                percent=50,
            )
        )
