"""What a search finds, within what the person asking may see: how much of each kind, and a page of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.access import Doing, Tie, may, oversees
from tracker.domain.people import Person
from tracker.domain.searching import Search
from tracker.store.database import session
from tracker.store.given import LOG_IDS, TODAY, UNIT_ID
from tracker.store.search_texts import AMENDMENT, ENTRY, EXTENSION, PLAN, TASK, UNIT
from tracker.store.tables import (
    AmendmentRow,
    ExtensionRow,
    MilestoneRow,
    PlanRow,
    ProgressEntry,
    SearchText,
    ShareRow,
    TaskRow,
    UnitAlias,
    UnitPast,
    UnitRow,
)
from tracker.store.tenure import HANDED, LOG_ID, name_on, owned_on
from tracker.store.within_unit import WITHIN_UNIT

TASKS, UNITS, LOGS, DOCUMENTS = KINDS = ("tasks", "units", "logs", "documents")
PAPERS = (PLAN, AMENDMENT, EXTENSION)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What of a search decides how it is written: how many `pieces` it has, and what the person asking may see."""

    pieces: int
    drafts: bool
    every_task: bool
    every_log: bool
    own_logs: bool
    of_unit: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """A search with who asks and on which day."""

    search: Search
    person: Person
    today: date

    def read(self, query: Callable[[_Reach], Any], **more: Any) -> Sequence[Any]:
        """What the query made for the reach of this search finds."""
        reach = _Reach(
            pieces=len(self.search.pieces),
            drafts=may(self.person, Doing.SEE_DRAFT),
            every_task=may(self.person, Doing.SEE_TASK, Tie.FOREIGN),
            every_log=oversees(self.person),
            own_logs=may(self.person, Doing.SEE_LOG, Tie.OWN),
            of_unit=self.person.unit_id is not None,
        )
        given: dict[str, Any] = {_piece(at): piece for at, piece in enumerate(self.search.pieces)}
        given |= {"today": self.today, "unit_id": self.person.unit_id, **more}
        return session().execute(query(reach), given).all()


def _piece(at: int) -> str:
    return f"piece_{at}"


@dataclass(frozen=True, slots=True)
class TaskFound:
    """A task; `opens` tells whether the person asking may open it."""

    task_id: int
    number: str
    title: str
    leads: str
    plan_id: int
    plan: str
    opens: bool


@dataclass(frozen=True, slots=True)
class UnitFound:
    """A unit, with its other names: short, former, aliases."""

    code: str
    name: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogFound:
    """A line of a log, with the unit that answers for it now and its share."""

    task_id: int
    number: str
    title: str
    share_id: int
    unit: str
    at: datetime
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentFound:
    """A document's number: of a plan, of a decision that amends one (`object_id`), of one on more time for a share."""

    kind: str
    number: str
    title: str
    day: date | None
    plan_id: int
    object_id: int
    task_id: int | None
    share_id: int | None


def counts(asking: Asking) -> dict[str, int]:
    """How much is found of each kind. 1 query."""
    return dict(zip(KINDS, asking.read(_counts)[0], strict=True))


@cache
def _counts(reach: _Reach) -> Any:
    hits = _hits(reach, TASK, UNIT, ENTRY, *PAPERS)
    each = {
        TASKS: _tasks(reach, hits, TaskRow.id),
        UNITS: _units(hits, UnitRow.id),
        LOGS: _logs(reach, hits, ProgressEntry.id),
        DOCUMENTS: _documents(reach, hits),
    }
    return sa.select(*(_count(each[kind]) for kind in KINDS))


def tasks(asking: Asking, start: int, most: int) -> list[TaskFound]:
    """Tasks, those of the latest plan first, in the plan's order. 1 query."""
    return [TaskFound(*row) for row in asking.read(_page_of_tasks, start=start, most=most)]


@cache
def _page_of_tasks(reach: _Reach) -> Any:
    columns = (TaskRow.id, TaskRow.number, TaskRow.title, TaskRow.leads_as_written, TaskRow.plan_id)
    plan_name = sa.func.coalesce(PlanRow.school_year, PlanRow.title)
    query = _tasks(reach, _hits(reach, TASK), *columns, plan_name, _may_open(reach))
    return _page(query.order_by(TaskRow.plan_id.desc(), TaskRow.position, TaskRow.id))


def units(asking: Asking, start: int, most: int) -> list[UnitFound]:
    """Units by name. 2 queries."""
    rows = asking.read(_page_of_units, start=start, most=most)
    ids = [row.id for row in rows]
    other: sa.CompoundSelect[Any] = sa.union_all(
        sa.select(UnitPast.unit_id, UnitPast.name, sa.literal(1).label("rank")).where(UnitPast.unit_id.in_(ids)),
        sa.select(UnitRow.id, UnitRow.name, sa.literal(2)).where(UnitRow.id.in_(ids)),
        sa.select(UnitAlias.unit_id, UnitAlias.text, sa.literal(3)).where(UnitAlias.unit_id.in_(ids)),
    )
    names: dict[int, list[str]] = {}
    for unit_id, name, _ in session().execute(other.order_by("rank", "name")) if ids else ():
        names.setdefault(unit_id, []).append(name)
    return [
        UnitFound(row.code, row.name_then, _others(row.name_then, [row.short_name, *names.get(row.id, ())]))
        for row in rows
    ]


