"""Units, the groups that collect them, their spellings, and the office's days off."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class UnitRow(Base):
    """An organisation that can owe work; `code` never changes, `starts_on` and `ends_on` bound its life."""

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
    """A day that differs from its weekday: off (`is_off`) or worked, with its name and the document that says so."""

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_off: Mapped[bool] = mapped_column(default=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    document: Mapped[str] = mapped_column(sa.String(200), default="")
