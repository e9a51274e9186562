"""The first page tells each person, by role, how far the plan is and what to do next."""

import re
from datetime import date

import pytest

from tests.support.history import History
from tests.support.worlds import NOW, Clients
from tracker.domain.people import Role
from tracker.domain.work import Action
from tracker.usecases.people import add_person
from tracker.web import overview

# Pages whose questions to the database are asked on both kinds elsewhere.
pytestmark = pytest.mark.one_database

FINANCE = "phong-tckh"


@pytest.fixture
def autumn(world):
    """The finance office is late with task 1 and says why, has reported task 7, and had task 1 sent back once."""
    history = History(world)
    history.record("lead", "1", Action.SUBMIT, date(2024, 8, 20), result="Đã rà soát 12 trường")
    history.record("monitor", "1", Action.RETURN, date(2024, 8, 22), unit=FINANCE, reason="Thiếu dự toán")
    history.record("lead", "1", Action.PROGRESS, date(2024, 12, 2), percent=80, difficulty="Chưa có kinh phí")
    history.record("lead", "7", Action.SUBMIT, date(2024, 9, 10), result="Đã hướng dẫn 20 trường")
    return history


def headline(page: str) -> dict[str, str]:
    """The figures at the top: what is counted, and the number with its denominator."""
    found = re.findall(r"<b>(\d+)<span class=\"of\">(/\d+)</span></b><a [^>]*>([^<]+)</a>", page)
    return {words: number + of for number, of, words in found}


def section(page: str, title: str) -> str:
    """The part of a page under one heading, without its marks."""
    found = re.search(rf'<h2 id="([\w-]+)">{re.escape(title)}.*?</section>', page, re.DOTALL)
    assert found, title
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def test_the_monitor_sees_every_figure_with_its_denominator_and_day(clients, autumn):
    page = clients.monitor.get("/").text
    assert headline(page) == {
        "mốc đã xong": "0/42",
        "mốc quá hạn": "15/42",
        "mốc đến hạn trong hai tuần tới": "0/27",
        "mốc chưa xong và chưa cập nhật": "22/42",
    }
    assert "Xong 0/15 mốc đã xong hoặc quá hạn (0%), tính đến 16/12/2024." in page
    assert 'href="/overdue"' in page


def test_figures_follow_the_cut_off_and_so_do_the_links(clients, autumn):
    page = clients.monitor.get("/?as_of=2024-08-21").text
    assert headline(page)["mốc quá hạn"] == "0/42"
    assert headline(page)["mốc đến hạn trong hai tuần tới"] == "5/42"
    assert 'href="/overdue?as_of=2024-08-21"' in page
    assert 'href="/plans/1?as_of=2024-08-21&amp;status=soon"' in page
    assert 'value="2024-08-21"' in page


def test_the_worst_comes_first_with_who_owes_it_and_why(clients, autumn):
    late = section(clients.monitor.get("/").text, "Quá hạn, trễ nhiều nhất trước")
    assert "Xem cả 15" in late
    first = late.index("1. Rà soát cơ sở vật chất")
    assert first < late.index("Quá hạn 103 ngày")
    assert "Phòng TC-KH" in late[first:]
    assert "Chưa có kinh phí" in late


def test_a_group_that_leads_is_counted_under_its_name_with_the_way_to_who_is_missing(clients, world, monkeypatch):
    monkeypatch.setattr(overview, "TOP", 100)
    page = clients.monitor.get("/?as_of=2025-07-05").text
    late = section(page, "Quá hạn, trễ nhiều nhất trước")
    group = "Phòng Giáo dục và Đào tạo, Ủy ban nhân dân các phường"
    assert f"{group} : 0/9 đơn vị đã báo cáo" in late
    assert "UBND phường Cát Bi" not in late
    assert 'href="/tasks/11?as_of=2025-07-05#leads-' in page
    clerk = add_clerk(world, "ubnd-phuong-cat-bi")
    overdue = clients.monitor.get("/overdue?as_of=2025-07-05&unit=ubnd-phuong-cat-bi").text
    missing = overdue[overdue.index("Chưa báo cáo:") :]
    assert f"{group}</span>:" in overdue
    assert clerk in missing[: missing.index("</details>")]


def add_clerk(world, unit: str) -> str:
    """An account in a unit; returns its address."""
    with world.app_context():
        add_person("can.bo.phuong@example.org", "Cán Bộ Phường", Role.MEMBER, unit, now=NOW)
    return "can.bo.phuong@example.org"


def test_what_waits_is_shown_to_those_who_may_confirm_it_and_to_nobody_else(clients, autumn):
    waiting = section(clients.monitor.get("/").text, "Chờ bạn xác nhận")
    assert "7. Hướng dẫn thu chi" in waiting
    assert "báo xong ngày 10/09/2024" in waiting
    assert "Báo trễ 6 ngày" in waiting
    page = clients.monitor.get("/").text
    places = [page.index(each) for each in ('id="late-title"', 'id="waiting-title"', 'id="year-title"')]
    assert places == sorted(places), "who is late stands first, then what one does next"
    assert "Chờ bạn xác nhận" not in clients.office.get("/").text, "it goes to the first monitor"
    assert "Đơn vị theo dõi khác trả lời" in clients.office.get("/waiting").text
    assert "Chờ bạn xác nhận" not in clients.leader.get("/").text
    assert "Chờ bạn xác nhận" not in clients.admin.get("/").text
    assert "1 phần việc đã báo hoàn thành" in clients.monitor.get("/waiting").text
    assert "Không có phần việc nào chờ bạn xác nhận." in clients.leader.get("/waiting").text


