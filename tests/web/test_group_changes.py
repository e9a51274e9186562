"""The page and the command of group changes."""

import re

import pytest
import sqlalchemy as sa

from tests.support.worlds import NOW
from tracker.domain.units import Unit
from tracker.store.database import db
from tracker.store.tables import MilestoneRow, ShareRow
from tracker.usecases.units import create_unit

PAGE = "/plans/1/group-changes"


@pytest.fixture
def founded(world):
    """A primary school founded after the plan took effect."""
    with world.app_context():
        create_unit(Unit("truong-th-moi", "Trường Tiểu học Mới", kind="school", level="primary"), now=NOW)


def keys(page: str) -> list[str]:
    return re.findall(r'name="change" value="([^"]+)"', page)


def test_the_list_is_confirmed_one_by_one_or_at_once(world, clients, founded):
    page = clients.monitor.get(PAGE).text
    assert "Trường Tiểu học Mới" in page
    assert "nay thuộc nhóm" in page
    assert "thêm vào là trễ" in page
    one, *others = re.findall(r'name="advised" value="([^"]+)"', page)
    assert clients.monitor.submit(PAGE, change=one).status_code == 422
    assert clients.monitor.submit(PAGE, change=one, reason="QĐ 12").status_code == 303
    left = clients.monitor.get(PAGE).text
    assert one not in keys(left)
    assert "QĐ 12" in left
    assert clients.admin.submit(PAGE, all="1", advised=others, reason="QĐ 13").status_code == 303
    assert set(keys(clients.monitor.get(PAGE).text)).isdisjoint({one, *others})
    assert clients.monitor.submit(PAGE, change=one, reason="QĐ 12").status_code == 409
    with world.app_context():
        joined = db.session.scalars(sa.select(ShareRow).where(ShareRow.from_reason == "QĐ 12")).one()
        task = db.session.get(MilestoneRow, joined.milestone_id).task_id
    card = clients.monitor.get(f"/tasks/{task}?share={joined.id}").text
    assert "Vào nhóm được giao, từ ngày 16/12/2024: QĐ 12" in card


def test_only_who_watches_the_plan_sees_it_and_foreign_keys_change_nothing(clients, founded):
    for client in (clients.lead, clients.partner, clients.leader):
        assert client.get(PAGE).status_code == 403
        assert client.submit(PAGE, "/account", change="add-1-x", reason="QĐ").status_code == 403
    before = keys(clients.admin.get(PAGE).text)
    for key in ("add-1-nobody", "end-1", "x", ""):
        assert clients.admin.submit(PAGE, change=key, reason="QĐ").status_code == 409
    assert clients.admin.submit(PAGE, reason="QĐ").status_code == 422
    assert keys(clients.admin.get(PAGE).text) == before
    assert clients.admin.get("/plans/99/group-changes").status_code == 404


def test_nothing_waits_where_nothing_changed(clients):
    assert "Không có thay đổi nào chờ xác nhận" in clients.monitor.get(PAGE).text