@cache
def _page_of_units(reach: _Reach) -> Any:
    name_then = name_on(TODAY).label("name_then")
    query = _units(_hits(reach, UNIT), UnitRow.id, UnitRow.code, name_then, UnitRow.short_name)
    return _page(query.order_by(UnitRow.sort_key, UnitRow.id))


def logs(asking: Asking, start: int, most: int) -> list[LogFound]:
    """Lines of logs, the newest first. 2 queries."""
    rows = asking.read(_page_of_logs, start=start, most=most)
    held = _holders([row.share_id for row in rows], asking.today)
    found = []
    for task_id, number, title, log_id, at, *said in rows:
        share_id, unit = held.get(log_id, (log_id, ""))
        found.append(LogFound(task_id, number, title, share_id, unit, at, tuple(filter(None, said))))
    return found


@cache
def _page_of_logs(reach: _Reach) -> Any:
    texts = (ProgressEntry.result, ProgressEntry.difficulty, ProgressEntry.cause, ProgressEntry.proposal)
    columns = (TaskRow.id, TaskRow.number, TaskRow.title, ProgressEntry.share_id, ProgressEntry.recorded_at)
    query = _logs(reach, _hits(reach, ENTRY), *columns, *texts)
    return _page(query.order_by(ProgressEntry.recorded_at.desc(), ProgressEntry.id.desc()))


def documents(asking: Asking, start: int, most: int) -> list[DocumentFound]:
    """Documents, the latest first. 2 queries."""
    rows = asking.read(_page_of_documents, start=start, most=most)
    held = _holders([row.log_id for row in rows if row.log_id], asking.today)
    return [
        DocumentFound(
            kind=row.kind,
            number=row.number or "",
            title=row.title,
            day=row.day,
            plan_id=row.plan_id,
            object_id=row.object_id,
            task_id=row.task_id,
            share_id=held.get(row.log_id, (row.log_id, ""))[0],
        )
        for row in rows
    ]


@cache
def _page_of_documents(reach: _Reach) -> Any:
    found = _documents(reach, _hits(reach, *PAPERS)).subquery()
    return _page(sa.select(found).order_by(found.c.day.desc().nulls_last(), found.c.kind, found.c.object_id))


READERS: dict[str, Any] = {TASKS: tasks, UNITS: units, LOGS: logs, DOCUMENTS: documents}


def _page(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.offset(sa.bindparam("start")).limit(sa.bindparam("most"))


def _count(query: sa.Select[Any]) -> Any:
    return sa.select(sa.func.count()).select_from(query.subquery()).scalar_subquery()


def _others(name: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in names if each and each != name))


def _hits(reach: _Reach, *kinds: str) -> sa.CTE:
    """Kind and id of the things whose folded text holds everything that is looked for: read once, then joined.

    PostgreSQL would join first where it guesses that little is found, and be slower by seconds.
    """
    given = (sa.bindparam(_piece(at), type_=SearchText.folded.type) for at in range(reach.pieces))
    pieces = (SearchText.folded.contains(piece, autoescape=False) for piece in given)
    query = sa.select(SearchText.kind, SearchText.object_id).where(SearchText.kind.in_(kinds), *pieces)
    return query.cte("hit").prefix_with("MATERIALIZED", dialect="postgresql")


def _is(hits: sa.CTE, kind: str, key: Any) -> sa.ColumnElement[bool]:
    return sa.and_(hits.c.kind == kind, hits.c.object_id == key)


def _tasks(reach: _Reach, hits: sa.CTE, *columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(hits)
        .join(TaskRow, _is(hits, TASK, TaskRow.id))
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .where(_LIVING, _plan_seen(reach))
    )


def _units(hits: sa.CTE, *columns: Any) -> sa.Select[Any]:
    return sa.select(*columns).select_from(hits).join(UnitRow, _is(hits, UNIT, UnitRow.id))


