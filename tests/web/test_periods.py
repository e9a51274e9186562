"""A period is closed once: its figures stay as they were, and can be computed again and compared."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.support.history import History
from tracker.domain.work import Action
from tracker.store.database import db, transaction
from tracker.store.tables import PeriodRow

CLOSED = "/periods/1"
TERM = {"name": "Học kỳ I", "from_on": "2024-09-05", "to_on": "2024-11-30"}


@pytest.fixture
def term(world, clients):
    """The first term is closed, after the finance office reported task 7 and a monitor accepted it."""
    History(world).done("lead", "7", date(2024, 9, 10), "monitor", "phong-tckh")
    answer = clients.monitor.submit("/plans/1/periods", **TERM)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(CLOSED)
    return clients


def test_the_figures_are_those_of_the_pages_on_that_day(term):
    page = term.monitor.get(CLOSED).text
    assert "Số liệu đến 30/11/2024, đã chốt" in page
    assert "Xong trong kỳ" in page
    assert "7. Hướng dẫn thu chi" in page
    for path in ("/", "/plans/1"):
        assert "Kỳ đã chốt: Học kỳ I" in term.lead.get(f"{path}?as_of=2024-11-30").text
        assert "Kỳ đã chốt: Học kỳ I" not in term.lead.get(f"{path}?as_of=2024-11-29").text
    assert "Tính lại bây giờ vẫn ra đúng" in term.leader.get(f"{CLOSED}?check=1").text


def test_what_is_recorded_later_changes_nothing_and_another_holiday_table_is_told(term, world):
    History(world).record("lead", "1", Action.PROGRESS, date(2024, 12, 2), percent=80)
    assert "vẫn ra đúng" in term.monitor.get(f"{CLOSED}?check=1").text
    with world.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE plan SET late_after_working_day = false"))
    page = term.monitor.get(f"{CLOSED}?check=1").text
    assert "Nếu tính lại bây giờ thì" in page
    assert "Số ngày trễ" in page


def test_it_is_closed_again_by_an_administrator_alone_beside_the_old(term):
    assert term.monitor.submit(f"{CLOSED}/reopen", "/plans/1/periods", reason="Sửa").status_code == 403
    assert term.admin.submit(f"{CLOSED}/reopen", CLOSED, reason=" ").status_code == 422
    answer = term.admin.submit(f"{CLOSED}/reopen", CLOSED, reason="Sửa ngày nghỉ")
    assert answer.headers["Location"].endswith("/periods/2")
    assert "Sửa ngày nghỉ" in term.lead.get("/periods/2").text
    assert "bản 2" in term.lead.get(CLOSED).text
    assert term.admin.submit(f"{CLOSED}/reopen", CLOSED, reason="Lần nữa").status_code == 409


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"to_on": "2024-12-16"}, "sau ngày cuối"),
        ({"to_on": "cuối tháng"}, "Ô “Ngày cuối kỳ”: “cuối tháng” không phải một ngày"),
        ({"to_on": ""}, "Ô “Ngày cuối kỳ” còn trống"),
        ({"name": "học kỳ i"}, "đã chốt"),
    ],
)
def test_what_cannot_be_closed_is_said_and_what_was_typed_stays(term, fields, told):
    answer = term.office.submit("/plans/1/periods", **(TERM | {"name": "Kỳ khác", "note": "của tôi"} | fields))
    assert answer.status_code == 422
    assert told in answer.text
    assert "của tôi" in answer.text


@pytest.mark.parametrize("who", ["lead", "leader"])
def test_only_those_who_watch_the_plan_close(clients, who):
    page = getattr(clients, who).get("/plans/1/periods")
    assert "Chốt một kỳ" not in page.text
    assert getattr(clients, who).submit("/plans/1/periods", **TERM).status_code == 403


@pytest.mark.both_databases
def test_the_database_refuses_to_change_what_was_kept(term, world):
    with world.app_context(), pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(sa.update(PeriodRow).values(name="Khác"))
    with world.app_context():
        assert db.session.scalar(sa.select(PeriodRow.name)) == "Học kỳ I"
        db.session.remove()
