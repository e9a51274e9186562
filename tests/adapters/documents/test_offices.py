"""Annexes as offices write them, unlike the samples: each as Word, Excel, CSV and bare text, read to the same plan."""

import csv
import io
from dataclasses import dataclass

import pytest
from docx import Document
from openpyxl import Workbook

from tests.support.samples import directory
from tracker.adapters.documents import read_plan
from tracker.domain.plan_document import PlanDocument
from tracker.domain.units import Directory

Task = tuple[str, str, str, str, str, str]  # number, group, leads, partners, start and due, product
UNKNOWN = ("unknown-unit", "unknown-group")


@dataclass(frozen=True)
class Annex:
    """A title and a table, ' / ' a line break in a cell, '<' a cell merged with the one before; `plan` as a person
    reads it, `told` the findings but those about names nobody knows, `kinds` the files it can be told in."""

    title: str
    table: str
    plan: tuple[Task, ...]
    told: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("docx", "xlsx", "csv", "txt")

    @property
    def rows(self) -> list[list[str]]:
        lines = self.table.strip().split("\n")
        return [[cell.strip().replace(" / ", "\n") for cell in line.split("|")] for line in lines]


WARD = Annex(  # numbers begin again in each group, one column of time, a total and a signature inside the table
    "DANH MỤC NHIỆM VỤ TRỌNG TÂM NĂM 2025",
    """
    TT|Nội dung công việc|Cơ quan thực hiện|Cơ quan phối hợp|Thời gian|Ghi chú|Kết quả
    I|CHÍNH QUYỀN|||||
    1|Xây dựng chương trình công tác|Văn phòng HĐND và UBND|Phòng Nội vụ và Phòng Tư pháp|Quý I/2025||Chương trình
    2|Sơ kết 6 tháng đầu năm|Phòng Nội vụ|Công an quận; Phòng Y tế|Trước 30/6||Báo cáo
    II|VĂN HÓA|||||
    1|Hội khỏe Phù Đổng|Phòng Văn hóa và Thông tin|- Phòng Y tế / - Các trường Tiểu học|trước 15/3|Khẩn|Hội khỏe
    2|Tuyên truyền phòng, chống dịch|Phòng Y tế|Phòng Nội vụ|thường xuyên||Tin, bài
    |Tổng cộng: 04 nhiệm vụ|||||
    ||||TM. ỦY BAN NHÂN DÂN||
    ||||CHỦ TỊCH||
    """,
    (
        (
            "1",
            "I. CHÍNH QUYỀN",
            "van-phong-hdnd-ubnd",
            "phong-noi-vu + Phòng Tư pháp",
            "01/01 31/03",
            "Chương trình",
        ),
        ("2", "I. CHÍNH QUYỀN", "phong-noi-vu", "cong-an-quan + phong-y-te", "- 29/06", "Báo cáo"),
        (
            "1",
            "II. VĂN HÓA",
            "Phòng Văn hóa và Thông tin",
            "phong-y-te + cac-truong-tieu-hoc",
            "- 14/03",
            "Hội khỏe",
        ),
        ("2", "II. VĂN HÓA", "phong-y-te", "phong-noi-vu", "- -", "Tin, bài"),
    ),
    ("total-row", "after-table", "no-due"),
)
REFORM = Annex(  # the deadline before the unit, groups merged over the columns, numbers with dots
    "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2025",
    """
    STT|Nhiệm vụ|Thời hạn hoàn thành|Đơn vị chủ trì|Đơn vị phối hợp|Sản phẩm
    1|CẢI CÁCH THỂ CHẾ|<|<|<|<
    1.1|Rà soát văn bản|Quý II/2025|Phòng Tư pháp|Công an quận|Báo cáo
    1.2|Ban hành kế hoạch kiểm tra|Tháng 3/2025|Phòng Tư pháp|Văn phòng HĐND-UBND|Kế hoạch
    2|CẢI CÁCH THỦ TỤC|<|<|<|<
    2.1|Công khai thủ tục|Thường xuyên|Phòng Nội vụ|UBND các phường|Thủ tục
    """,
    (
        ("1.1", "1. CẢI CÁCH THỂ CHẾ", "Phòng Tư pháp", "cong-an-quan", "01/04 30/06", "Báo cáo"),
        ("1.2", "1. CẢI CÁCH THỂ CHẾ", "Phòng Tư pháp", "van-phong-hdnd-ubnd", "01/03 31/03", "Kế hoạch"),
        ("2.1", "2. CẢI CÁCH THỦ TỤC", "phong-noi-vu", "ubnd-cac-phuong", "- -", "Thủ tục"),
    ),
    ("no-due",),
)
SCHOOLS = Annex(  # a heading of two lines whose lower one tells more, numbered columns, the heading again on its way
    "PHÂN CÔNG THỰC HIỆN NHIỆM VỤ NĂM HỌC 2025-2026",
    """
    TT|Nội dung|Phân công thực hiện|<|Thời gian thực hiện|<|Ghi chú
    ||Chủ trì|Phối hợp|Từ tháng|Đến tháng|
    (1)|(2)|(3)|(4)|(5)|(6)|(7)
    A|NHIỆM VỤ CHUNG|||||
    1|Tuyển sinh các lớp đầu cấp|Phòng GDĐT|UBND các phường / Công an quận|7/2025|8/2025|
    TT|Nội dung|Chủ trì|Phối hợp|Từ tháng|Đến tháng|Ghi chú
    B|NHIỆM VỤ RIÊNG|||||
    2|Kiểm định chất lượng|Phòng GDĐT|Các trường Mầm non, Tiểu học|9/2025|5/2026|
    """,
    (
        ("1", "A. NHIỆM VỤ CHUNG", "phong-gddt", "ubnd-cac-phuong + cong-an-quan", "01/07 31/08", ""),
        ("2", "B. NHIỆM VỤ RIÊNG", "phong-gddt", "cac-truong-mam-non + cac-truong-tieu-hoc", "01/09 31/05", ""),
    ),
    kinds=("docx", "xlsx", "csv"),
)
DIGITAL = Annex(  # rows below a numbered one that take its unit, sums of money, a total in another column
    "NHIỆM VỤ CHUYỂN ĐỔI SỐ NĂM 2025",
    """
    STT|Nhiệm vụ, giải pháp|Đơn vị thực hiện|Thời gian thực hiện|Kinh phí (triệu đồng)
    1|Hạ tầng số|Phòng Nội vụ|Cả năm|
    a)|Nâng cấp mạng||Quý I|120
    b)|Trang bị máy tính|Phòng TC-KH|Quý II - Quý III|1.500
    |Cộng|||1.620
    """,
    (
        ("1", "", "phong-noi-vu", "", "01/01 31/12", ""),
        ("1.1", "1. Hạ tầng số", "phong-noi-vu", "", "01/01 31/03", ""),
        ("1.2", "1. Hạ tầng số", "phong-tckh", "", "01/04 30/09", ""),
    ),
    ("total-row", "sub-number", "from-group", "sub-number"),
    ("docx", "xlsx", "csv"),
)
STORMS = Annex(  # units joined in every way, numbers with a nought, times without a year
    "KẾ HOẠCH PHÒNG CHỐNG THIÊN TAI NĂM 2025",
    """
    TT|Nội dung|Đơn vị đầu mối thực hiện|Đơn vị phối hợp|Dự kiến thời gian hoàn thành
    01|Kiện toàn Ban Chỉ huy|Phòng Kinh tế, Hạ tầng và Đô thị|Phòng Nội vụ + Công an quận|Trước ngày 30 tháng 4 năm 2025
    02|Rà soát phương án|Ban Chỉ huy Quân sự quận/Công an quận|Các tổ dân phố|Xong trước tháng 6
    03|Trực ban 24/24|Các đơn vị được phân công||Khi có thiên tai
    """,
    (
        ("01", "", "Phòng Kinh tế, Hạ tầng và Đô thị", "phong-noi-vu + cong-an-quan", "- 29/04", ""),
        ("02", "", "Ban Chỉ huy Quân sự quận + cong-an-quan", "Các tổ dân phố", "- 31/05", ""),
        ("03", "", "Các đơn vị được phân công", "", "- -", ""),
    ),
    ("no-due",),
)
ANNEXES = {"ward": WARD, "reform": REFORM, "schools": SCHOOLS, "digital": DIGITAL, "storms": STORMS}


