"""The folded texts of the search: kept in the transaction that changes what they fold, whoever writes it and how.

Triggers of the database note what changed; before a transaction commits, that is folded anew.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from tracker.domain.searching import number_text, search_text, unit_text
from tracker.store.given import IDS
from tracker.store.inserts import chunks
from tracker.store.tables import (
    AmendmentRow,
    ExtensionRow,
    PlanRow,
    ProgressEntry,
    SearchStale,
    SearchText,
    TaskRow,
    UnitAlias,
    UnitPast,
    UnitRow,
)

TASK, UNIT, ENTRY, PLAN, AMENDMENT, EXTENSION = "task", "unit", "entry", "plan", "amendment", "extension"
# Table: the kind of thing its rows belong to, the column with that thing's id, the columns with its words.
NOTED = {
    "task": (TASK, "id", ("title",)),
    "unit": (UNIT, "id", ("name", "short_name")),
    "unit_alias": (UNIT, "unit_id", ("text", "unit_id")),
    "unit_past": (UNIT, "unit_id", ("name", "short_name")),
    "progress_entry": (ENTRY, "id", ("result", "difficulty", "cause", "proposal")),
    "plan": (PLAN, "id", ("number", "title")),
    "amendment": (AMENDMENT, "id", ("number",)),
    "extension": (EXTENSION, "id", ("document",)),
}
_NOTE = """CREATE OR REPLACE FUNCTION note_search_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP <> 'INSERT' AND to_jsonb(OLD) ->> TG_ARGV[1] IS NOT NULL THEN
  INSERT INTO search_stale (kind, object_id) VALUES (TG_ARGV[0], (to_jsonb(OLD) ->> TG_ARGV[1])::integer); END IF;
IF TG_OP <> 'DELETE' AND to_jsonb(NEW) ->> TG_ARGV[1] IS NOT NULL THEN
  INSERT INTO search_stale (kind, object_id) VALUES (TG_ARGV[0], (to_jsonb(NEW) ->> TG_ARGV[1])::integer); END IF;
