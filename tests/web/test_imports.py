"""Bringing a plan in through the front door: upload, preview, decide, see the difference, confirm, find again."""

import hashlib
import io
import json
import re

import pytest
from flask import Flask
from openpyxl import Workbook

from tests.support.annexes import sheet_annex, texts, word_annex
from tests.support.importing import SMALL, begun, button, compared, confirmed, count, files_kept, upload
from tests.support.queries import count_queries
from tests.support.runs import first_plain
from tests.support.samples import read
from tests.support.worlds import ANNEX, DATA, ISSUED, PASSWORD, Clients
from tracker.adapters import files
from tracker.adapters.documents import read_plan
from tracker.adapters.files import Upload
from tracker.adapters.passwords import hash_password
from tracker.domain.people import Role
from tracker.domain.plan_document import to_json
from tracker.store import import_drafts, people, units
from tracker.store.database import db, transaction
from tracker.store.tables import (
    DocumentRow,
    ImportDraftRow,
    ShareRow,
    TaskRow,
    UnitRow,
)
from tracker.usecases.import_wizard import import_document


@pytest.fixture
def newcomers(app: Flask) -> Clients:
    """An empty installation: an administrator, a monitor without a unit, nothing else."""
    with app.app_context():
        secret = hash_password(PASSWORD)
        with transaction():
            people.add("admin@example.org", "Trần Quản Trị", Role.ADMINISTRATOR, None, secret, "vi", ISSUED)
            people.add("monitor@example.org", "Nguyễn Theo Dõi", Role.MONITOR, None, secret, "vi", ISSUED)
    return Clients(app)


def test_an_empty_installation_takes_the_annex_in_with_its_whole_directory(app: Flask, newcomers: Clients):
    admin = newcomers.admin
    assert "/plans/import" in admin.get("/").text
    draft = begun(admin, ANNEX.read_bytes(), ANNEX.name, school_year="2024-2025")
    preview = admin.get(draft).text
    assert "41</b>nhiệm vụ đọc được" in preview
    page = compared(admin, draft)
    units = len(re.findall(r"<li>", re.search(r"Đơn vị mới \(\d+\).*?</details>", page, re.DOTALL)[0]))
    assert button(page).startswith(f"Ghi 41 nhiệm vụ, {units} đơn vị")
    assert count(app, TaskRow) == count(app, UnitRow) == 0
    assert "ngoài công lập” chưa có đơn vị nào" in page
    assert confirmed(admin, draft, accept_defaults="1").status_code == 303
    assert (count(app, TaskRow), count(app, UnitRow)) == (41, units)
    assert count(app, ShareRow) > 41
    assert "Đã ghi: thêm 41" in admin.get(draft).text
    again = begun(newcomers.monitor, ANNEX.read_bytes(), ANNEX.name, school_year="2024-2025")
    assert "Không có gì thay đổi" in compared(newcomers.monitor, again)


def test_a_begun_import_is_left_and_found_again_and_its_document_kept_with_the_plan(clients: Clients, world: Flask):
    monitor = clients.monitor
    draft = begun(monitor, SMALL.encode(), "Kế hoạch nhỏ.csv", school_year="2024-2025")
    assert f'href="{draft}"' in monitor.get("/plans/import").text
    compared(monitor, draft)
    assert confirmed(monitor, draft, accept_defaults="1").status_code == 303
    result = monitor.get(draft).text
    listed = monitor.get(re.search(r'href="(/plans/\d+/documents)"', result)[1]).text
    assert "Đã ghi: thêm 2" in result
    assert hashlib.sha256(SMALL.encode()).hexdigest() in listed
    address = re.search(r'href="(/documents/\d+)"', listed)[1]
    kept = clients.office.get(address, buffered=True)
    assert kept.data == SMALL.encode()
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert clients.lead.get(address).status_code == 403
    assert monitor.submit(f"{draft}/discard", page="/plans/import").status_code == 303
    assert clients.office.get(address, buffered=True).data == SMALL.encode()


