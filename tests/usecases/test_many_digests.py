"""Ten thousand people who have something to be told of on one morning: planned at once."""

import time
from datetime import date
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.office import BASE, MADE, at, open_office
from tracker.domain.outbox import MAIL
from tracker.store.database import db, transaction
from tracker.store.tables import OutboxMessage, PersonRow, PreferenceRow
from tracker.usecases.reminders import plan

MONDAY = at("2024-12-16T08:00")
PEOPLE = 10_000


@pytest.mark.long
def test_ten_thousand_digests_are_planned_within_twenty_seconds(app: Flask) -> None:
    with app.app_context():
        open_office({str(n): (date(2024, 12, 17 + n), {1: "lead", 2: "partner"}) for n in range(5)})
        fields = {"role": "member", "active": True, "created_at": MADE, "password_hash": "", "locale": "vi"}
        chosen = {"hour": 7, "weekdays": [*range(1, 8)], "channels": [MAIL], "muted": []}
        ids = range(100, 100 + PEOPLE)
        with transaction() as session:
            rows = [{"id": n, "email": f"p{n}@example.org", "name": f"Người {n}", "unit_id": 1 + n % 2} for n in ids]
            session.execute(sa.insert(PersonRow), [row | fields for row in rows])
            session.execute(sa.insert(PreferenceRow), [{"person_id": n, **chosen} for n in ids])
        begun, cpu = time.perf_counter(), time.process_time()
        planned = plan(MONDAY, ZoneInfo("Asia/Ho_Chi_Minh"), BASE, [MAIL])
        took, cpu = time.perf_counter() - begun, time.process_time() - cpu
        print(f"\n{db.engine.dialect.name}: {len(planned.ids)} in {took:.1f} s, {cpu:.1f} s of CPU")  # noqa: T201
        assert len(planned.ids) > PEOPLE
        told = sa.select(sa.func.count(sa.distinct(OutboxMessage.person_id))).where(OutboxMessage.channel == MAIL)
        assert db.session.scalar(told) > PEOPLE
        # What others take of the machine meanwhile is no part of it.
        assert cpu < 20