RETURN NULL; END $$"""
_Texts = Iterable[tuple[int, str]]

# Statements are made once: every commit asks what changed.
_NOTED = sa.select(SearchStale.kind, SearchStale.object_id).distinct().order_by(SearchStale.kind)
_FORGET_NOTED = sa.delete(SearchStale.__table__)  # type: ignore[arg-type]
_FORGET = sa.delete(SearchText.__table__).where(  # type: ignore[arg-type]
    SearchText.kind == sa.bindparam("of"), SearchText.object_id.in_(IDS)
)


def watch(connection: Connection) -> None:
    """Let the database note every change of a text that the search folds; what is there already is noted at once.

    A table that a later migration makes anew loses its triggers on SQLite: call `unwatch` before and this after it.
    """
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        connection.exec_driver_sql(_NOTE)
    for table, (kind, key, columns) in NOTED.items():
        for statement in _on_postgresql(table) if on_postgresql else _on_sqlite(table):
            connection.exec_driver_sql(statement.format(table=table, kind=kind, key=key, columns=", ".join(columns)))
        if key == "id":
            there = sa.select(sa.literal(kind), sa.column("id", sa.Integer)).select_from(sa.table(table))
            connection.execute(sa.insert(SearchStale.__table__).from_select(["kind", "object_id"], there))  # type: ignore[arg-type]


def unwatch(connection: Connection) -> None:
    """Take the triggers away again."""
    for table in NOTED:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"DROP TRIGGER {table}_search ON {table}")
        else:
            for doing in ("insert", "update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {table}_search_{doing}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION note_search_change()")


def _on_postgresql(_table: str) -> Iterator[str]:
    yield (
        "CREATE TRIGGER {table}_search AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION note_search_change('{kind}', '{key}')"
    )


def _on_sqlite(_table: str) -> Iterator[str]:
    for doing, of, rows in (
        ("insert", "", ("NEW",)),
        ("update", " OF {columns}", ("OLD", "NEW")),
        ("delete", "", ("OLD",)),
    ):
        note = "".join(
            f"INSERT INTO search_stale (kind, object_id) SELECT '{{kind}}', {row}.{{key}} "
            f"WHERE {row}.{{key}} IS NOT NULL; "
            for row in rows
        )
        yield f"CREATE TRIGGER {{table}}_search_{doing} AFTER {doing}{of} ON {{table}} BEGIN {note}END"


def refold(connection: Connection) -> None:
    """Fold anew what the open transaction changed. 1 query where that is nothing."""
    stale = connection.execute(_NOTED).all()
    if not stale:
        return
    connection.execute(_FORGET_NOTED)
    for kind, rows in groupby(stale, lambda row: str(row.kind)):
        for ids in chunks(sorted(row.object_id for row in rows)):
            _keep(connection, kind, ids, _READERS[kind](connection, ids))


def _keep(connection: Connection, kind: str, ids: Sequence[int], texts: _Texts) -> None:
    found = [{"kind": kind, "object_id": key, "folded": text} for key, text in texts if text]
    kept = {row["object_id"] for row in found}
    gone = [key for key in ids if key not in kept]
    if gone:
        connection.execute(_FORGET, {"of": kind, "ids": gone})
    if found:
        connection.execute(_keeping(connection.dialect.name), found)


@cache
def _keeping(on: str) -> sa.Insert:
    adding = (postgresql if on == "postgresql" else sqlite).insert(SearchText.__table__)
    newer = {"folded": adding.excluded.folded}
    return adding.on_conflict_do_update(index_elements=["kind", "object_id"], set_=newer)


_TASKS = sa.select(TaskRow.id, TaskRow.title).where(TaskRow.id.in_(IDS))
_NAMES = sa.select(UnitRow.id, UnitRow.name, UnitRow.short_name).where(UnitRow.id.in_(IDS)).order_by(UnitRow.id)
_NAMES_HELD = _NAMES.with_for_update(key_share=True)
_OTHER_NAMES: sa.CompoundSelect[Any] = sa.union_all(
    sa.select(UnitAlias.unit_id, UnitAlias.text).where(UnitAlias.unit_id.in_(IDS)),
    sa.select(UnitPast.unit_id, UnitPast.name).where(UnitPast.unit_id.in_(IDS)),
    sa.select(UnitPast.unit_id, UnitPast.short_name).where(UnitPast.unit_id.in_(IDS)),
)
_ENTRIES = sa.select(
    ProgressEntry.id, ProgressEntry.result, ProgressEntry.difficulty, ProgressEntry.cause, ProgressEntry.proposal
).where(ProgressEntry.id.in_(IDS))
_PLANS = sa.select(PlanRow.id, PlanRow.number, PlanRow.title).where(PlanRow.id.in_(IDS))
_AMENDMENTS = sa.select(AmendmentRow.id, AmendmentRow.number).where(AmendmentRow.id.in_(IDS))
_EXTENSIONS = sa.select(ExtensionRow.id, ExtensionRow.document).where(ExtensionRow.id.in_(IDS))


def _tasks(connection: Connection, ids: Sequence[int]) -> _Texts:
    for key, title in connection.execute(_TASKS, {"ids": ids}):
        yield key, search_text(title)


def _units(connection: Connection, ids: Sequence[int]) -> _Texts:
    """Names, short names, aliases and former names; the rows are held, for two may change one unit's names at once."""
    rows = connection.execute(_NAMES_HELD, {"ids": ids}).all()
    names = {key: [name, short_name] for key, name, short_name in rows}
    for key, name in connection.execute(_OTHER_NAMES, {"ids": ids}):
        names[key].append(name)
    for key, known in names.items():
        yield key, search_text(*map(unit_text, known))


def _entries(connection: Connection, ids: Sequence[int]) -> _Texts:
    for key, *said in connection.execute(_ENTRIES, {"ids": ids}):
        yield key, search_text(*said)


def _plans(connection: Connection, ids: Sequence[int]) -> _Texts:
    for key, number, title in connection.execute(_PLANS, {"ids": ids}):
        yield key, search_text(number_text(number or ""), title)


def _amendments(connection: Connection, ids: Sequence[int]) -> _Texts:
    for key, number in connection.execute(_AMENDMENTS, {"ids": ids}):
        yield key, search_text(number_text(number))


def _extensions(connection: Connection, ids: Sequence[int]) -> _Texts:
    for key, document in connection.execute(_EXTENSIONS, {"ids": ids}):
        yield key, search_text(number_text(document))


_READERS: dict[str, Callable[[Connection, Sequence[int]], _Texts]] = {
    TASK: _tasks,
    UNIT: _units,
    ENTRY: _entries,
    PLAN: _plans,
    AMENDMENT: _amendments,
    EXTENSION: _extensions,
}


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    session.flush()
    refold(session.connection())
