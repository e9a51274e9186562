"""PDF files: merged cells and groups over pages, words a narrow column cuts, scans, passwords, chosen pages."""

import base64
import io
from html import escape

import pytest
from PIL import Image, ImageDraw

from tests.support.annexes import printed
from tests.support.runs import first_plain
from tests.support.samples import directory
from tracker.adapters.documents import find_tables, read_plan
from tracker.domain.errors import UnreadableDocument

STYLE = """<meta charset="utf-8"><style>
@page { size: A4 landscape; margin: 20mm } body { font: 12pt "Liberation Serif" }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid black; padding: 3px; vertical-align: top }
</style>"""
HEADING = "<thead><tr><th>TT<th>Nội dung công việc<th>Đơn vị chủ trì<th>Đơn vị phối hợp<th>Thời hạn</tr></thead>"


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells) + "</tr>"


def plan_of(browser, html: str, **options):
    return read_plan(printed(browser, STYLE + html), "ke-hoach.pdf", directory(), **options)


def test_merged_cells_groups_and_notes_around_the_table(browser):
    plan = plan_of(
        browser,
        f"""<h1>KẾ HOẠCH NĂM HỌC 2024-2025</h1><table>{HEADING}
        <tr><td>I<td colspan="4">CƠ SỞ VẬT CHẤT</tr>
        <tr><td>1<td>Rà soát phòng học<td rowspan="2">Phòng Nội vụ<td>Công an quận<td>Tháng 7/2024</tr>
        <tr><td>2<td>Mua sắm thiết bị<td>Các trường học<td>Tháng 8/2024</tr>
        <tr><td>II<td colspan="4">ĐỘI NGŨ</tr>
        <tr><td>1<td>Tập huấn<td>Phòng Nội vụ<td>Công an quận<td>Tháng 9/2024</tr></table>
        <p>Nơi nhận: các trường.</p>""",
    )

    assert [(task.number, task.group, task.leads_as_written) for task in plan.tasks] == [
        ("1", "I. CƠ SỞ VẬT CHẤT", "Phòng Nội vụ"),
        ("2", "I. CƠ SỞ VẬT CHẤT", "Phòng Nội vụ"),
        ("1", "II. ĐỘI NGŨ", "Phòng Nội vụ"),
    ]
    assert [each.code for each in plan.findings] == ["after-table"]


def test_a_cut_date_is_whole_and_a_line_that_somebody_began_stays(browser):
    narrow = '<table style="table-layout: fixed; width: 14cm; overflow-wrap: anywhere">'
    narrow += '<col style="width: 1cm"><col style="width: 4cm"><col style="width: 6cm"><col style="width: 1.6cm">'
    plan = plan_of(
        browser,
        f"""{narrow}<thead><tr><th>TT<th>Nội dung công việc<th>Đơn vị chủ trì<th>Thời hạn</tr></thead>
        <tr><td>1<td>Khai giảng năm học 2024-2025 ở các trường<td>Phòng Nội vụ<br>Công an quận<td>05/9/2024</tr>
        </table>""",
    )
    task = plan.tasks[0]

    assert (task.title, task.milestones[0].due_as_written) == ("Khai giảng năm học 2024-2025 ở các trường", "05/9/2024")
    assert [party.name for party in task.leads] == ["Phòng Nội vụ", "Công an quận"]


LONG = "Nội dung dài qua trang. " * 60


def test_a_row_over_two_pages_is_one_task(browser):
    body = "".join(row(str(n), LONG.strip(), "Phòng Nội vụ", "Công an quận", "Tháng 7/2024") for n in range(1, 8))
    plan = plan_of(browser, f"<table>{HEADING}{body}</table>")

    assert [task.number for task in plan.tasks] == [str(n) for n in range(1, 8)]
    assert {task.title for task in plan.tasks} == {LONG.strip()}
    assert {task.partners_as_written for task in plan.tasks} == {"Công an quận"}
    assert len({task.place.page for task in plan.tasks}) > 1


