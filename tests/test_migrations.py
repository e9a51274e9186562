"""The migrations: one head, tried up, down and up, and equal to the tables that the code declares."""

import re
from datetime import date, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from tests.support.office import open_office, tick_at
from tests.support.worlds import NOW
from tracker.store import people, reminder_rules
from tracker.store.database import Base, db
from tracker.store.unit_events import open_shares
from tracker.usecases.reminders import ensure_rules
from tracker.usecases.share_people import give
from tracker.web.runtime import runtime


def test_there_is_one_head_and_no_gap():
    revisions = list(ScriptDirectory("migrations").walk_revisions())
    assert len(ScriptDirectory("migrations").get_heads()) == 1
    assert sorted(each.revision for each in revisions) == [f"{n:04}" for n in range(1, len(revisions) + 1)]


@pytest.mark.both_databases
def test_down_and_up_again_leaves_nothing_behind_and_nothing_out(app):
    with app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert set(inspect(db.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


@pytest.mark.long
def test_each_installation_draws_a_name_of_its_own_for_its_calendars(app):
    def name() -> str:
        with db.engine.connect() as connection:
            return connection.exec_driver_sql("SELECT calendar_host FROM installation").scalar_one()

    with app.app_context():
        first = name()
        assert re.fullmatch(r"[0-9a-f]{16}\.tracker\.invalid", first)
        downgrade(revision="0005")
        upgrade()
        assert name() != first


@pytest.mark.long
def test_a_document_that_the_command_line_brought_does_not_stop_the_way_down(app):
    values = "VALUES ('a.csv', 'text/csv', 1, 'x', '2024-12-16 00:00:00')"
    with app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO plan_document (name, media_type, size, sha256, kept_at) {values}")
        downgrade(revision="0002")
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM plan_document").scalar() == 0
        upgrade()


@pytest.mark.long
def test_names_in_lines_about_given_shares_become_ids_by_the_days_of_those_who_were_given_them(world):
    def told() -> list[tuple]:
        with db.engine.connect() as connection:
            query = "SELECT field, old, new FROM change_entry WHERE what = 'share.given' ORDER BY id"
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    with world.app_context():
        lead, zone = people.by_email("lead@example.org").person, runtime().zone
        share = open_shares([lead.unit_id], NOW.date())[0].id
        give(lead, [share], [lead.id], [], NOW, zone)
        give(lead, [share], [], [], NOW + timedelta(hours=1), zone)
        now = [("doers", "[]", "[4]"), ("doers", "[4]", "[]")]
        assert (lead.id, told()) == (4, now)
        downgrade(revision="0009")
        assert told()[1] == ("doers", '["Phạm Chủ Trì"]', "[]")
        upgrade()
        assert told() == now


def test_what_is_there_is_folded_for_the_search_when_it_comes(world):
    def kept() -> list[tuple]:
        with db.engine.connect() as connection:
            query = "SELECT kind, object_id, folded FROM search_text ORDER BY kind, object_id"
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    with world.app_context():
        before = kept()
        assert {kind for kind, _, _ in before} >= {"task", "unit", "plan"}
        downgrade(revision="0017")
        upgrade()
        assert kept() == before


@pytest.mark.long
def test_rules_and_lines_of_the_ledger_keep_what_they_say_on_the_way_down_and_up(app):
    def kept(query: str) -> list[tuple]:
        with db.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    with app.app_context():
        open_office({"1": (date(2024, 12, 19), {1: "lead", 2: "partner"})})
        tick_at(app, "2024-12-16T08:00")
        lines = "SELECT share_id, rule_code, {}, person_id, repeat_on FROM reminder ORDER BY id"
        before, rules = kept(lines.format("day")), reminder_rules.rules()
        assert {line[1] for line in before} == {"before-3"}
        db.session.remove()
        downgrade(revision="0011")
        assert kept(lines.format("due")) == before
        names = dict(kept("SELECT code, name FROM reminder_rule"))
        assert (names["before-3"], len(names)) == ("Còn 3 ngày", 6)
        upgrade()
        assert kept(lines.format("day")) == before
        assert reminder_rules.rules() == rules[:6]
        assert {row[0] for row in kept("SELECT audience FROM reminder")} == {"doers", "partners"}
        db.session.remove()
        ensure_rules()
        assert tick_at(app, "2024-12-16T09:00").messages == ()


@pytest.mark.both_databases
def test_the_migrated_database_is_the_one_that_the_code_declares(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []
