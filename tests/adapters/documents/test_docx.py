"""Word documents: merged cells, numbers that Word makes itself, tracked changes, tables in tables and after tables."""

import io
from copy import deepcopy

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.support.samples import directory
from tracker.adapters.documents import find_tables, read_plan

HEADING = ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn")


def table(parent, *rows, heading=HEADING):
    made = parent.add_table(rows=0, cols=4)
    for row in (heading, *rows) if heading else rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    return made


def row(number: int):
    return (str(number), f"Việc {number}", "Phòng Nội vụ", "Tháng 9/2024")


def read(document, **options):
    out = io.BytesIO()
    document.save(out)
    return read_plan(out.getvalue(), "ke-hoach.docx", directory(), **options)


def told(plan):
    return [(task.number, task.title, task.leads_as_written) for task in plan.tasks]


def numbered(paragraph, identity: int, level: int = 0):
    properties = paragraph._p.get_or_add_pPr()
    xml = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>'
    properties.append(parse_xml(xml))


def define_list(document, identity: int, *levels: tuple[str, str]):
    drawn = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(levels)
    )
    numbering = document.part.numbering_part.element
    first = numbering.find(qn("w:num"))
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identity}">{drawn}</w:abstractNum>')
    number = parse_xml(f'<w:num {nsdecls("w")} w:numId="{identity}"><w:abstractNumId w:val="{identity}"/></w:num>')
    first.addprevious(abstract)
    numbering.append(number)


def test_cells_merged_over_rows_and_columns():
    document = Document()
    made = table(document, row(1), row(2), ("I", "CÔNG TÁC KHÁC", "", ""), row(3))
    made.cell(1, 2).merge(made.cell(2, 2)).text = "Phòng Nội vụ"
    made.cell(3, 1).merge(made.cell(3, 3))
    plan = read(document)

    assert told(plan) == [(str(n), f"Việc {n}", "Phòng Nội vụ") for n in (1, 2, 3)]
    assert [task.group for task in plan.tasks] == [None, None, "I. CÔNG TÁC KHÁC"]
    assert [task.place.row for task in plan.tasks] == [2, 3, 5]


def test_numbers_that_word_makes_itself_are_read():
    document = Document()
    define_list(document, 77, ("decimal", "%1."), ("lowerLetter", "%2)"))
    made = table(document, *(("", title, "Phòng Nội vụ", "Tháng 9/2024") for title in ("Một", "Hai", "Ba")))
    for cell in made.columns[0].cells[1:]:
        numbered(cell.paragraphs[0], 77)

    assert told(read(document)) == [(str(n), title, "Phòng Nội vụ") for n, title in enumerate(("Một", "Hai", "Ba"), 1)]


def test_roman_groups_and_letters_of_word_lists_are_read():
    document = Document()
    define_list(document, 78, ("upperRoman", "%1"), ("decimal", "%2"))
    made = table(
        document, ("", "ĐỘI NGŨ", "", ""), *(("", f"Việc {n}", "Phòng Nội vụ", "Tháng 9/2024") for n in (1, 2))
    )
    for cell, level in zip(made.columns[0].cells[1:], (0, 1, 1), strict=True):
        numbered(cell.paragraphs[0], 78, level)
    plan = read(document)

    assert [(task.number, task.group) for task in plan.tasks] == [("1", "I. ĐỘI NGŨ"), ("2", "I. ĐỘI NGŨ")]


def test_tracked_changes_are_read_as_accepted_and_each_row_is_asked_about():
    document = Document()
    made = table(document, row(1), row(2))
    paragraph = made.cell(1, 1).paragraphs[0]._p
    paragraph.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1"><w:r><w:t xml:space="preserve"> thêm</w:t></w:r></w:ins>')
    )
    paragraph.append(parse_xml(f'<w:del {nsdecls("w")} w:id="2"><w:r><w:delText> bớt</w:delText></w:r></w:del>'))
    deleted = made.rows[2]._tr.get_or_add_trPr()
    deleted.append(parse_xml(f'<w:del {nsdecls("w")} w:id="3"/>'))

    plan = read(document)
    assert told(plan) == [("1", "Việc 1 thêm", "Phòng Nội vụ")]
    assert asked(plan) == [
        (None, None, "tracked-row-deleted", "2 Việc 2 Phòng Nội vụ Tháng 9/2024"),
        ("1", "title", "tracked-change", "Việc 1 bớt"),
    ]


