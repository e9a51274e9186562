"""The address that tells whether the work has changed."""

from datetime import date

import pytest

from tests.support.history import History
from tests.support.queries import count_queries
from tracker.domain.work import Action
from tracker.store.database import db

pytestmark = pytest.mark.one_database


def test_it_answers_in_one_question_whether_anything_was_written(clients, world):
    etag = clients.lead.get("/revision").headers["ETag"]
    assert f"data-revision={etag}" in clients.lead.get("/overdue").text
    with world.app_context():
        engine = db.engine
    with count_queries(engine) as statements:
        assert clients.lead.get("/revision", headers={"If-None-Match": etag}).status_code == 304
    assert len(statements) == 1
    History(world).record("lead", "7", Action.SUBMIT, date(2024, 9, 10), result="Đã hướng dẫn")
    assert clients.lead.get("/revision", headers={"If-None-Match": etag}).status_code == 200


def test_strangers_are_sent_to_the_door(clients):
    assert clients.visitor.get("/revision").status_code == 302
