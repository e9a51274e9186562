"""Bringing a plan in through the front door: upload, preview, decide, see the difference, confirm, find again."""

import hashlib
import io
import json
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.queries import count_queries
from tests.support.worlds import ANNEX, ISSUED, PASSWORD, Clients, Visitor
from tracker.adapters import files
from tracker.adapters.documents import read_plan
from tracker.adapters.passwords import hash_password
from tracker.adapters.seeds import load_directory
from tracker.domain.people import Role
from tracker.domain.plan_document import to_json
from tracker.store import import_drafts, people
from tracker.store.database import db, session, transaction
from tracker.store.tables import (
    DocumentRow,
    GroupMember,
    ImportDraftRow,
    ShareRow,
    TaskRow,
    UnitAlias,
    UnitGroup,
    UnitRow,
)

SMALL = (
    "Số TT;Nội dung công việc;Đơn vị chủ trì;Đơn vị phối hợp;Hoàn thành\n"
    "1;Lập danh sách học sinh;Phòng Giáo dục và Đào tạo;các hộ dân có liên quan;Tháng 8/2024\n"
    "2;Sửa chữa trường lớp;Phòng Tài chánh Kế hoạch;Công ty Môi trường đô thị;31/10/2024\n"
)


@pytest.fixture
def newcomers(app: Flask) -> Clients:
    """An empty installation: an administrator, a monitor without a unit, nothing else."""
    with app.app_context():
        secret = hash_password(PASSWORD)
        with transaction():
            people.add("admin@example.org", "Trần Quản Trị", Role.ADMINISTRATOR, None, secret, "vi", ISSUED)
            people.add("monitor@example.org", "Nguyễn Theo Dõi", Role.MONITOR, None, secret, "vi", ISSUED)
    return Clients(app)


@pytest.fixture
def inside(world: Flask) -> Iterator[Flask]:
    with world.app_context():
        yield world


def upload(client: Visitor, data: bytes, name: str, **fields: str) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/plans/import").text)
    assert token
    sent = {"csrf_token": token[1], "document": (io.BytesIO(data), name), **fields}
    return client.post("/plans/import", data=sent, content_type="multipart/form-data")


def begun(client: Visitor, data: bytes, name: str, **fields: str) -> str:
    """The address of the import that uploading began."""
    answer = upload(client, data, name, **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def compared(client: Visitor, draft: str) -> str:
    """The page of the difference."""
    answer = client.submit(f"{draft}/difference", page=draft)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"]).text


def confirmed(client: Visitor, draft: str, **fields: str) -> TestResponse:
    page = client.get(f"{draft}/difference").text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen, page
    return client.submit(f"{draft}/confirm", page=f"{draft}/difference", seen=seen[1], **fields)


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def button(page: str) -> str:
    """The words of the button that writes."""
    found = re.search(r'/confirm".*?<button class="btn btn-primary">([^<]+)</button>', page, re.DOTALL)
    assert found, page
    return found[1]


def test_an_empty_installation_takes_the_annex_in_with_its_whole_directory(app: Flask, newcomers: Clients):
    admin = newcomers.admin
    assert "/plans/import" in admin.get("/").text
    draft = begun(admin, ANNEX.read_bytes(), ANNEX.name, school_year="2024-2025")
    preview = admin.get(draft).text
    assert "41</b>nhiệm vụ đọc được" in preview
    assert "“" not in re.findall(r"<title>(.*?)</title>", preview)[0]
    page = compared(admin, draft)
    units = len(re.findall(r"<li>", re.search(r"Đơn vị mới \(\d+\).*?</details>", page, re.DOTALL)[0]))
    assert button(page).startswith(f"Ghi 41 nhiệm vụ, {units} đơn vị")
    assert count(app, TaskRow) == count(app, UnitRow) == 0
    assert confirmed(admin, draft).status_code in (303, 422)
    answer = confirmed(admin, draft, accept_defaults="1") if count(app, TaskRow) == 0 else None
    assert answer is None or answer.status_code == 303
    assert (count(app, TaskRow), count(app, UnitRow)) == (41, units)
    assert count(app, ShareRow) > 41
    assert "Đã ghi: thêm 41" in admin.get(draft).text


def test_the_annex_a_second_time_changes_nothing(clients: Clients, world: Flask):
    draft = begun(clients.monitor, ANNEX.read_bytes(), ANNEX.name)
    page = compared(clients.monitor, draft)
    assert "Không có gì thay đổi" in page
    assert "/confirm" not in page


def test_a_plan_that_was_chosen_keeps_its_name_whatever_heads_the_annex(clients: Clients, world: Flask):
    text = ANNEX.read_bytes().replace("NĂM HỌC 2024-2025".encode(), "TRONG NĂM".encode())
    draft = begun(clients.monitor, text, "phu-luc.txt", plan="1", school_year="2024-2025")
    assert "Không có gì thay đổi" in compared(clients.monitor, draft)


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


def files_kept(app: Flask) -> list[str]:
    folder = app.extensions["tracker"].files.folder
    return [path.name for path in folder.rglob("*") if path.is_file()]


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
    assert re.search(r"các phòng, ban có liên quan</q> → <span class=\"guess\">không đếm được, không ai được nhắc", page)
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
    decision = {"amendment_number": "12/QĐ-UBND", "amendment_day": "2024-12-10"}
    assert monitor.submit(f"{draft}/amendment", page=f"{draft}/difference", **decision).status_code == 303
    page = monitor.get(f"{draft}/difference").text
    assert "Theo điều chỉnh số 12/QĐ-UBND" in page
    assert button(page) == "Ghi 1 nhiệm vụ thay đổi"
    assert confirmed(monitor, draft).status_code == 303
    again = begun(monitor, changed, "dieu-chinh.txt", plan="1")
    assert "Không có gì thay đổi" in compared(monitor, again)


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
    clients.monitor.submit(f"{draft}/read", page=draft, choose="1")
    assert "đang chọn" in clients.monitor.get(draft).text


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
    document = read_plan(ANNEX.read_bytes(), ANNEX.name, load_directory())
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