def _logs(reach: _Reach, hits: sa.CTE, *columns: Any) -> sa.Select[Any]:
    share = aliased(ShareRow)
    return (
        sa.select(*columns)
        .select_from(hits)
        .join(ProgressEntry, _is(hits, ENTRY, ProgressEntry.id))
        .join(share, share.id == ProgressEntry.share_id)
        .join(MilestoneRow, MilestoneRow.id == share.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(_LIVING, _log_read(reach, ProgressEntry.share_id))
        .where(sa.or_(_own_log(reach, ProgressEntry.share_id), sa.not_(WITHIN_UNIT)))
    )


def _documents(reach: _Reach, hits: sa.CTE) -> sa.Select[Any]:
    none = tuple(sa.cast(sa.null(), sa.Integer).label(name) for name in ("task_id", "log_id"))
    plans = (
        sa.select(sa.literal(PLAN).label("kind"), PlanRow.number, PlanRow.title, PlanRow.issued_on.label("day"))
        .add_columns(PlanRow.id.label("plan_id"), PlanRow.id.label("object_id"), *none)
        .select_from(hits)
        .join(PlanRow, _is(hits, PLAN, PlanRow.id))
        .where(_plan_seen(reach))
    )
    amendments = (
        sa.select(sa.literal(AMENDMENT), AmendmentRow.number, PlanRow.title, AmendmentRow.issued_on)
        .add_columns(AmendmentRow.plan_id, AmendmentRow.id, *none)
        .select_from(hits)
        .join(AmendmentRow, _is(hits, AMENDMENT, AmendmentRow.id))
        .join(PlanRow, PlanRow.id == AmendmentRow.plan_id)
        .where(AmendmentRow.withdrawn_at.is_(None), _plan_seen(reach))
    )
    share = aliased(ShareRow)
    extensions = (
        sa.select(sa.literal(EXTENSION), ExtensionRow.document, TaskRow.title, ExtensionRow.granted_due)
        .add_columns(TaskRow.plan_id, ExtensionRow.id, TaskRow.id, ExtensionRow.share_id)
        .select_from(hits)
        .join(ExtensionRow, _is(hits, EXTENSION, ExtensionRow.id))
        .join(share, share.id == ExtensionRow.share_id)
        .join(MilestoneRow, MilestoneRow.id == share.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(_LIVING, _log_read(reach, ExtensionRow.share_id))
    )
    every = sa.union_all(plans, amendments, extensions).subquery()
    return sa.select(every)


_LIVING = sa.or_(TaskRow.dropped_on.is_(None), TaskRow.dropped_on > TODAY)
"""That a task is in its plan on the day."""


def _plan_seen(reach: _Reach) -> sa.ColumnElement[bool]:
    return sa.true() if reach.drafts else PlanRow.state != "draft"


def _may_open(reach: _Reach) -> Any:
    """Whether the person may open TaskRow, as `domain.access.may_see_task` says."""
    if reach.every_task:
        return sa.true()
    milestone, share = aliased(MilestoneRow), aliased(ShareRow)
    return (
        sa.exists()
        .where(milestone.task_id == TaskRow.id, share.milestone_id == milestone.id, share.unit_id == UNIT_ID)
        .correlate(TaskRow)
    )


_OLD = aliased(ShareRow)
# A log that stands beside the one that goes on, as where two units that merged each had one, is the heir's too.
_OLD_LOG = sa.func.coalesce(_OLD.log_id, _OLD.id)
_HANDED_TO = sa.and_(_OLD.heir_id == ShareRow.id, _OLD.ending == HANDED)


def _holders(log_ids: Sequence[int], today: date) -> dict[int, tuple[int, str]]:
    """By log, the share under which it is read on the day, and the name of its unit. 1 query."""
    if not log_ids:
        return {}
    rows = session().execute(_held(), {"log_ids": log_ids, "today": today})
    return {log_id: (share_id, name) for _, log_id, share_id, name in rows}


@cache
def _held() -> sa.CompoundSelect[Any]:
    columns = (ShareRow.id, name_on(TODAY))
    goes_on = sa.or_(ShareRow.id.in_(LOG_IDS), ShareRow.log_id.in_(LOG_IDS))
    beside = sa.select(sa.literal(0).label("goes_on"), _OLD_LOG, *columns).join(_OLD, _HANDED_TO)
    going = sa.select(sa.literal(1), LOG_ID, *columns).where(goes_on)
    both = (
        each.join(UnitRow, UnitRow.id == ShareRow.unit_id).where(owned_on(TODAY))
        for each in (beside.where(_OLD_LOG.in_(LOG_IDS)), going)
    )
    return sa.union_all(*both).order_by("goes_on")


def _own_log(reach: _Reach, log_id: Any) -> sa.ColumnElement[bool]:
    """That a log is one of the person's own unit.

    In parts, so that PostgreSQL looks each up in a table of hashes instead of comparing with every share.
    """
    if not reach.of_unit:
        return sa.false()
    own = (ShareRow.unit_id == UNIT_ID, owned_on(TODAY))
    first = sa.select(ShareRow.id).where(*own, ShareRow.log_id.is_(None))
    gone_on = sa.select(ShareRow.log_id).where(*own, ShareRow.log_id.is_not(None))
    beside = sa.select(_OLD_LOG).join(ShareRow, _HANDED_TO).where(*own)
    return sa.or_(log_id.in_(first), log_id.in_(gone_on), log_id.in_(beside))


def _log_read(reach: _Reach, log_id: Any) -> sa.ColumnElement[bool]:
    """That the person may read what a log says, as `domain.access.may_see_log` says: of every unit, or of their own."""
    if reach.every_log:
        return sa.true()
    return _own_log(reach, log_id) if reach.own_logs else sa.false()
