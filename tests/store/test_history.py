"""The history is written with the change itself, and the database lets nobody change it afterwards."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.support.worlds import NOW
from tracker.domain.changes import in_words
from tracker.store import history
from tracker.store.database import db, transaction
from tracker.store.tables import ChangeEntry
from tracker.usecases.reminders import tick
from tracker.web.errands import desk_of

YEAR = timedelta(days=365)


@pytest.fixture
def recorded(app):
    """An application with one line of long ago and two of now."""
    with app.app_context():
        with transaction():
            history.record_change("setting.changed", "plan", 1, now=NOW - 4 * YEAR, fields={"quiet_days": (20, 30)})
            fields = {"name": ("A", "B"), "kind": ("rule", "rule"), "issued_on": (None, date(2024, 12, 16))}
            assert history.record_change("unit.changed", "unit", 7, now=NOW, fields=fields) == 2
        yield db.session
        db.session.remove()


def lines(session):
    return session.scalars(sa.select(ChangeEntry).order_by(ChangeEntry.id)).all()


def test_each_changed_field_is_a_line_from_what_to_what(recorded):
    told = [(line.field, in_words(line.old), in_words(line.new), line.unit_id) for line in lines(recorded)]
    assert told == [("quiet_days", "20", "30", None), ("name", "A", "B", 7), ("issued_on", "", "16/12/2024", 7)]


@pytest.mark.parametrize("statement", ["UPDATE change_entry SET what = 'x'", "DELETE FROM change_entry"])
def test_the_database_refuses_to_change_it(recorded, statement):
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(sa.text(statement))
    assert len(lines(recorded)) == 3


def test_what_is_too_old_is_set_aside_and_the_rest_stays_guarded(recorded):
    with transaction():
        assert history.sweep(NOW - 3 * YEAR) == 1
    with transaction():
        assert history.sweep(NOW - 3 * YEAR) == 0
    assert [line.field for line in lines(recorded)] == ["name", "issued_on"]
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(sa.delete(ChangeEntry))


def test_of_a_secret_only_the_change_is_told(recorded):
    with transaction():
        history.record_change("person.password_set", "person", 1, now=NOW, fields={"email": ("a@b.vn", "c@d.vn")})
        history.record_change("person.password_set", "person", 1, now=NOW, fields={"password": ("x", "x")})
    line = lines(recorded)[-1]
    assert (line.field, line.old, line.new) == ("email", None, None)


@pytest.mark.one_database
def test_a_tick_sweeps_what_is_older_than_its_time_and_says_so(recorded, app):
    tick(desk_of(app, clock=lambda: NOW))
    told = [(line.what, line.field, line.new) for line in lines(recorded)]
    assert told == [
        ("unit.changed", "name", '"B"'),
        ("unit.changed", "issued_on", '"2024-12-16"'),
        ("history.swept", "entries", "1"),
    ]
