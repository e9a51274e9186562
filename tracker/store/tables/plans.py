"""Plans as issued: tasks in the plan's own order and wording, who is on them, and by when."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class PlanRow(Base):
    """One issued document. `state` is draft, in_force or closed."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(500))
    school_year: Mapped[str | None] = mapped_column(sa.String(9), index=True)
    number: Mapped[str | None] = mapped_column(sa.String(80))
    issuer: Mapped[str | None] = mapped_column(sa.String(300))
    issued_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="in_force")
    late_after_working_day: Mapped[bool] = mapped_column(default=True)
    quiet_days: Mapped[int] = mapped_column(default=30)
    created_at: Mapped[datetime]


class PlanMonitor(Base):
    """A unit that watches a plan and confirms its shares, in the order of `rank`."""

    __tablename__ = "plan_monitor"

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, index=True)
    rank: Mapped[int]


class TaskRow(Base):
    """One row of the annex. A dropped task stays, with the day and the reason."""

    __tablename__ = "task"
    __table_args__ = (sa.Index(None, "plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(40))
    heading: Mapped[str | None] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    product: Mapped[str | None] = mapped_column(sa.Text)
    leads_as_written: Mapped[str] = mapped_column(sa.Text, default="")
    partners_as_written: Mapped[str] = mapped_column(sa.Text, default="")
    extra: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    dropped_on: Mapped[date | None]
    dropped_reason: Mapped[str] = mapped_column(sa.Text, default="")


class AssignmentRow(Base):
    """A unit, a group or an open phrase on a task, as `part` lead or partner, in the cell's order and wording."""

    __tablename__ = "assignment"
    __table_args__ = (sa.Index(None, "task_id", "part", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    part: Mapped[str] = mapped_column(sa.String(10))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    name: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[str] = mapped_column(sa.String(10))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit_group.id"))
    role: Mapped[str | None] = mapped_column(sa.String(200))


class MilestoneRow(Base):
    """A stretch of time of a task. `original_due` is never overwritten; a dropped one stays with its log.

    `ical_sequence` and `changed_at` move with everything a calendar shows of it
    (RFC 5545, 3.8.7.3 and 3.8.7.4).
    """

    __tablename__ = "milestone"
    __table_args__ = (sa.Index(None, "task_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(10))
    start: Mapped[date | None]
    original_due: Mapped[date | None]
    due: Mapped[date | None] = mapped_column(index=True)
    start_as_written: Mapped[str] = mapped_column(sa.Text, default="")
    due_as_written: Mapped[str] = mapped_column(sa.Text, default="")
    dropped_on: Mapped[date | None]
    dropped_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    ical_sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