def test_a_document_of_the_command_line_is_listed_and_downloaded_like_one_of_the_wizard(clients: Clients, world: Flask):
    with world.app_context():
        store, sheet = world.extensions["tracker"].files, Upload("nhỏ.csv", SMALL.encode())
        document = read_plan(sheet.data, sheet.name, units.directory(), school_year="2024-2025")
        options = {"plan_id": 1, "accept_defaults": True}
        import_document(document, sheet, files=store, now=ISSUED, **options)
    for client in (clients.monitor, clients.office, clients.admin):
        page = client.get("/plans/1/documents").text
        assert hashlib.sha256(SMALL.encode()).hexdigest() in page
        assert "dòng lệnh" in page
        address = re.search(r'href="(/documents/\d+)"', page)[1]
        kept = client.get(address, buffered=True)
        assert kept.data == SMALL.encode()
        assert kept.headers["Content-Disposition"].startswith("attachment")
    assert clients.lead.get(address).status_code == 403


def test_the_result_is_taken_home_as_a_table_and_as_data(clients: Clients):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    assert clients.monitor.get(f"{draft}/result.csv").status_code == 404
    compared(clients.monitor, draft)
    confirmed(clients.monitor, draft, accept_defaults="1")
    table = clients.monitor.get(f"{draft}/result.csv").data.decode("utf-8-sig")
    assert table.splitlines()[1] == "thêm;1;Lập danh sách học sinh;;;"
    told = json.loads(clients.monitor.get(f"{draft}/result.json").data)
    assert told["counts"]["added"] == 2
    assert told["document"]["sha256"] == hashlib.sha256(SMALL.encode()).hexdigest()


@pytest.mark.one_database
def test_a_thrown_away_import_leaves_no_document_behind(clients: Clients, world: Flask):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv")
    page = clients.monitor.get(draft).text
    address = re.search(r'href="(/documents/\d+)"', page)[1]
    assert clients.monitor.get(address, buffered=True).data == SMALL.encode()
    assert clients.office.get(address).status_code == 404
    clients.monitor.submit(f"{draft}/discard", page=draft)
    assert clients.monitor.get(draft).status_code == clients.monitor.get(address).status_code == 404
    assert (count(world, DocumentRow), count(world, ImportDraftRow)) == (0, 0)
    assert files_kept(world) == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "trong.csv", "rỗng"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "ke-hoach.pdf", "ảnh"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "ke-hoach.doc", "đời cũ"),
        (b"PK\x03\x04" + bytes(300), "ke-hoach.docx", "ke-hoach.docx"),
        (b"%PDF-1.4\n" + bytes(300), "ke-hoach.pdf", "ke-hoach.pdf"),
        (bytes(range(256)) * 20, "ke-hoach.txt", "ke-hoach.txt"),
        ("Một bài văn không có bảng nào cả.\n".encode() * 30, "van.txt", "Không tìm thấy bảng nhiệm vụ"),
        (b'{"plan": 1}', "ke-hoach.json", "JSON"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_a_sentence_and_nothing_is_left(clients, world, data, name, sentence):
    answer = upload(clients.monitor, data, name)
    assert answer.status_code == 422
    assert sentence in re.search(r'class="field-error"[^>]*>([^<]+)<', answer.text)[1]
    assert (count(world, DocumentRow), count(world, ImportDraftRow), files_kept(world)) == (0, 0, [])


@pytest.mark.one_database
def test_a_document_too_large_is_refused_with_the_limit(clients: Clients, world: Flask, monkeypatch):
    # A small limit: the test client leaves temporary files of larger bodies open.
    monkeypatch.setattr(files, "MAX_FILE_OCTETS", 400 * 1024)
    answer = upload(clients.monitor, b"x" * (400 * 1024 + 1), "qua-lon.csv")
    assert answer.status_code == 422
    assert "Tệp “qua-lon.csv” lớn hơn" in answer.text
    assert files_kept(world) == []


@pytest.mark.one_database
def test_nothing_to_read_and_a_year_that_is_none_are_refused_and_what_was_typed_stays(clients: Clients):
    assert "Hãy chọn một tệp" in clients.monitor.submit("/plans/import").text
    answer = clients.monitor.submit("/plans/import", text=SMALL, school_year="năm nay")
    assert answer.status_code == 422
    assert "không đúng dạng" in answer.text
    assert "Lập danh sách học sinh" in answer.text
    assert clients.monitor.submit("/plans/import", text=SMALL, plan="99").status_code == 422


@pytest.mark.one_database
def test_pasted_text_is_read_like_a_file(clients: Clients):
    answer = clients.monitor.submit("/plans/import", text=SMALL.replace(";", "\t"), school_year="2024-2025")
    assert "2</b>nhiệm vụ đọc được" in clients.monitor.get(answer.headers["Location"]).text


def test_another_persons_import_does_not_exist(clients: Clients):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv")
    for path in ("", "/names", "/name?text=x", "/difference", "/result.csv"):
        assert clients.office.get(f"{draft}{path}").status_code == 404, path
    for path in ("/discard", "/read", "/rows/0", "/particulars", "/names", "/name", "/difference", "/confirm", "/same"):
        assert clients.office.submit(f"{draft}{path}", page="/plans/import").status_code == 404, path
    assert draft not in clients.office.get("/plans/import").text


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["lead", "partner", "leader"])
def test_only_monitors_and_administrators_import(clients: Clients, who: str):
    client = getattr(clients, who)
    assert client.get("/plans/import").status_code == client.get("/plans/1/documents").status_code == 403
    assert "/plans/import" not in client.get("/plans").text
    assert "/plans/import" in clients.monitor.get("/plans").text


