"""Telling columns by their headings."""

import pytest

from tracker.domain.reading.grid import grid_row
from tracker.domain.reading.headings import find_headings


def kinds(*rows: str) -> list[str] | None:
    found = find_headings(tuple(grid_row(row.split("|"), at) for at, row in enumerate(rows, start=1)))
    return [column.kind for column in found.columns] if found else None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["Số TT|Nội dung công việc|Đơn vị chủ trì|Đơn vị phối hợp|Thời gian|", "||||Bắt đầu|Hoàn thành"],
            ["number", "title", "leads", "partners", "start", "due"],
        ),
        (
            ["TT|NHIỆM VỤ|THỜI HẠN HOÀN THÀNH|CƠ QUAN CHỦ TRÌ|CƠ QUAN PHỐI HỢP"],
            ["number", "title", "due", "leads", "partners"],
        ),
        (
            ["TT|Nội dung|Bộ phận phụ trách|Đơn vị, cá nhân phối hợp|Thời điểm"],
            ["number", "title", "leads", "partners", "due"],
        ),
        (
            ["TT|Công việc|Phụ trách|Mốc thời gian|Hạn chót"],
            ["number", "title", "leads", "due", "extra"],
        ),
        (
            ["STT|Mã|Tên nhiệm vụ|Chủ trì|Cấp trình|Sản phẩm|Ghi chú"],
            ["number", "extra", "title", "leads", "extra", "product", "extra"],
        ),
        (["Nhiệm vụ|Đơn vị chủ trì|Phòng, đơn vị chủ trì|Tiến độ"], ["title", "leads", "extra", "due"]),
        (
            ["PHỤ LỤC: CÁC NHIỆM VỤ NĂM 2026|||", "TT|Nội dung|Đơn vị thực hiện|Số ngày"],
            ["number", "title", "leads", "days"],
        ),
        (["STT|Nhiệm vụ|Người phụ trách|Tiến độ|Ghi chú"], ["number", "title", "leads", "due", "extra"]),
        (["TT|Nhiệm vụ|Người phụ trách|Đơn vị chủ trì|Hạn"], ["number", "title", "extra", "leads", "due"]),
        (["Tháng|Nội dung công việc|Bộ phận thực hiện|Ghi chú"], ["due", "title", "leads", "extra"]),
        (["STT|Nội dung|Đơn vị||Thời gian", "||Chủ trì|Phối hợp|"], ["number", "title", "leads", "partners", "due"]),
    ],
)
def test_columns_stand_in_any_order_and_headings_take_up_to_three_lines(rows, expected):
    assert kinds(*rows) == expected


@pytest.mark.parametrize("row", ["Họ tên|Lớp|Điểm", "STT|Nội dung", "Trăm năm trong cõi người ta|", "Nhiệm vụ|Ghi chú"])
def test_other_tables_are_no_plan(row):
    assert kinds(row) is None
