"""The administrator sees who has come and who has not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.support.queries import count_queries
from tests.support.worlds import NOW
from tracker.domain.people import Role
from tracker.store.database import db, transaction
from tracker.store.tables import PersonRow
from tracker.usecases import people
from tracker.usecases.privacy import accept_notice

SECRET = "một câu dài dễ nhớ"

pytestmark = pytest.mark.one_database


def last_seen(clients) -> dict[str, str]:
    """What the list of people says of each of the cast."""
    page = clients.admin.get("/admin/").text
    return dict(re.findall(r'email">(\w+)@example\.org.*?Lần cuối"><div>(.*?)</div>', page, re.DOTALL))


def test_the_list_tells_when_each_was_last_there_in_local_time(world, clients):
    with world.app_context(), transaction() as session:
        session.execute(sa.update(PersonRow).values(last_seen_at=None))
        seen = sa.update(PersonRow).where(PersonRow.email == "lead@example.org")
        session.execute(seen.values(last_seen_at=datetime(2024, 12, 15, 20, 30, tzinfo=UTC)))
    told = last_seen(clients)
    assert told["lead"] == "16/12/2024 03:30"
    assert "chưa lần nào" in told["partner"]


def test_a_visit_is_written_down_at_sign_in_and_then_once_an_hour_at_most(world, clients, clock):
    visitor, email = clients.visitor, "moi@example.org"
    with world.app_context():
        accept_notice(people.add_person(email, "Ngô Mới", Role.MEMBER, "phong-tckh", now=NOW, password=SECRET), NOW)
    assert "chưa lần nào" in last_seen(clients)["moi"]
    assert visitor.submit("/sign-in", email=email, password=SECRET).status_code == 303
    assert last_seen(clients)["moi"] == "16/12/2024 08:00"
    with world.app_context():
        engine = db.engine
    writes = []
    for minutes in (59, 60, 61):
        clock.move(NOW + timedelta(minutes=minutes))
        with count_queries(engine) as statements:
            assert visitor.get("/my").status_code == 200
        writes.append(any(each.startswith("UPDATE person") for each in statements))
    assert writes == [False, True, False]
    assert last_seen(clients)["moi"] == "16/12/2024 09:00"