def word(annex: Annex) -> bytes:
    document = Document()
    document.add_paragraph(annex.title)
    table = document.add_table(rows=len(annex.rows), cols=len(annex.rows[0]))
    for at, row in enumerate(annex.rows):
        for column, text in enumerate(row):
            if text != "<":
                begin = table.cell(at, column)
                begin.text = text
            else:
                begin.merge(table.cell(at, column)).text = begin.text.strip()
    return _saved(document)


def sheet(annex: Annex) -> bytes:
    workbook = Workbook()
    made = workbook.active
    assert made is not None
    made.append([annex.title])
    for at, row in enumerate(annex.rows, start=2):
        made.append([None if text in ("", "<") else text for text in row])
        for column, text in enumerate(row, start=1):
            if text == "<" and (column == len(row) or row[column] != "<"):
                begin = max(each for each in range(1, column) if row[each - 1] != "<")
                made.merge_cells(start_row=at, end_row=at, start_column=begin, end_column=column)
    return _saved(workbook)


def _saved(file) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def delimited(annex: Annex) -> bytes:
    out = io.StringIO()
    rows = [["" if text == "<" else text for text in row] for row in annex.rows]
    csv.writer(out, delimiter=";").writerows([[annex.title], *rows])
    return out.getvalue().encode()


