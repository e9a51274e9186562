"""A plan's settings: by which rules late and quiet are told, and who confirms in which order."""

import re

import sqlalchemy as sa

from tests.support.unit_changes import plan
from tracker.store import units
from tracker.store.database import db, transaction
from tracker.store.tables import ChangeEntry, PlanRow

PAGE = "/plans/1/settings"


def settings(world) -> tuple[bool, int, list[str]]:
    """Whether late waits for a working day, the quiet days, and the codes of the monitors in order."""
    with world.app_context():
        found = plan()
        codes = {each.id: each.code for each in units.refs()}
        db.session.remove()
        calendar = found.calendar
    return calendar.late_after_working_day, calendar.quiet_days, [codes[each] for each in found.monitor_unit_ids]


def step(client, do: str, **fields):
    """Presses a button of the list of monitors as it stands on the page."""
    seen = re.findall(r'name="seen" value="(\d+)"', client.get(PAGE).text)
    return client.submit(f"{PAGE}/monitors", PAGE, do=do, seen=seen, **fields)


def test_its_monitors_and_administrators_set_it_and_the_history_tells(world, clients):
    assert "Thiết đặt của kế hoạch" in clients.monitor.get("/plans/1").text
    for client in (clients.leader, clients.lead):
        assert "Thiết đặt của kế hoạch" not in client.get("/plans/1").text
        assert client.get(PAGE).status_code == 403
        assert client.submit(PAGE, "/account", quiet_days="3").status_code == 403
    assert clients.monitor.submit(PAGE, quiet_days="7").status_code == 303
    assert settings(world)[:2] == (False, 7)
    assert clients.admin.submit(PAGE, quiet_days="7", late_after_working_day="1").status_code == 303
    assert settings(world)[:2] == (True, 7)
    with world.app_context():
        lines = db.session.scalars(sa.select(ChangeEntry).where(ChangeEntry.what == "plan.changed")).all()
        told = [(each.field, each.old, each.new) for each in lines]
        db.session.remove()
    assert told == [
        ("late_after_working_day", "true", "false"),
        ("quiet_days", "30", "7"),
        ("late_after_working_day", "false", "true"),
    ]


def test_the_rules_change_what_pages_say(world, clients):
    shifted = "30/11/2024 là Thứ Bảy, ngày nghỉ; tính đến hết 02/12/2024"
    assert shifted in clients.monitor.get("/overdue").text
    quiet = len(re.findall("Chưa cập nhật</span>", clients.monitor.get("/plans/1").text))
    clients.monitor.submit(PAGE, quiet_days="200")
    assert shifted not in clients.monitor.get("/overdue").text
    assert len(re.findall("Chưa cập nhật</span>", clients.monitor.get("/plans/1").text)) < quiet


def test_monitors_are_moved_added_and_removed_and_the_last_one_only_where_that_is_meant(world, clients):
    ids = {}
    with world.app_context():
        ids = units.ids_by_code()
        db.session.remove()
    first, second = "phong-gddt", "van-phong-hdnd-ubnd"
    assert step(clients.monitor, f"down-{ids[first]}").status_code == 303
    assert settings(world)[2] == [second, first]
    assert step(clients.admin, "add", unit=ids["phong-noi-vu"]).status_code == 303
    assert settings(world)[2] == [second, first, "phong-noi-vu"]
    for code in (first, "phong-noi-vu"):
        assert step(clients.admin, f"remove-{ids[code]}").status_code == 303
    answer = step(clients.admin, f"remove-{ids[second]}")
    assert answer.status_code == 422
    assert "không còn đơn vị theo dõi" in answer.text
    assert step(clients.admin, f"remove-{ids[second]}", none_is_meant="1").status_code == 303
    assert settings(world)[2] == []
    assert clients.office.get(PAGE).status_code == 403


def test_a_page_left_open_and_foreign_ids_change_nothing(world, clients):
    before = settings(world)
    with world.app_context():
        first, second = plan().monitor_unit_ids
        db.session.remove()
    stale = clients.admin.submit(f"{PAGE}/monitors", PAGE, do=f"up-{second}", seen=[second, first])
    assert stale.status_code == 409
    for do, unit in (("add", ""), ("add", "99999"), ("add", str(first)), ("fly-1", ""), ("up-x", ""), ("", "")):
        assert step(clients.admin, do, unit=unit).status_code == 422
    for days in ("0", "", "9999", "-3", "ba", "1e2"):
        answer = clients.admin.submit(PAGE, quiet_days=days)
        assert answer.status_code == 422
        assert "từ 1 đến 365" in answer.text
    assert clients.admin.get("/plans/99/settings").status_code == 404
    assert clients.admin.get(f"{PAGE}/monitors").status_code == 302
    assert settings(world) == before


def test_a_closed_plan_keeps_its_settings(world, clients):
    with world.app_context(), transaction() as session:
        session.execute(sa.update(PlanRow).values(state="closed"))
    answer = clients.admin.submit(PAGE, quiet_days="3")
    assert answer.status_code == 409
    assert "đã khép lại" in answer.text