def test_the_end_of_the_last_row_alone_on_its_page_is_no_note_below_the_table(browser):
    table = '<table style="table-layout: fixed; break-after: page">'  # as Word and LibreOffice do, closed on each page
    rows = row("1", "Rà soát", "Phòng Nội vụ", "Công an quận", "5/9/2024"), row("", "phòng học", "", "", "")
    plan = plan_of(browser, f"{table}{HEADING}{rows[0]}</table>{table}{rows[1]}</table>")

    assert [task.title for task in plan.tasks] == ["Rà soát phòng học"]
    assert [each.code for each in plan.findings] == ["row-over-page"]


def test_a_cell_merged_over_two_pages_is_inherited_on_both(browser):
    rest = "".join(f"<tr><td>{n}<td>{LONG[:1200]}<td>Công an quận<td>Tháng 7/2024</tr>" for n in range(2, 9))
    first = f'<tr><td>1<td>Rà soát<td rowspan="8">Phòng Nội vụ<td>Công an quận<td>Tháng 7/2024</tr>{rest}'
    last = row("9", "Tổng kết", "Công an quận", "", "Tháng 5/2025")
    plan = plan_of(browser, f"<table>{HEADING}{first}{last}</table>")

    assert len({task.place.page for task in plan.tasks}) > 1
    assert [task.leads_as_written for task in plan.tasks] == ["Phòng Nội vụ"] * 8 + ["Công an quận"]


def over_the_end(height: float, span: int, align: str = "top", unit: str = "Phòng Nội vụ") -> str:
    """A table whose fifth row, which begins a cell merged over `span` rows, stands at the end of the first page."""
    rows = "".join(
        f'<tr style="height: {height / 4}cm"><td>{n}<td>Việc {n}<td>Công an quận<td><td>Tháng 7/2024</tr>'
        for n in range(1, 5)
    )
    merged = f'<td rowspan="{span}" style="vertical-align: {align}">{unit}'
    rows += f'<tr style="height: 2cm"><td>5<td>Việc 5{merged}<td><td>Tháng 8/2024</tr>'
    for n in range(6, 5 + span):
        rows += f'<tr style="height: 2cm; break-inside: avoid"><td>{n}<td>Việc {n}<td><td>Tháng 9/2024</tr>'
    return f"<table>{HEADING}{rows}{row(str(5 + span), 'Tổng kết', 'Công an quận', '', 'Tháng 5/2025')}</table>"


@pytest.mark.parametrize(
    ("span", "height"), first_plain([(span, height) for span in (2, 3, 4) for height in (12.0, 12.8, 13.6, 14.4)], 2)
)
def test_a_merged_cell_that_begins_on_a_pages_last_row_is_inherited_on_the_next(browser, height, span):
    plan = plan_of(browser, over_the_end(height, span, "middle" if span == 3 else "top"))

    pages = [task.place.page for task in plan.tasks]
    assert (pages[0], pages[-1]) == (1, 2)
    leads = [task.leads_as_written for task in plan.tasks]
    assert leads == ["Công an quận"] * 4 + ["Phòng Nội vụ"] * span + ["Công an quận"]
    assert not plan.errors


def test_an_empty_merged_cell_below_a_pages_rule_asks_whether_it_goes_on(browser):
    upper = row("1", "Việc 1", "Phòng Nội vụ", "", "Tháng 7/2024")
    lower = '<tr><td>2<td>Việc 2<td rowspan="2"><td><td>Tháng 8/2024</tr><tr><td>3<td>Việc 3<td><td>Tháng 9/2024</tr>'
    closed = f"<table>{HEADING}{upper}</table>"
    plan = plan_of(browser, f'{closed}<table style="break-before: page">{HEADING}{lower}</table>')

    assert [task.leads_as_written for task in plan.tasks] == ["Phòng Nội vụ"] * 3
    assert [each.params["text"] for each in plan.findings if each.code == "cell-over-page"] == ["Phòng Nội vụ"]