def bare(annex: Annex) -> bytes:
    """As copied out of a viewer: every line of every cell below the one before."""
    cells = [text for row in annex.rows for text in row if text not in ("", "<")]
    return "\n".join([annex.title, *cells]).encode()


MAKERS = {"docx": word, "xlsx": sheet, "csv": delimited, "txt": bare}
CASES = [(name, kind) for name, annex in ANNEXES.items() for kind in annex.kinds]


def as_read(plan: PlanDocument) -> tuple[Task, ...]:
    def named(parties) -> str:
        return " + ".join(party.code or party.name for party in parties)

    def days(milestone) -> str:
        return " ".join(f"{day:%d/%m}" if day else "-" for day in (milestone.start, milestone.due))

    return tuple(
        (
            task.number,
            task.group or "",
            named(task.leads),
            named(task.partners),
            days(task.milestones[0]),
            task.product or "",
        )
        for task in plan.tasks
    )


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_an_annex_of_any_office_is_read_as_a_person_reads_it(name, kind):
    annex = ANNEXES[name]
    plan = read_plan(MAKERS[kind](annex), f"phu-luc.{kind}", directory())

    assert as_read(plan) == annex.plan
    if kind != "txt":
        assert tuple(each.code for each in plan.findings if each.code not in UNKNOWN) == annex.told


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_program_that_knows_no_unit_reads_the_same_rows(name, kind):
    annex = ANNEXES[name]
    known, unknown = (read_plan(MAKERS[kind](annex), f"a.{kind}", each) for each in (directory(), Directory()))

    for task, same in zip(known.tasks, unknown.tasks, strict=True):
        assert (task.number, task.group, task.title, task.product) == (
            same.number,
            same.group,
            same.title,
            same.product,
        )
        assert [each.due for each in task.milestones] == [each.due for each in same.milestones]
        assert (task.leads_as_written, task.partners_as_written) == (same.leads_as_written, same.partners_as_written)


def test_a_remark_between_rows_does_not_end_the_table():
    table = WARD.table.replace("    II|VĂN", "    |Ghi chú: làm xong trước Tết|||||\n    II|VĂN")
    plan = read_plan(sheet(Annex(WARD.title, table, ())), "a.xlsx", directory())

    assert as_read(plan) == WARD.plan
    assert "Ghi chú: làm xong trước Tết" in [
        each.params["text"] for each in plan.findings if each.code == "after-table"
    ]


def test_a_text_whose_sentences_hold_commas_is_no_comma_separated_table():
    table = STORMS.table.replace("TT|Nội dung|", "TT|Tên đề án, công việc|")
    plan = read_plan(bare(Annex(STORMS.title, table, ())), "a.txt", directory())

    assert as_read(plan) == STORMS.plan
