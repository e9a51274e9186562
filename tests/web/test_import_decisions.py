"""Deciding what an import leaves open: rows in place, names once, the difference, a decision's number."""

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.importing import SMALL, begun, button, compared, confirmed, count
from tests.support.samples import read
from tests.support.unit_changes import ON, happen
from tests.support.worlds import ANNEX, Clients
from tracker.adapters.documents.plan_csv import export_csv
from tracker.domain.unit_events import Change, EventKind
from tracker.store.database import session
from tracker.store.tables import GroupMember, TaskRow, UnitAlias, UnitGroup, UnitRow


def test_the_annex_a_second_time_changes_nothing(clients: Clients, world: Flask):
    draft = begun(clients.monitor, ANNEX.read_bytes(), ANNEX.name)
    page = compared(clients.monitor, draft)
    assert "Không có gì thay đổi" in page
    assert "/confirm" not in page


@pytest.mark.long
def test_a_plan_that_was_chosen_keeps_its_name_whatever_heads_the_annex(clients: Clients, world: Flask):
    text = ANNEX.read_bytes().replace("NĂM HỌC 2024-2025".encode(), "TRONG NĂM".encode())
    draft = begun(clients.monitor, text, "phu-luc.txt", plan="1", school_year="2024-2025")
    assert "Không có gì thay đổi" in compared(clients.monitor, draft)


def test_someone_elses_import_meanwhile_is_noticed_and_the_new_difference_shown(clients: Clients, world: Flask):
    changed = ANNEX.read_bytes().replace("Khai giảng năm học mới".encode(), "Tổ chức khai giảng năm học mới".encode())
    mine, theirs = (begun(who, changed, "sua.txt", plan="1") for who in (clients.monitor, clients.office))
    compared(clients.monitor, mine)
    compared(clients.office, theirs)
    assert confirmed(clients.office, theirs).status_code == 303
    answer = confirmed(clients.monitor, mine)
    assert answer.status_code == 409
    assert "có người vừa nhập" in answer.text
    assert "Không có gì thay đổi" in answer.text
    assert count(world, TaskRow) == 41


def test_an_error_blocks_until_its_row_is_corrected_in_place(clients: Clients, world: Flask):
    wrong = SMALL.replace("31/10/2024", "31/4/2025")
    draft = begun(clients.monitor, wrong.encode(), "sai.csv", school_year="2024-2025")
    page = clients.monitor.get(draft).text
    assert "không có ngày 31/4" in page
    assert "phải sửa mới ghi được" in page
    assert clients.monitor.submit(f"{draft}/difference", page=draft).status_code == 422
    assert 'name="due"' in clients.monitor.get(f"{draft}?edit=1").text
    row = {"number": "2", "title": "Sửa chữa trường, lớp", "leads": "Phòng Nội vụ", "due": "Tháng 10/2024; T5/2025"}
    assert clients.monitor.submit(f"{draft}/rows/1", page=draft, **row).status_code == 303
    page = clients.monitor.get(draft).text
    assert "không có ngày 31/4" not in page
    assert re.search(r"Mốc 2: .*?T5/2025</q> → <span class=\"guess\">từ 01/05/2025, hạn 31/05/2025", page, re.DOTALL)
    assert "Sửa chữa trường lớp" in page, "the document's own words stand beside the correction"
    clients.monitor.submit(f"{draft}/rows/1", page=draft, undo="1", number="2")
    assert "không có ngày 31/4" in clients.monitor.get(draft).text


@pytest.mark.one_database
def test_every_guess_is_shown_as_a_guess(clients: Clients):
    text = SMALL.replace("các hộ dân có liên quan", "các phòng, ban có liên quan")
    page = clients.monitor.get(begun(clients.monitor, text.encode(), "nho.csv", school_year="2024-2025")).text
    assert re.search(r"Tháng 8/2024</q> → <span class=\"guess\">từ 01/08/2024, hạn 31/08/2024", page)
    assert re.search(
        r"các phòng, ban có liên quan</q> → <span class=\"guess\">không đếm được, không ai được nhắc", page
    )
    assert re.search(
        r"Công ty Môi trường đô thị</q> → <span class=\"guess guess-unknown\">chưa có trong danh mục", page
    )


