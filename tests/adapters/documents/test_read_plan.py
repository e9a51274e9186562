"""Files as offices have them: encodings, separators, and everything that is no plan."""

import json
import unicodedata

import pytest

from tests.support.samples import ANNEX, DATA, as_by_hand, by_hand, directory, read
from tracker.adapters.documents import LARGEST, find_tables, read_plan
from tracker.adapters.documents.plan_csv import export_csv, template_bytes
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import to_json

ROWS = (
    "Số TT;Nội dung công việc;Đơn vị chủ trì;Thời gian hoàn thành\n"
    "1;Khai giảng năm học;Phòng Nội vụ, các trường học;Tháng 9/2024\n"
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def read_rows(data: bytes, name: str = "ke-hoach.csv"):
    return [(task.title, [party.code for party in task.leads]) for task in read_plan(data, name, directory()).tasks]


RIGHT = [("Khai giảng năm học", ["phong-noi-vu", "cac-truong-hoc"])]


def windows_1258(text: str) -> bytes:
    """Vietnamese as older programs wrote it: a letter, then its tone."""
    spread = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(each for each in parts if each in TONES)
        spread.append(unicodedata.normalize("NFC", "".join(each for each in parts if each not in TONES)) + tones)
    return "".join(spread).encode("cp1258")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_every_usual_form_is_read(encoding):
    assert read_rows(ROWS.encode(encoding)) == RIGHT
    assert read_rows(unicodedata.normalize("NFD", ROWS).encode(encoding)) == RIGHT


def test_windows_1258_is_recognised():
    assert read_rows(windows_1258(ROWS)) == RIGHT


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found_out(separator, line_end):
    quoted = ROWS.replace("Phòng Nội vụ, các trường học", '"Phòng Nội vụ, các trường học"')
    assert read_rows(quoted.replace(";", separator).replace("\n", line_end).encode(), "bang.txt") == RIGHT


def test_a_plan_without_a_title_is_named_after_its_file():
    assert read_plan(ROWS.encode(), "Kế hoạch 2024.csv", directory()).title == "Kế hoạch 2024"


def test_the_school_year_can_be_given():
    rows = ROWS.replace("9/2024", "9").encode()
    assert [each.code for each in read_plan(rows, "a.csv", directory()).findings] == ["no-year"]
    plan = read_plan(rows, "a.csv", directory(), school_year="2025-2026")
    assert (plan.school_year, str(plan.tasks[0].milestones[0].due)) == ("2025-2026", "2025-09-30")


NO_TABLE = "Không tìm thấy bảng nhiệm vụ"
REFUSED = [
    ("rong.csv", b"", "rỗng"),
    ("trang.txt", b" \n\t\n", "rỗng"),
    ("tho.txt", "Trăm năm trong cõi người ta,\nChữ tài chữ mệnh khéo là ghét nhau.".encode(), NO_TABLE),
    ("so.csv", b"a;b;c\n1;2;3\n", NO_TABLE),
    ("anh.csv", b"\x89PNG\r\n\x1a\n" + bytes(64), "ảnh (PNG)"),
    ("anh.txt", b"\xff\xd8\xff\xe0" + bytes(64), "ảnh (JPEG)"),
    ("may.csv", bytes(range(256)) * 8, "nhị phân"),
    ("nen.csv", b"PK\x03\x04" + bytes(64), "hỏng"),
    ("ke-hoach.docx", b"PK\x03\x04" + b"word/document.xml", "hỏng"),
    ("ke-hoach.pdf", b"%PDF-1.7 ", "hỏng"),
    ("doi-ten.csv", b"%PDF-1.7 ", "hỏng"),
    ("doi-ten.pdf", ROWS.encode(), "hỏng"),
    ("cu.doc", b"\xd0\xcf\x11\xe0" + bytes(64), "đời cũ"),
    ("bang-ma.csv", "Nội dung; Đơn vị".encode().replace(b"\xe1", b"\xfe\xfa"), "bảng mã"),
    ("tieng-nga.csv", "Номер;Задача;Срок\n1;Открытие;Май".encode("koi8-r"), "bảng mã"),
    ("hong.csv", ROWS.replace("Khai giảng", '"Khai" giảng').encode(), "dòng 2"),
    ("mau.csv", template_bytes(), "không có dòng nào"),
    ("a.json", b'{"plan": {', "JSON hỏng"),
    ("b.json", b'{"plan": {"title": 3}, "tasks": []}', "plan.title"),
    ("c.json", b'{"plan": {"title": "x"}, "tasks": [{"number": "1"}]}', "tasks[0]"),
    ("d.json", b'{"plan": {"title": "x"}, "tasks": []}', "không có nhiệm vụ nào"),
    ("e.json", b"[" * 100_000, "JSON hỏng"),
    ("to.csv", b"x" * (LARGEST + 1), "20 MB"),
    ("dai.csv", ROWS.encode() + b"2;" + b"x" * 30_000, "dòng 3, cột 2"),
    ("nhieu.csv", ROWS.encode() + b"2;a;b;c\n" * 20_000, "20000 dòng"),
]


@pytest.mark.parametrize(("name", "data", "words"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_no_plan_is_refused_with_a_sentence(name, data, words):
    with pytest.raises(UnreadableDocument) as refusal:
        read_plan(data, name, directory())

    assert words in str(refusal.value)
    assert "%(" not in str(refusal.value)


@pytest.mark.parametrize(
    "line", ["Rà soát cơ sở vật chất", "Phòng Giáo dục và Đào tạo chủ trì", "1. Mục đích, yêu cầu", "Ngày 05/9/2024"]
)
def test_a_plan_that_is_only_prose_has_no_table(line):
    with pytest.raises(UnreadableDocument, match=NO_TABLE):
        read_plan(f"KẾ HOẠCH NĂM HỌC 2024-2025\n{line}\n".encode() * 30, "van-ban.txt", directory())


def test_sheets_and_pages_belong_to_other_kinds_of_file():
    with pytest.raises(UnreadableDocument, match="trang tính"):
        read_plan(ROWS.encode(), "a.csv", directory(), sheet="Trang 1")


def test_a_hostile_text_table_is_refused_or_read_quickly():
    text = (DATA / ANNEX).read_text(encoding="utf-8").split("\n2 \n")[0] + "\nchữ nghĩa" * 5000
    found = read_plan(text.encode(), "dai.txt", directory()).errors
    assert [each.code for each in found] == ["row-too-long"]


def test_the_annex_goes_through_csv_and_json_unchanged():
    plan = read(ANNEX)
    wanted = by_hand("hai-an-2024-2025.tasks.json")

    by_csv = read_plan(export_csv(plan), "ke-hoach.csv", directory())
    assert [as_by_hand(task) for task in by_csv.tasks] == wanted
    assert (by_csv.title, by_csv.school_year) == (plan.title, plan.school_year)

    by_json = read_plan(json.dumps(to_json(plan)).encode(), "ke-hoach.json", directory())
    assert by_json.tasks == plan.tasks
    assert [each.text() for each in by_json.findings] == [each.text() for each in plan.findings]


def test_the_plan_kept_as_data_is_the_annex():
    path = DATA.parents[1] / "seeds" / "plans" / "hai-an-2024-2025.json"
    kept = read_plan(path.read_bytes(), path.name, directory())

    assert [as_by_hand(task) for task in kept.tasks] == by_hand("hai-an-2024-2025.tasks.json")
    monitors = json.loads(path.read_text(encoding="utf-8"))["monitors"]
    assert all(directory().get(code) for code in monitors)


def test_json_has_the_promised_shape():
    data = to_json(read(ANNEX))
    row = data["tasks"][24]

    assert set(data) == {"plan", "tasks", "findings"}
    assert {"title", "school_year"} <= set(data["plan"])
    assert row["milestones"][1] == {
        "kind": "several",
        "start": "2025-05-01",
        "due": "2025-05-31",
        "start_as_written": "Tháng 12/2024; T5/2025",
        "due_as_written": "Tháng 12/2024; T5/2025",
        "part": "T5/2025",
    }
    assert [(party["name"], party["kind"]) for party in row["partners"]] == [
        ("các trường Tiểu học", "group"),
        ("các trường Trung học cơ sở", "group"),
    ]
    level = next(each for each in data["findings"] if each["code"] == "level-mismatch")
    assert (level["severity"], level["task"], level["column"]) == ("note", "30", "partners")


@pytest.mark.parametrize(
    ("template", "params"),
    [
        ("%(a)999999999s", {"a": "x"}),
        ("%(b)s", {"a": "x"}),
        ("%(a)s", {"a": 7}),
        ("100% %(a)s", {"a": "x"}),
        ("%s %d", {"a": "x"}),
        ("", {}),
    ],
)
def test_a_finding_whose_template_does_not_fit_is_told_by_its_sentence(template, params):
    data = to_json(read(ANNEX))
    data["findings"] = [{**data["findings"][0], "template": template, "params": params, "message": "Câu 100% đã viết."}]
    plan = read_plan(json.dumps(data).encode(), "ke-hoach.json", directory())

    assert plan.findings[0].text() == "Câu 100% đã viết."


UNKNOWN = "Thứ;Điều cần làm;Ai làm;Khi nào\n1;Rà soát;Phòng Nội vụ;Tháng 7/2024\n2;Tập huấn;Phòng Nội vụ;Tháng 8/2024\n"


def test_a_table_with_an_unknown_heading_is_offered_and_read_by_a_map():
    found = find_tables(UNKNOWN.encode(), "a.csv", directory())
    assert [(each.headings, each.rows, each.score) for each in found] == [
        (("Thứ", "Điều cần làm", "Ai làm", "Khi nào"), 2, 0)
    ]
    with pytest.raises(UnreadableDocument, match=NO_TABLE):
        read_plan(UNKNOWN.encode(), "a.csv", directory())

    mapping = {0: "number", 1: "title", 2: "leads", 3: "due"}
    plan = read_plan(UNKNOWN.encode(), "a.csv", directory(), table=0, mapping=mapping)
    assert [(task.number, task.title, str(task.milestones[0].due)) for task in plan.tasks] == [
        ("1", "Rà soát", "2024-07-31"),
        ("2", "Tập huấn", "2024-08-31"),
    ]
