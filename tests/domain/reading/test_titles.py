"""The name of a plan, taken from many beginnings of documents, and from nothing that only stands near it."""

import io

import pytest
from docx import Document

from tests.support.samples import directory
from tracker.adapters.documents import read_plan
from tracker.domain.reading.preamble import read_preamble

LETTERHEAD = ["ỦY BAN NHÂN DÂN", "QUẬN HẢI AN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
LETTERHEAD += ["Số: 125/KH-UBND", "Hải An, ngày 09 tháng 8 năm 2024"]
SIGNED = ["Nơi nhận:", "- Như trên;", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn A"]
CONTACTS = ["Họ tên", "Chức vụ", "Điện thoại", "Trần Thị B", "Trưởng phòng", "0912345678", "b@haian.gov.vn"]
NAMES = ["DANH SÁCH", "HỌ VÀ TÊN", "CHỨC VỤ", "ĐIỆN THOẠI", "LÊ THỊ HỒNG GẤM", "HIỆU TRƯỞNG", "0225.3 765 432"]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["KẾ HOẠCH NĂM HỌC 2024-2025"], "KẾ HOẠCH NĂM HỌC 2024-2025"),
        (
            [*LETTERHEAD, "KẾ HOẠCH", "Thực hiện phổ cập giáo dục năm 2025", "Căn cứ Luật"],
            "Kế hoạch thực hiện phổ cập giáo dục năm 2025",
        ),
        ([*LETTERHEAD, "KẾ HOẠCH", "Công tác năm 2025", "Căn cứ Luật"], "Kế hoạch công tác năm 2025"),
        ([*LETTERHEAD, "KẾ HOẠCH CÔNG TÁC", "NĂM HỌC 2024-2025"], "KẾ HOẠCH CÔNG TÁC NĂM HỌC 2024-2025"),
        (
            ["PHỤ LỤC I", "PHÂN CÔNG NHIỆM VỤ CHO CÁC", "PHÒNG, BAN, ĐƠN VỊ"],
            "PHÂN CÔNG NHIỆM VỤ CHO CÁC PHÒNG, BAN, ĐƠN VỊ",
        ),
        (
            ["Phụ lục số 01", "Danh mục các nhiệm vụ trọng tâm", "(kèm theo Kế hoạch số 5)"],
            "Danh mục các nhiệm vụ trọng tâm",
        ),
        (["Phụ lục số 01 Danh mục nhiệm vụ (kèm theo văn bản số /   )"], "Phụ lục số 01 Danh mục nhiệm vụ"),
        (["PHÂN CÔNG NHIỆM VỤ CHO CÁC PHÒNG,", "BAN THUỘC QUẬN"], "PHÂN CÔNG NHIỆM VỤ CHO CÁC PHÒNG, BAN THUỘC QUẬN"),
        (["PHỤ LỤC II", "(Kèm theo Kế hoạch số 12/KH-UBND)"], "PHỤ LỤC II"),
        (["Kế hoạch công tác", "năm học 2024-2025"], "Kế hoạch công tác năm học 2024-2025"),
        (["Bảng phân công nhiệm vụ năm 2025"], "Bảng phân công nhiệm vụ năm 2025"),
        (["Số: 7/UBND-GD", "V/v giao nhiệm vụ", "năm học 2024-2025"], "Giao nhiệm vụ năm học 2024-2025"),
        ([*LETTERHEAD, "TUẦN LỄ HỌC TẬP SUỐT ĐỜI"], "TUẦN LỄ HỌC TẬP SUỐT ĐỜI"),
        ([*SIGNED, "NGUYỄN VĂN A", "PHỤ LỤC", "CÁC NHIỆM VỤ NĂM 2025"], "CÁC NHIỆM VỤ NĂM 2025"),
        (["KẾ HOẠCH NĂM 2025", *CONTACTS], "KẾ HOẠCH NĂM 2025"),
        (["KẾ HOẠCH NĂM 2025", *NAMES], "KẾ HOẠCH NĂM 2025"),
        ([*CONTACTS, "Phân công nhiệm vụ năm 2025"], "Phân công nhiệm vụ năm 2025"),
        ([*CONTACTS * 9, "Kế hoạch này gửi các trường."], ""),
        ([*LETTERHEAD, *SIGNED, *CONTACTS, *NAMES[1:]], ""),
        (["Phân công cụ thể như sau:"], ""),
        (["Kế hoạch gửi về a@haian.gov.vn"], ""),
        (["KẾ HOẠCH LIÊN HỆ 0912 345 678"], ""),
        ([], ""),
    ],
)
def test_a_title_is_found_where_one_stands_and_never_elsewhere(lines, title):
    assert read_preamble(lines).title == title