def test_each_unknown_name_is_decided_once_and_remembered(clients: Clients, world: Flask):
    monitor = clients.monitor
    draft = begun(monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    page = monitor.get(f"{draft}/names").text
    names = [re.sub(r"&#39;", "'", name) for name in re.findall(r'name="name" value="([^"]+)"', page)]
    assert "known:phong-tckh" in page
    choices = {
        "Phòng Tài chánh Kế hoạch": "known:phong-tckh",
        "Công ty Môi trường đô thị": "new",
        "các hộ dân có liên quan": "open",
    }
    sent = {f"choice-{at}": choices[name] for at, name in enumerate(names)}
    assert monitor.submit(f"{draft}/names", page=f"{draft}/names", name=names, **sent).status_code == 303
    page = compared(monitor, draft)
    assert button(page) == "Ghi 2 nhiệm vụ, 1 đơn vị, 1 nhóm đơn vị, 1 tên gọi khác"
    assert confirmed(monitor, draft).status_code == 303
    with world.app_context():
        assert session().scalar(sa.select(UnitAlias.text).where(UnitAlias.text == "Phòng Tài chánh Kế hoạch"))
        assert session().scalar(sa.select(UnitRow.name).where(UnitRow.name == "Công ty Môi trường đô thị"))
    again = begun(monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    assert "Mọi đơn vị nêu tên đều đã có cách hiểu" in monitor.get(again).text
    assert "Không có gì thay đổi" in compared(monitor, again)


@pytest.mark.one_database
def test_all_names_that_are_near_nobody_are_made_new_by_one_press(clients: Clients):
    monitor, text = clients.monitor, SMALL.replace("đô thị", "đô thị, Bưu điện trung tâm, Xí nghiệp Chiếu sáng")
    draft = begun(monitor, text.encode(), "nho.csv", school_year="2024-2025")
    page = monitor.get(f"{draft}/names").text
    assert "Lập mới 3 tên không giống ai trong danh mục" in page
    assert monitor.submit(f"{draft}/names/new", page=f"{draft}/names").status_code == 303
    page = monitor.get(f"{draft}/names").text
    assert page.count('<option value="kept" selected>đơn vị mới: ') == 3
    assert "Phòng Tài chánh Kế hoạch" in page, "what is near somebody waits for a person"
    assert "không giống ai" not in page


@pytest.mark.one_database
def test_a_name_is_a_group_picked_by_hand(clients: Clients, world: Flask):
    monitor, text = clients.monitor, "các hộ dân có liên quan"
    draft = begun(monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    address = f"{draft}/name?text={text}"
    refused = monitor.submit(f"{draft}/name", page=address, text=text, kind="group")
    assert refused.status_code == 422
    assert "ít nhất một đơn vị" in refused.text
    picked = ["phong-tckh", "phong-gddt"]
    assert monitor.submit(f"{draft}/name", page=address, text=text, kind="group", member=picked).status_code == 303
    compared(monitor, draft)
    assert confirmed(monitor, draft, accept_defaults="1").status_code == 303
    with world.app_context():
        group = session().scalars(sa.select(UnitGroup).where(UnitGroup.name == text)).one()
        query = sa.select(UnitRow.code).join(GroupMember, GroupMember.unit_id == UnitRow.id)
        assert set(session().scalars(query.where(GroupMember.group_id == group.id))) == set(picked)


@pytest.mark.one_database
def test_open_questions_wait_for_a_yes(clients: Clients, world: Flask):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    compared(clients.monitor, draft)
    answer = confirmed(clients.monitor, draft)
    assert answer.status_code == 422
    assert "điểm cần người quyết định" in answer.text
    assert count(world, TaskRow) == 41


@pytest.mark.one_database
def test_a_revised_plan_comes_in_under_its_decision(clients: Clients, world: Flask):
    monitor = clients.monitor
    changed = ANNEX.read_bytes().replace("Khai giảng năm học mới".encode(), "Tổ chức khai giảng năm học mới".encode())
    draft = begun(monitor, changed, "dieu-chinh.txt", plan="1")
    compared(monitor, draft)
    half = monitor.submit(f"{draft}/amendment", page=f"{draft}/difference", amendment_number="12/QĐ-UBND")
    assert half.status_code == 422
    decision = {"amendment_number": "12/QĐ-UBND", "amendment_issued_on": "2024-12-10"}
    assert monitor.submit(f"{draft}/amendment", page=f"{draft}/difference", **decision).status_code == 303
    page = monitor.get(f"{draft}/difference").text
    assert "Theo điều chỉnh số 12/QĐ-UBND" in page
    assert button(page) == "Ghi 1 nhiệm vụ thay đổi"
    assert confirmed(monitor, draft).status_code == 303
    again = begun(monitor, changed, "dieu-chinh.txt", plan="1")
    assert "Không có gì thay đổi" in compared(monitor, again)


@pytest.mark.one_database
def test_what_is_said_of_the_plan_itself_is_corrected_too(clients: Clients):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    said = {"title": "Kế hoạch hè", "number": "5/KH", "issued_on": "ba mươi tết", "monitor": "phong-noi-vu"}
    assert clients.monitor.submit(f"{draft}/particulars", page=draft, **said).status_code == 422
    answer = clients.monitor.submit(f"{draft}/particulars", page=draft, **said | {"issued_on": "1/6/2024"})
    assert answer.status_code == 303
    compared(clients.monitor, draft)
    confirmed(clients.monitor, draft, accept_defaults="1")
    plan = clients.monitor.get(re.search(r'href="(/plans/\d+)"', clients.monitor.get(draft).text)[1]).text
    assert "Kế hoạch hè" in plan
    assert "01/06/2024" in plan
    assert re.search(r"Đơn vị theo dõi</dt><dd>[^<]*Phòng Nội vụ", plan)


@pytest.mark.long
@pytest.mark.one_database
def test_a_long_document_is_shown_a_page_at_a_time_also_when_it_was_refused(clients: Clients):
    heading, first, _ = SMALL.split("\n", 2)
    rows = [first.replace("1;Lập", f"{n};Lập ({n})", 1) for n in range(1, 61)]
    wrong = "\n".join([heading, *rows]).replace("Tháng 8/2024", "31/4/2025", 1)
    draft = begun(clients.monitor, wrong.encode(), "dai.csv", school_year="2024-2025")
    refused = clients.monitor.submit(f"{draft}/difference", page=draft)
    assert refused.status_code == 422
    assert f'href="{draft}?page=2"' in refused.text
    assert 'id="row-59"' in clients.monitor.get(f"{draft}?page=3").text
    assert clients.monitor.get(f"{draft}?show=error").text.count('<tr id="row-') == 1
    assert "Không có dòng nào như vậy" in clients.monitor.get(f"{draft}?show=corrected").text


@pytest.mark.long
def test_a_cell_of_prose_is_too_long_for_a_name_and_kept_as_words(clients: Clients, world: Flask):
    prose = "Công ty " + "môi trường đô thị xanh sạch đẹp " * 14
    draft = begun(
        clients.monitor, SMALL.replace("Công ty Môi trường đô thị", prose).encode(), "dai.csv", school_year="2024-2025"
    )
    assert "sạch đẹp" in clients.monitor.get(draft).text
    assert "sạch đẹp" not in clients.monitor.get(f"{draft}/names").text
    assert "Ghi 2 nhiệm vụ" in compared(clients.monitor, draft)
    assert confirmed(clients.monitor, draft, accept_defaults="1").status_code == 303
    again = begun(
        clients.monitor, SMALL.replace("Công ty Môi trường đô thị", prose).encode(), "dai.csv", school_year="2024-2025"
    )
    assert "Không có gì thay đổi" in compared(clients.monitor, again)


@pytest.mark.long
@pytest.mark.one_database
def test_a_row_without_a_number_is_proposed_one_and_mended_in_place(clients: Clients, world: Flask):
    heading, first, second = SMALL.strip().split("\n")
    text = "\n".join([heading, first, second.replace("2;", ";", 1), second.replace("2;Sửa", "2;Xây", 1)])
    draft = begun(clients.monitor, text.encode(), "thieu-so.csv", school_year="2024-2025")
    page = clients.monitor.get(draft).text
    assert "tạm đánh số 1.1" in page
    assert "phải sửa mới ghi được" not in page
    assert '<tr id="row-1">' in clients.monitor.get(f"{draft}?show=question").text
    assert 'value="1.1"' in clients.monitor.get(f"{draft}?edit=1").text
    row = {"number": "3", "title": "Sửa chữa trường lớp", "leads": "Phòng Nội vụ", "due": "31/10/2024"}
    assert clients.monitor.submit(f"{draft}/rows/1", page=draft, **row).status_code == 303
    assert "tạm đánh số" not in clients.monitor.get(draft).text
    compared(clients.monitor, draft)
    assert confirmed(clients.monitor, draft, accept_defaults="1").status_code == 303
    with world.app_context():
        query = sa.select(TaskRow.number, TaskRow.title).where(TaskRow.title.like("%trường lớp"))
        stored = session().execute(query).all()
    assert sorted(map(tuple, stored)) == [("2", "Xây chữa trường lớp"), ("3", "Sửa chữa trường lớp")]


@pytest.mark.one_database
@pytest.mark.parametrize("keep_column", [True, False])
def test_a_table_without_numbers_is_imported_by_position(clients: Clients, world: Flask, keep_column: bool):
    lines = [line.split(";", 1) for line in SMALL.strip().split("\n")]
    without = [f";{rest}" if at and keep_column else rest for at, (_, rest) in enumerate(lines)]
    text = "\n".join([f"Số TT;{without[0]}" if keep_column else without[0], *without[1:]])
    draft = begun(clients.monitor, text.encode(), "khong-so.csv", school_year="2024-2025")
    assert "được đánh số theo thứ tự trong bảng" in clients.monitor.get(draft).text
    assert "Ghi 2 nhiệm vụ" in compared(clients.monitor, draft)


def test_the_difference_tells_days_as_people_write_them_units_by_name_and_the_sizes_of_groups(clients: Clients):
    plan = replace(read(ANNEX.name), issued_on=date(2024, 8, 9))
    text = export_csv(plan).decode("utf-8-sig")
    for old, new in (("05/9/2024;Ngày 05", "05/9/2024;Ngày 06"), ("Phòng Nội vụ", "Phòng Tư pháp"), ("; T5/2025", "")):
        assert old in text
        text = text.replace(old, new, 2 if not new else 1)
    draft = begun(clients.monitor, text.encode(), "sua.csv", plan="1")
    page = compared(clients.monitor, draft)
    told = {
        (name, *(re.sub(r"<[^>]+>|trước: |sau: ", "", side).strip() for side in sides.split(" → ")))
        for name, sides in re.findall(r"<dt>([^<]+)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    }
    assert ("Hạn", "05/09/2024", "06/09/2024") in told
    assert ("Chủ trì", "Phòng Nội vụ", "Phòng Tư pháp") in told
    assert ("Bỏ mốc (mốc 2)", "31/05/2025", "(trống)") in told
    assert ("Ngày ban hành", "(trống)", "09/08/2024") in told
    assert not re.search(r"\d{4}-\d\d-\d\d", re.sub(r"<(input|time)[^>]*>", "", page.partition("<main")[2]))
    assert "Nhóm “các trường học”: 6 đơn vị trong danh bạ." in page
    assert confirmed(clients.monitor, draft, accept_defaults="1").status_code == 303
    assert "06/09/2024" in clients.monitor.get(draft).text


@pytest.mark.long
def test_a_task_that_comes_back_is_told_as_coming_back(clients: Clients):
    whole = export_csv(read(ANNEX.name)).decode("utf-8-sig")
    for text in ("".join(whole.splitlines(keepends=True)[:-1]), whole):
        draft = begun(clients.monitor, text.encode(), "ban.csv", plan="1")
        page = compared(clients.monitor, draft)
        confirmed(clients.monitor, draft, accept_defaults="1")
    assert "Đưa trở lại kế hoạch" in page


@pytest.mark.one_database
def test_what_a_group_lends_to_many_tasks_is_told_once_and_leads_to_each(clients: Clients):
    heading = "Số TT;Nội dung công việc;Đơn vị chủ trì;Hoàn thành"
    rows = ["I;Cơ sở vật chất;Phòng Nội vụ;Tháng 8/2024", "1;Rà soát;;", "2;Mua sắm;;", "3;Sửa chữa;;Tháng 9/2024"]
    draft = begun(clients.monitor, "\n".join([heading, *rows]).encode(), "nhom.csv", school_year="2024-2025")
    page = clients.monitor.get(draft).text
    top = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.partition('id="names-title"')[0]))
    assert "các nhiệm vụ 1, 2, hoàn thành: Ô để trống; lấy “Tháng 8/2024”" in top
    assert "các nhiệm vụ 1, 2, 3, đơn vị chủ trì: Ô để trống; lấy “Phòng Nội vụ”" in top
    assert re.search(r'<a href="[^"]+#row-1">2</a>', page)
    assert page.count("lấy “Tháng 8/2024” của nhóm") == 3, "once at the top and once in each row"


def test_confirming_again_in_another_window_shows_what_was_written(clients: Clients, world: Flask):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    compared(clients.monitor, draft)
    page = clients.monitor.get(f"{draft}/difference").text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    for _window in range(2):
        answer = clients.monitor.submit(f"{draft}/confirm", page="/plans/import", seen=seen, accept_defaults="1")
        assert (answer.status_code, answer.location) == (303, draft)
    assert "Lần nhập này đã được ghi rồi" in clients.monitor.get(draft).text
    assert count(world, TaskRow) == 43


def test_a_group_in_which_nobody_is_is_asked_about_with_the_page_where_it_is_filled(clients: Clients, world: Flask):
    text = SMALL.replace("các hộ dân có liên quan", "Các cơ sở giáo dục ngoài công lập")
    draft = begun(clients.monitor, text.encode(), "nhom.csv", school_year="2024-2025")
    page = clients.monitor.get(draft).text
    assert "chưa có đơn vị nào trong danh mục" in page
    address = re.search(r'href="(/groups/[^"]+)">Chọn đơn vị của nhóm', page)
    assert address

    clients.monitor.submit(address[1], page=address[1], counted="list", members=["phong-noi-vu"])
    assert "chưa có đơn vị nào trong danh mục" not in clients.monitor.get(draft).text
    assert (
        "theo danh sách chọn tay" in clients.admin.get("/history?kind=group").text
        or "Công an" in clients.admin.get("/history?kind=group").text
    )


def test_the_successor_of_a_unit_that_has_ended_is_offered_first(clients: Clients, world: Flask):
    with world.app_context():
        happen(Change(EventKind.MERGE, ON, "Nghị quyết 1", ("phong-noi-vu",), ("phong-tckh",)))
    draft = begun(clients.monitor, SMALL.replace("Phòng Tài chánh Kế hoạch", "Phòng Nội vụu").encode(), "cu.csv")
    page = clients.monitor.get(f"{draft}/name?text=Phòng%20Nội%20vụu").text

    first = re.search(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', page)
    assert first
    assert (first[1], "tiếp nhận Phòng Nội vụ" in first[2]) == ("phong-tckh", True)