def test_a_monitor_never_waits_for_themselves(clients, world):
    History(world).record("monitor", "4", Action.SUBMIT, date(2024, 8, 30), result="Đã xây dựng")
    assert "Chờ bạn xác nhận" not in clients.monitor.get("/").text
    office = section(clients.office.get("/").text, "Chờ bạn xác nhận")
    assert "4. Xây dựng kế hoạch năm học" in office
    assert "Báo đúng hạn" in office


def test_the_leader_gets_five_worst_and_the_units_and_no_worklists(clients, autumn):
    page = clients.leader.get("/").text
    late = section(page, "Quá hạn, trễ nhiều nhất trước")
    assert len(re.findall(r"Quá hạn \d+ ngày", late)) == 5
    assert "Đơn vị còn nhiều việc nhất" in page
    assert "Đến hạn trong hai tuần tới" not in page


def test_units_are_compared_by_what_they_lead(clients, autumn):
    units = clients.monitor.get("/").text.split('id="units-title"')[1]
    first = re.search(r"<tr>\s*<th scope=\"row\"><a [^>]*>([^<]+)</a>.*?aria-label=\"([^\"]+)\"", units, re.DOTALL)
    assert first[1] == "Phòng Giáo dục và Đào tạo"
    assert re.fullmatch(r"Chủ trì: Đang trong hạn \d+, Quá hạn \d+", first[2])


def test_a_unit_is_told_its_next_step_and_what_comes_after(clients, autumn):
    page = clients.lead.get("/").text
    assert "<h1>Phòng Tài chính - Kế hoạch</h1>" in page
    first = section(page, "Việc cần làm trước tiên")
    assert "1. Rà soát cơ sở vật chất" in first
    assert "Bị trả lại" in first
    assert "Mở và bổ sung" in first
    assert re.search(r'href="/tasks/\d+#share-\d+">Mở và bổ sung', page)
    assert "7. Hướng dẫn thu chi" in section(page, "Đã báo, chờ xác nhận")
    assert "phối hợp" in section(page, "Sau đó")


def test_a_unit_that_owes_nothing_is_told_so(clients, world):
    history = History(world)
    for number in ("1", "7"):
        history.done("lead", number, date(2024, 8, 30), "monitor", FINANCE)
    for number in ("9", "40"):
        history.record("lead", number, Action.SUBMIT, date(2024, 12, 2), result="Đã phối hợp")
    page = clients.lead.get("/").text
    assert "Đơn vị bạn không còn việc nào phải làm" in page
    assert "Xong đúng hạn 2" in page


def test_done_is_counted_and_linked_to_its_list(clients, world):
    History(world).done("lead", "1", date(2024, 8, 30), "office", FINANCE)
    page = clients.leader.get("/").text
    assert headline(page)["mốc đã xong"] == "1/42"
    link = re.search(r'href="([^"]+)"[^>]*>mốc đã xong', page)[1]
    assert "Rà soát cơ sở vật chất" in clients.leader.get(link).text


def test_an_empty_installation_says_what_to_do_first(app):
    with app.app_context():
        add_person("dau.tien@example.org", "Người Đầu Tiên", Role.ADMINISTRATOR, None, now=NOW)
        add_person("lanh.dao@example.org", "Lãnh Đạo", Role.LEADER, None, now=NOW)
    clients = Clients(app)
    page = getattr(clients, "dau.tien").get("/").text
    assert "Nạp kế hoạch đầu tiên" in page
    assert "tracker plan import" in page
    plans = getattr(clients, "dau.tien").get("/plans").text
    assert 0 < plans.index("Bấm Nhập kế hoạch ở trên") < plans.index("tracker plan import")
    for address in ("/", "/plans"):
        assert "tracker plan import" not in getattr(clients, "lanh.dao").get(address).text
    for path in ("/units", "/timeline", "/waiting", "/overdue", "/plans", "/my"):
        answer = getattr(clients, "dau.tien").get(path)
        assert answer.status_code == 200, path
    for path in ("/overdue", "/timeline", "/burn-up", "/urgings", "/calendar"):
        assert "Mở danh sách kế hoạch" in getattr(clients, "lanh.dao").get(path).text, path
    assert "đơn vị bạn" not in getattr(clients, "lanh.dao").get("/overdue").text, "who has no unit"


def test_what_is_due_soon_has_a_list_like_what_is_late_with_a_way_to_urge_it(clients, world):
    page = clients.monitor.get("/overdue?view=soon&as_of=2024-11-20").text
    assert "3/42 mốc đến hạn trong hai tuần tới, tính đến 20/11/2024." in page
    assert "<title>Sắp đến hạn" in page
    assert 'href="/overdue.xlsx?view=soon&amp;as_of=2024-11-20"' in page
    assert "Đôn đốc cả" not in page, "nobody is urged on a page of the past"
    late = clients.monitor.get("/overdue?unit=phong-tckh").text
    assert "Đôn đốc mọi việc của đơn vị này" in late
    assert "Đôn đốc cả 2 mục của trang này" in late
    assert "Danh sách dưới đây có 2 mốc trong số đó." in late, "a list of fewer tells how many"
    assert 'href="/plans/1?unit=phong-tckh&amp;part=partner&amp;status=overdue"' in late
    by_unit = clients.monitor.get("/overdue?sort=unit").text
    assert by_unit.index("/units/phong-gddt") < by_unit.index("/units/phong-tckh")