def test_a_row_of_several_cells_above_a_heading_is_no_title():
    rows = [["KẾ HOẠCH THÁNG 9/2024", "", ""], ["PHÒNG GIÁO DỤC", "ĐÀO TẠO", ""], ["Trưởng phòng", "0912345678", ""]]
    assert read_preamble((), rows).title == "KẾ HOẠCH THÁNG 9/2024"


def test_a_table_of_contacts_above_the_tasks_gives_the_plan_no_name():
    document = Document()
    for rows in (
        [["Họ tên", "Chức vụ", "Điện thoại"], ["Trần Thị B", "Trưởng phòng", "0912345678"]],
        [["TT", "Nội dung", "Đơn vị chủ trì", "Thời gian"], ["1", "Khai giảng", "Phòng Nội vụ", "5/9/2024"]],
    ):
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)

    assert read_plan(out.getvalue(), "Phân công 2024.docx", directory()).title == "Phân công 2024"


@pytest.mark.parametrize(
    ("lines", "issuer", "number", "day"),
    [
        (
            ("UỶ BAN NHÂN DÂN", "QUẬN HẢI AN", "Số: 12/KH-UBND", "Hải An, ngày 9 tháng 8 năm 2024"),
            "UỶ BAN NHÂN DÂN QUẬN HẢI AN", "12/KH-UBND", "2024-08-09",
        ),
        (
            ("ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "QUẬN HẢI AN Độc lập - Tự do - Hạnh phúc",
             "Số: 12/KH-UBND Hải An, ngày 09 tháng 8 năm 2024"),
            "ỦY BAN NHÂN DÂN QUẬN HẢI AN", "12/KH-UBND", "2024-08-09",
        ),
        (
            ("SỞ GIÁO DỤC VÀ ĐÀO TẠO HẢI PHÒNG", "TRƯỜNG THPT NGÔ QUYỀN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
             "Số 45/KH-THPTNQ", "Hải Phòng, ngày 9/8/2024"),
            "TRƯỜNG THPT NGÔ QUYỀN", "45/KH-THPTNQ", None,
        ),
        (("Số: 12/KH-UBND ngày 9 tháng 8 năm 2024",), None, "12/KH-UBND", "2024-08-09"),
        (("Số: 12/KH-UBND, ngày 09/8/2024",), None, "12/KH-UBND", "2024-08-09"),
        (("KẾ HOẠCH NĂM HỌC 2024-2025", "Số: 12/KH-UBND"), None, "12/KH-UBND", None),
    ],
)  # fmt: skip
def test_a_letterhead_tells_issuer_number_and_day(lines, issuer, number, day):
    told = read_preamble([*lines, "KẾ HOẠCH", "Công tác năm học 2024-2025"])

    assert (told.issuer, told.number, str(told.issued_on or "") or None) == (issuer, number, day)


def test_number_and_day_in_one_cell_of_a_spreadsheet_are_both_read():
    told = read_preamble((), [["KẾ HOẠCH năm học 2024-2025", ""], ["Số: 12/KH-UBND ngày 9 tháng 8 năm 2024", ""]])

    assert (told.number, str(told.issued_on)) == ("12/KH-UBND", "2024-08-09")


def test_a_number_written_with_blanks_is_the_documents_number():
    told = read_preamble(["PHỤ LỤC 01", "(kèm theo Kế hoạch số 88 /KH-UBND, ngày 15/10/2025 của UBND xã)"])

    assert (told.number, told.issuer, str(told.issued_on)) == ("88/KH-UBND", "UBND xã", "2025-10-15")