@pytest.mark.one_database
def test_columns_with_headings_nobody_knows_are_mapped_by_hand(clients: Clients):
    text = "a;b;c\nViệc thứ nhất;Phòng Nội vụ;Tháng 8/2024\nViệc thứ hai;Phòng Nội vụ;Tháng 9/2024\n"
    draft = begun(clients.monitor, text.encode(), "la.csv", school_year="2024-2025")
    assert "Chọn bảng và cột" in clients.monitor.get(draft).text
    columns = {"table": "0", "column-0-0": "title", "column-0-1": "leads", "column-0-2": "due"}
    assert clients.monitor.submit(f"{draft}/read", page=draft, **columns).status_code == 303
    page = clients.monitor.get(draft).text
    assert "2</b>nhiệm vụ đọc được" in page
    assert "hạn 30/09/2024" in page
    assert "đang chọn" in clients.monitor.get(f"{draft}/table").text
    assert "2</b>nhiệm vụ đọc được" in clients.monitor.get(draft).text, "the choice alone reads nothing anew"


@pytest.mark.one_database
def test_a_long_reading_shows_how_far_it_is_and_can_be_begun_anew(clients: Clients, world: Flask, clock):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    with world.app_context(), transaction():
        import_drafts.change(int(draft.rsplit("/", 1)[1]), clock.now(), state="reading", progress=1200)
    answer = clients.monitor.get(draft)
    assert "Đã đọc 1200 dòng" in answer.text
    assert answer.headers["Refresh"]
    assert clients.monitor.submit(f"{draft}/names", page="/plans/import").status_code == 409
    clients.monitor.submit(f"{draft}/read", page=draft)
    assert "2</b>nhiệm vụ đọc được" in clients.monitor.get(draft).text


