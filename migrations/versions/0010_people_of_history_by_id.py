"""Lines of the history about given shares name people by id, as all others do; names stood in them till now."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from tracker.store.append_only import guard, unguard

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ENTRY = sa.table(
    "change_entry",
    *(sa.column(name, sa.Integer) for name in ("id", "object_id")),
    sa.column("at", sa.DateTime),
    *(sa.column(name, sa.Text) for name in ("object_kind", "what", "field", "label", "old", "new")),
)
GIVEN = sa.table(
    "share_person",
    *(sa.column(name, sa.Integer) for name in ("share_id", "person_id")),
    sa.column("stand_in", sa.Boolean),
    *(sa.column(name, sa.DateTime) for name in ("given_at", "until_at")),
)
PERSON = sa.table("person", sa.column("id", sa.Integer), sa.column("name", sa.Text))
FIELDS = ("doers", "stand_ins")


def upgrade() -> None:
    """Who was named before and after each line is told by the days of those who were given the share."""
    given: dict[tuple[int, str], list[Any]] = {}
    for row in op.get_bind().execute(sa.select(GIVEN)):
        given.setdefault((row.share_id, FIELDS[row.stand_in]), []).append(row)
    unguard(op.get_bind(), ENTRY.name)
    for line in _lines():
        people = given.get((line.object_id, line.field), ())
        before = {each.person_id for each in people if each.given_at < line.at <= (each.until_at or line.at)}
        after = {
            each.person_id
            for each in people
            if each.given_at <= line.at and (each.until_at is None or line.at < each.until_at)
        }
        _write(line.id, sorted(before), sorted(after))
    # A calendar of one's own may be called after its owner.
    own = (ENTRY.c.object_kind == "subscription", ENTRY.c.field == "scope", ENTRY.c.new.like('"person:%'))
    op.execute(sa.update(ENTRY).where(*own).values(label=""))
    guard(op.get_bind(), ENTRY.name)


def downgrade() -> None:
    names = {row.id: row.name for row in op.get_bind().execute(sa.select(PERSON))}
    unguard(op.get_bind(), ENTRY.name)
    for line in _lines():
        before, after = ([names.get(each, f"#{each}") for each in json.loads(text or "[]")] for text in line[-2:])
        _write(line.id, sorted(before), sorted(after))
    guard(op.get_bind(), ENTRY.name)


def _lines() -> list[Any]:
    columns = (ENTRY.c.id, ENTRY.c.object_id, ENTRY.c.at, ENTRY.c.field, ENTRY.c.old, ENTRY.c.new)
    query = sa.select(*columns).where(ENTRY.c.what == "share.given", ENTRY.c.field.in_(FIELDS))
    return list(op.get_bind().execute(query).all())


def _write(line_id: int, old: list[Any], new: list[Any]) -> None:
    told = {"old": json.dumps(old, ensure_ascii=False), "new": json.dumps(new, ensure_ascii=False)}
    op.execute(sa.update(ENTRY).where(ENTRY.c.id == line_id).values(told))
