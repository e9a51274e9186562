"""Units, the groups that collect them, their spellings, and the office's days off."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class UnitRow(Base):
    """An organisation that can owe work; `code` never changes, `starts_on` and `ends_on` bound its life.

    With `head_approves` its head reads every report before it leaves the unit.
    """

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(300))
    short_name: Mapped[str] = mapped_column(sa.String(120), default="")
    kind: Mapped[str] = mapped_column(sa.String(40), default="")
    level: Mapped[str | None] = mapped_column(sa.String(40))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    sort_key: Mapped[str] = mapped_column(sa.String(300), default="", index=True)
    head_approves: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class UnitEventRow(Base):
    """Something that became of units on the day `on_day`, under a document: rename, merge, split, dissolve, takeover.

    `ends` tells that its subjects ended the day before. `settled` tells that the people, the monitors and the
    subscriptions have followed, which waits for the day itself. `person_id` is empty for the command line.
    """

    __tablename__ = "unit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    on_day: Mapped[date]
    document: Mapped[str] = mapped_column(sa.String(300))
    document_date: Mapped[date | None]
    ends: Mapped[bool] = mapped_column(default=False)
    settled: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class UnitEventUnit(Base):
    """A unit's part in an event: `subject` (renamed, ended, relieved) or `heir`."""

    __tablename__ = "unit_event_unit"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("unit_event.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, index=True)
    part: Mapped[str] = mapped_column(sa.String(10))


class UnitPast(Base):
    """What a unit was called, and whom it belonged to, up to the day before `until_on`."""

    __tablename__ = "unit_past"
    __table_args__ = (sa.UniqueConstraint("unit_id", "until_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    until_on: Mapped[date]
    name: Mapped[str] = mapped_column(sa.String(300))
    short_name: Mapped[str] = mapped_column(sa.String(120), default="")
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("unit_event.id"))


class PersonMove(Base):
    """A person who goes to the unit `unit_id` when the event takes effect."""

    __tablename__ = "person_move"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("unit_event.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))


class UnitGroup(Base):
    """A collective assignee; `kind` is rule, list or open, `rule` the kinds and levels it admits."""

    __tablename__ = "unit_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[str] = mapped_column(sa.String(10))
    rule: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)


class GroupMember(Base):
    """A unit that a person put into a group of kind list."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("unit_group.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)


class UnitAlias(Base):
    """Another spelling of a unit or a group."""

    __tablename__ = "unit_alias"
    __table_args__ = (
        sa.CheckConstraint("(unit_id IS NULL) <> (group_id IS NULL)", name="one_owner"),
        sa.UniqueConstraint("text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit_group.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(300))


class DayOff(Base):
    """A day that differs from its weekday: off (`is_off`) or worked, with its name and the document that says so.

    `changed_at` is empty for what came with the program. A row that was taken out has `removed_at` and says nothing.
    """

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_off: Mapped[bool] = mapped_column(default=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    document: Mapped[str] = mapped_column(sa.String(200), default="")
    changed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class SchoolDate(Base):
    """A date of a school year ("2024-2025") as the office set it; without `day`, it let go of what it had set."""

    __tablename__ = "school_date"

    year: Mapped[str] = mapped_column(sa.String(9), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    day: Mapped[date | None]
    document: Mapped[str] = mapped_column(sa.String(200))
    changed_at: Mapped[datetime]
