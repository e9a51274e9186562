"""Groups and spellings by page: a person picks the members, adds a unit, corrects a name."""

import re

import pytest

pytestmark = pytest.mark.one_database

GROUP = "/groups/cac-co-so-ngoai-cong-lap"


def ticked(page: str) -> list[str]:
    return re.findall(r'name="members" value="([^"]+)" checked', page)


def test_a_person_picks_the_members_of_a_group(clients):
    assert ticked(clients.monitor.get(GROUP).text) == []
    answer = clients.monitor.submit(GROUP, counted="list", members=["truong-mn-cat-bi", "truong-mn-nam-hai"])
    assert answer.status_code == 303
    page = clients.monitor.get(GROUP).text
    assert sorted(ticked(page)) == ["truong-mn-cat-bi", "truong-mn-nam-hai"]
    assert "theo danh sách chọn tay" in page
    row = re.search(r'href="/groups/cac-co-so-ngoai-cong-lap".*?</tr>', clients.monitor.get("/groups").text, re.DOTALL)[
        0
    ]
    assert "<div>2</div>" in row


def test_a_group_is_counted_by_rule_or_left_open(clients):
    clients.admin.submit(GROUP, counted="rule", kinds=["school"], levels=["primary"])
    assert ticked(clients.admin.get(GROUP).text) == ["truong-th-thanh-to"]
    clients.admin.submit(GROUP, counted="open")
    assert "để ngỏ" in clients.admin.get(GROUP).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"counted": "rule"}, "ít nhất một loại đơn vị"),
        ({"counted": "list", "members": "khong-co"}, "Không có đơn vị với mã: khong-co"),
        ({"counted": "khac"}, "Hãy chọn cách đếm nhóm"),
    ],
)
def test_a_group_that_cannot_be_is_refused(clients, fields, sentence):
    answer = clients.admin.submit(GROUP, **fields)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert clients.admin.get("/groups/phong-gddt").status_code == 404


def test_a_group_and_a_unit_are_added(clients):
    added = clients.monitor.submit("/groups", name="các trường bán trú", code="truong-ban-tru")
    assert added.headers["Location"] == "/groups/truong-ban-tru"
    again = clients.monitor.submit("/groups", name="nhóm khác", code="truong-ban-tru")
    assert (again.status_code, "đã có trong danh bạ" in again.text) == (422, True)
    unit = {"name": "Chi cục Thuế", "code": "chi-cuc-thue", "kind": "department", "parent": "ubnd-quan-hai-an"}
    assert clients.monitor.submit("/groups/units", page="/groups", **unit).headers["Location"] == "/units/chi-cuc-thue"
    assert "Đã thêm đơn vị Chi cục Thuế" in clients.monitor.get("/units/chi-cuc-thue").text
    again = clients.monitor.submit("/groups/units", page="/groups", **unit)
    assert (again.status_code, 'value="Chi cục Thuế"' in again.text) == (422, True)


def test_an_administrator_corrects_short_name_and_spellings(clients):
    page = "/units/phong-gddt/edit"
    assert "Phòng GDĐT" in clients.admin.get(page).text
    answer = clients.admin.submit(page, short_name="PGD", aliases="Phòng GDĐT\nPhòng Giáo dục quận nhà\n")
    assert answer.status_code == 303
    assert "Phòng Giáo dục quận nhà" in clients.admin.get(page).text
    assert ">PGD</a>" in clients.admin.get("/plans/1").text
    wrong = clients.admin.submit(page, short_name="", aliases="Phòng Nội vụ")
    assert (wrong.status_code, "đã là tên gọi của “Phòng Nội vụ”" in wrong.text) == (422, True)
    assert clients.admin.get("/units/khong-co/edit").status_code == 404