@pytest.mark.one_database
def test_the_template_reads_back(clients: Clients):
    answer = clients.monitor.get("/plans/import/template.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    filled = answer.data + "1;;Việc một;Phòng Nội vụ;;Tháng 8/2024;Tháng 9/2024;\r\n".encode()
    page = clients.monitor.get(begun(clients.monitor, filled, "mau.csv", school_year="2024-2025")).text
    assert "1</b>nhiệm vụ đọc được" in page


@pytest.mark.one_database
def test_a_plan_as_data_comes_in_too(clients: Clients):
    document = read(ANNEX.name)
    data = json.dumps(to_json(document), ensure_ascii=False).encode()
    draft = begun(clients.monitor, data, "ke-hoach.json")
    assert "Không có gì thay đổi" in compared(clients.monitor, draft)


def test_pages_ask_the_database_ten_questions_at_most(clients: Clients, world: Flask):
    draft = begun(clients.monitor, ANNEX.read_bytes(), ANNEX.name, plan="1")
    other = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    compared(clients.monitor, draft)
    with world.app_context():
        engine = db.engine
    pages = (
        "/plans/import",
        draft,
        f"{draft}/difference",
        f"{other}/names",
        f"{other}/name?text=các+hộ+dân+có+liên+quan",
    )
    for path in (*pages, "/plans/1/documents"):
        with count_queries(engine) as statements:
            assert clients.monitor.get(path).status_code == 200, path
        assert len(statements) <= 10, (path, statements)


@pytest.mark.one_database
def test_no_word_of_a_document_goes_into_the_log(clients: Clients, caplog):
    secret = SMALL.replace("Lập danh sách học sinh", "Bí mật của văn bản")
    draft = begun(clients.monitor, secret.encode(), "nho.csv", school_year="2024-2025")
    compared(clients.monitor, draft)
    confirmed(clients.monitor, draft)
    upload(clients.monitor, b"%PDF-1.4\nB\xc3\xad m\xe1\xba\xadt", "hong.pdf")
    assert "Bí mật" not in caplog.text


@pytest.mark.one_database
@pytest.mark.parametrize(("make", "name"), first_plain([(word_annex, "phu-luc.docx"), (sheet_annex, "phu-luc.xlsx")]))
def test_word_and_excel_say_what_is_stored_from_the_text(clients: Clients, make, name: str):
    rows = texts(json.loads((DATA / "hai-an-2024-2025.tasks.json").read_text(encoding="utf-8"))["tasks"])
    draft = begun(clients.monitor, make(rows), name, plan="1")
    assert "41</b>nhiệm vụ đọc được" in clients.monitor.get(draft).text
    assert "Không có gì thay đổi" in compared(clients.monitor, draft)


@pytest.mark.one_database
def test_one_of_several_sheets_is_chosen(clients: Clients):
    workbook = Workbook()
    for number, sheet in enumerate((workbook.active, workbook.create_sheet("Quý hai")), start=1):
        sheet.append(["Số TT", "Nội dung công việc", "Đơn vị chủ trì", "Hoàn thành"])
        for row in range(1, number + 1):
            sheet.append([row, f"Việc {number}.{row}", "Phòng Nội vụ", "Tháng 9/2024"])
    file = io.BytesIO()
    workbook.save(file)
    draft = begun(clients.monitor, file.getvalue(), "hai-trang.xlsx", school_year="2024-2025")
    page = clients.monitor.get(draft).text
    assert "Bảng 2 · trang tính Quý hai" in page
    assert "Chờ chọn bảng" in clients.monitor.get("/plans/import").text
    assert clients.monitor.submit(f"{draft}/read", page=draft, table="1").status_code == 303
    assert "Việc 2.2" in clients.monitor.get(draft).text


@pytest.mark.long
@pytest.mark.one_database
def test_rows_with_a_new_number_alone_are_counted_and_looked_at_apart(clients: Clients):
    first = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    compared(clients.monitor, first)
    confirmed(clients.monitor, first, accept_defaults="1")
    head, one, two = SMALL.splitlines()
    rows = [head, "1;Họp phụ huynh;Phòng Nội vụ;;31/12/2024", f"2{one[1:]}", f"3{two[1:]}"]
    draft = begun(clients.monitor, "\n".join(rows).encode(), "nho.csv", school_year="2024-2025", plan="2")
    page = compared(clients.monitor, draft)
    assert "Thêm 1, đổi 0, bỏ 0" in page
    assert "2 nhiệm vụ chỉ đổi số thứ tự." in page
    assert "2 nhiệm vụ chỉ đổi số thứ tự" in button(page)
    alone = clients.monitor.get(f"{draft}/difference?kind=renumbered").text
    assert ("Lập danh sách học sinh" in alone, "Họp phụ huynh" in alone) == (True, False)
    assert page.index("Họp phụ huynh") < page.index("Lập danh sách học sinh")