def test_lines_between_pages_are_told_and_page_numbers_are_not(browser):
    rows = "".join(row(str(n), "Việc", "Phòng Nội vụ", "", "Tháng 7/2024") for n in (1, 2))
    more = "".join(row(str(n), "Việc khác", "Phòng Nội vụ", "", "Tháng 8/2024") for n in (3, 4))
    apart = '<div style="break-before: page">Trang 2/2</div><p>Mật</p>'
    plan = plan_of(browser, f"<table>{HEADING}{rows}</table>{apart}<table>{HEADING}{more}</table>")

    assert [task.number for task in plan.tasks] == ["1", "2", "3", "4"]
    assert [each.params["text"] for each in plan.findings if each.code == "between-pages"] == ["Mật"]


def test_two_tables_are_two_and_one_can_be_chosen(browser):
    rows = row("1", "Việc", "Phòng Nội vụ", "", "Tháng 7/2024")
    other = "<thead><tr><th>Họ tên<th>Chức vụ<th>Ký</tr></thead>" + row("An", "Chủ tịch", "")
    data = printed(browser, f"{STYLE}<table>{other}</table><p>Phụ lục</p><table>{HEADING}{rows}</table>")
    found = find_tables(data, "a.pdf", directory())

    assert [each.score > 0 for each in found] == [False, True]
    assert found[1].place.page == 1
    assert len(read_plan(data, "a.pdf", directory()).tasks) == 1


@pytest.mark.parametrize("pages", ["0", "3-1", "2-9", "một"])
def test_pages_that_are_not_there_are_refused(pages, browser):
    with pytest.raises(UnreadableDocument, match="tệp có 1 trang"):
        plan_of(browser, f"<table>{HEADING}</table>", pages=pages)


def scan(pages: int = 1) -> bytes:
    """A PDF of pictures, as a scanner makes it."""
    picture = Image.new("RGB", (800, 1100), "white")
    ImageDraw.Draw(picture).text((80, 80), "KE HOACH", fill="black")
    out = io.BytesIO()
    picture.save(out, "PDF", save_all=True, append_images=[picture] * (pages - 1))
    return out.getvalue()


@pytest.mark.parametrize("pages", [1, 3])
def test_a_scan_is_told_apart_and_refused_with_the_way_out(pages):
    with pytest.raises(UnreadableDocument, match=r"bản quét.*nhận dạng chữ"):
        read_plan(scan(pages), "scan.pdf", directory())


def test_a_scanned_page_among_others_is_asked_about(browser):
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "gray").save(out, "PNG")
    picture = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    rows = "".join(row(str(n), "Việc cần làm", "Phòng Nội vụ", "", "Tháng 7/2024") for n in (1, 2))
    plan = plan_of(
        browser,
        f'<table>{HEADING}{rows}</table><img style="break-before: page; display: block; width: 9cm" src="{picture}">',
    )

    assert [each.params["pages"] for each in plan.findings if each.code == "scanned-pages"] == ["2"]


def test_without_rules_a_line_alone_goes_on_with_its_row_unless_it_is_headed_like_a_group(browser):
    style = "<style>th, td { border: 0; padding: 12px; line-height: 2; text-align: left; width: 20% }</style>"
    title = "Tổ chức cuộc thi nghiên cứu khoa học kỹ thuật Thành phố"
    rows = row("1", "Rà soát đội ngũ", "Phòng Nội vụ", "Công an quận", "Tháng 7/2024")
    rows += row("2", title, "Phòng Nội vụ", "Công an quận", "Tháng 8/2024")
    rows += row("", "II. ĐỘI NGŨ", "", "", "") + row("3", "Tập huấn", "Phòng Nội vụ", "Công an quận", "Tháng 9/2024")
    plan = plan_of(browser, f"{style}<table>{HEADING}{rows}</table>")

    assert [(task.title, task.group) for task in plan.tasks] == [
        ("Rà soát đội ngũ", None),
        (title, None),
        ("Tập huấn", "II. ĐỘI NGŨ"),
    ]
    assert "unruled" in [each.code for each in plan.findings]