def test_a_row_added_by_a_tracked_change_is_asked_about_and_so_are_changes_around_the_table():
    document = Document()
    line = document.add_paragraph("Số: 12/KH-UBND")._p
    line.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1"><w:r><w:delText>3</w:delText></w:r></w:del>'))
    made = table(document, row(1), row(2))
    made.rows[2]._tr.get_or_add_trPr().append(parse_xml(f'<w:ins {nsdecls("w")} w:id="2"/>'))
    plan = read(document)

    assert [task.number for task in plan.tasks] == ["1", "2"]
    assert asked(plan) == [
        (None, None, "tracked-outside", "Số: 12/KH-UBND3"),
        ("2", None, "tracked-row-added", "2 Việc 2 Phòng Nội vụ Tháng 9/2024"),
    ]


def test_single_cells_put_in_or_taken_out_by_a_tracked_change_are_asked_about():
    document = Document()
    made = table(document, row(1), row(2), row(3))
    mark(made.cell(1, 2), "cellIns")
    mark(made.cell(2, 3), "cellDel")
    for cell in made.rows[3].cells:
        mark(cell, "cellDel")
    plan = read(document)

    assert [(task.number, task.milestones[0].due_as_written) for task in plan.tasks] == [
        ("1", "Tháng 9/2024"),
        ("2", ""),
    ]
    assert asked(plan) == [
        (None, None, "tracked-row-deleted", "3 Việc 3 Phòng Nội vụ Tháng 9/2024"),
        ("1", "leads", "tracked-change", None),
        ("2", "due", "tracked-change", "Tháng 9/2024"),
        ("2", "due", "no-time", None),
    ]


def mark(cell, change):
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:{change} {nsdecls("w")} w:id="9"/>'))


def asked(plan):
    found = [each for each in plan.findings if each.severity == "question"]
    return [(each.task, each.column, each.code, each.params.get("old") or each.params.get("text")) for each in found]


def test_a_table_that_goes_on_after_a_break_is_one():
    document = Document()
    table(document, row(1))
    document.add_paragraph("")
    table(document, row(2))
    document.add_paragraph("")
    table(document, row(3), heading=None)
    plan = read(document)

    assert [task.number for task in plan.tasks] == ["1", "2", "3"]
    assert not plan.findings


def test_the_table_inside_a_layout_table_is_found():
    document = Document()
    layout = document.add_table(rows=2, cols=2)
    layout.cell(0, 0).text, layout.cell(0, 1).text = "ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    inner = layout.cell(1, 0).add_table(rows=0, cols=4)
    for texts in (HEADING, row(1), row(2)):
        for cell, text in zip(inner.add_row().cells, texts, strict=True):
            cell.text = text

    assert told(read(document)) == [(str(n), f"Việc {n}", "Phòng Nội vụ") for n in (1, 2)]


def test_of_two_tables_the_longer_is_read_and_the_other_can_be_chosen():
    document = Document()
    table(document, row(1))
    document.add_paragraph("Phụ lục 2")
    table(document, row(7), row(8))
    out = io.BytesIO()
    document.save(out)
    found = find_tables(out.getvalue(), "a.docx", directory())

    assert [each.rows for each in found] == [1, 2]
    assert [task.number for task in read(document).tasks] == ["7", "8"]
    assert [each.code for each in read(document).findings] == ["several-tables"]
    assert [task.number for task in read(document, table=0).tasks] == ["1"]


def test_borders_that_a_hand_moved_a_little_are_one_border():
    document = Document()
    made = table(document, row(1), row(2))
    grid = made._tbl.tblGrid
    sliver = deepcopy(grid.gridCol_lst[1])
    sliver.set(qn("w:w"), "60")
    grid.insert(2, sliver)
    for at, cells in enumerate(made._tbl.tr_lst):
        span = cells.tc_lst[1 if at == 2 else 2].get_or_add_tcPr().get_or_add_gridSpan()
        span.val = 2
    plan = read(document)

    assert told(plan) == [(str(n), f"Việc {n}", "Phòng Nội vụ") for n in (1, 2)]
    assert [task.extra for task in plan.tasks] == [(), ()]


def test_what_stands_around_the_table_tells_about_the_plan():
    document = Document()
    head = document.add_table(rows=1, cols=2)
    head.cell(0, 0).text = "ỦY BAN NHÂN DÂN QUẬN\nSố: 215/KH-UBND"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nHải An, ngày 09 tháng 8 năm 2024"
    for line in ("KẾ HOẠCH", "Công tác giáo dục năm học 2024-2025"):
        document.add_paragraph(line)
    table(document, row(1))
    document.add_paragraph("Nơi nhận: các trường")
    plan = read(document)

    assert (plan.number, str(plan.issued_on), plan.school_year) == ("215/KH-UBND", "2024-08-09", "2024-2025")
    assert plan.title == "Kế hoạch công tác giáo dục năm học 2024-2025"
    assert plan.findings[-1].params == {"text": "Nơi nhận: các trường"}
