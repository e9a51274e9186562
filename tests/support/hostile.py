"""Files that were broken, made to break the reader, or are no plan at all: the same ones for the same seed."""

import base64
import io
import random
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator

from docx import Document
from openpyxl import Workbook

from tests.support.annexes import sheet_annex, word_annex
from tests.support.samples import directory
from tracker.adapters.documents import read_plan
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import PlanDocument

Files = Iterator[tuple[str, bytes]]

ROWS = [
    (str(n), f"Rà soát công việc thứ {n}", "Phòng Nội vụ", "Các trường học", "Tháng 7/2024", "Tháng 8/2024")
    for n in range(1, 9)
]
CSV = "Số TT;Nội dung công việc;Đơn vị chủ trì;Đơn vị phối hợp;Bắt đầu;Hoàn thành\n" + "\n".join(map(";".join, ROWS))
FOREIGN = {
    "nga": "№;Содержание работы;Ответственный;Срок\n1;Открытие учебного года;Отдел образования;Сентябрь 2024\n",
    "trung": "序号;工作内容;牵头单位;完成时间\n1;开学典礼;教育局;2024年9月\n",
    "arap": "رقم;المهمة;الجهة المسؤولة;الموعد\n1;افتتاح السنة الدراسية;مكتب التعليم;سبتمبر 2024\n",
    "thai": "ลำดับ;งาน;หน่วยงาน;กำหนด\n1;เปิดปีการศึกษา;สำนักงานการศึกษา;กันยายน 2567\n",
}
NAMES = ("ke-hoach.docx", "ke-hoach.xlsx", "ke-hoach.pdf", "ke-hoach.csv", "ke-hoach.txt", "%(x)s ../../../a.docx")
WORD_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{name};" * 10}">' for name, after in zip("abcdefghi", "bcdefghij", strict=True)
)


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return out.getvalue()


def with_part(package: bytes, name: str, data: bytes) -> bytes:
    return packed({**parts(package), name: data})


def workbook(rows: Iterable[list[str]]) -> bytes:
    made = Workbook(write_only=True)
    sheet = made.create_sheet()
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet(xml: str) -> bytes:
    """A workbook whose only sheet has that content."""
    text = f'<?xml version="1.0"?><worksheet {SHEET_NS}>{xml}</worksheet>'
    return with_part(sheet_annex(ROWS), "xl/worksheets/sheet1.xml", text.encode())


def word(xml: str, head: str = "") -> bytes:
    """A document whose body has that content."""
    text = f'<?xml version="1.0"?>{head}<w:document {WORD_NS}><w:body>{xml}</w:body></w:document>'
    return with_part(word_annex(ROWS), "word/document.xml", text.encode())


def pdf(*objects: str | bytes, trailer: str = "") -> bytes:
    """A PDF of these objects, the first its catalogue."""
    out, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + (each.encode() if isinstance(each, str) else each) + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R"
    return out + f"{end} {trailer} >>\nstartxref\n{len(out)}\n%%EOF".encode()


def stream(data: bytes, extra: str = "") -> bytes:
    return f"<< /Length {len(data)} {extra} >>\nstream\n".encode() + data + b"\nendstream"


CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>"


def page_of(commands: bytes, extra: str = "") -> bytes:
    return pdf(CATALOGUE, PAGES, PAGE, stream(commands, extra))


def bombs() -> Files:
    zeros = bytes(200 * 1024 * 1024)
    yield "bom.docx", with_part(word_annex(ROWS), "word/document.xml", zeros)
    yield "bom.xlsx", with_part(sheet_annex(ROWS), "xl/sharedStrings.xml", zeros)
    yield "nhieu-phan.docx", packed({**parts(word_annex(ROWS)), **{f"x/{n}.xml": b"" for n in range(6000)}})
    yield "bom.pdf", page_of(zlib.compress(b"0 0 m 9 9 l S\n" * 8_000_000, 9), "/Filter /FlateDecode")
    twice = zlib.compress(zlib.compress(zeros + zeros, 9), 9)
    yield "bom-hai-lop.pdf", page_of(twice, "/Filter [/FlateDecode /FlateDecode]")


def entities() -> Files:
    yield "thuc-the.docx", word("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", BOMB + "]>")
    yield "thuc-the-giau.docx", word("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", f"<!--{'x' * 9000}-->{BOMB}]>")
    outside = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    yield "ngoai.docx", word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", f"<!--{'x' * 9000}-->{outside}")
    text = f'<?xml version="1.0"?><!--{"x" * 9000}-->{BOMB}]><worksheet {SHEET_NS}>&j;</worksheet>'
    yield "thuc-the.xlsx", with_part(sheet_annex(ROWS), "xl/worksheets/sheet1.xml", text.encode())
    strings = f'<?xml version="1.0"?><!--{"x" * 9000}-->{BOMB}]><sst {SHEET_NS}><si><t>&j;</t></si></sst>'
    yield "chuoi.xlsx", with_part(sheet_annex(ROWS), "xl/sharedStrings.xml", strings.encode())
    yield "khai-gian.docx", forged(word_annex(ROWS))


def forged(package: bytes) -> bytes:
    """A package that tells of its first part that it unpacks to two gigabytes."""
    at = package.index(b"PK\x01\x02") + 24
    return package[:at] + (2 << 30).to_bytes(4, "little") + package[at + 4 :]


def large_sheets() -> Files:
    filled = '<row r="1"><c r="A1" t="inlineStr"><is><t>STT</t></is></c></row>'
    empty = "".join(f'<row r="{n}"/>' for n in range(2, 1_000_001))
    yield "trieu-dong.xlsx", sheet(f"<sheetData>{filled}{empty}</sheetData>")
    styled = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="F{n}" s="0"/></row>' for n in range(2, 1_000_001))
    yield "trieu-dong-ke.xlsx", sheet(f"<sheetData>{filled}{styled}</sheetData>")
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "o-cuoi.xlsx", sheet(f"<sheetData>{filled}{last}</sheetData>")
    far = '<row r="1048576"><c r="C1048576"><v>1</v></c></row>'
    yield "dong-cuoi.xlsx", sheet(f"<sheetData>{filled}{far}</sheetData>")
    merges = "".join(f'<mergeCell ref="A{n}:F1048576"/>' for n in range(1, 20_000))
    yield "gop.xlsx", sheet(f"<sheetData>{filled}{far}</sheetData><mergeCells>{merges}</mergeCells>")
    yield "nhieu-dong.xlsx", sheet_annex([(str(n), *ROWS[0][1:]) for n in range(1, 25_000)])
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 9_000_000}</t></is></c></row>'
    yield "o-dai.xlsx", sheet(f"<sheetData>{cell}</sheetData>")


def odd_sheets() -> Files:
    yield "chuoi-thieu.xlsx", sheet('<sheetData><row r="1"><c r="A1" t="s"><v>999999</v></c></row></sheetData>')
    yield "so-am.xlsx", sheet('<sheetData><row r="-5"><c r="A-5"><v>1</v></c></row></sheetData>')
    yield "ngay-xa.xlsx", sheet('<sheetData><row r="1"><c r="A1" s="14"><v>9e99</v></c></row></sheetData>')
    yield "kieu-la.xlsx", sheet('<sheetData><row r="1"><c r="A1" t="d" s="999"><v>khi nào</v></c></row></sheetData>')
    yield (
        "khong-trang.xlsx",
        with_part(sheet_annex(ROWS), "xl/workbook.xml", f"<workbook {SHEET_NS}><sheets/></workbook>".encode()),
    )
    formulas = ([f'=WEBSERVICE("http://127.0.0.1/{row}")', '=cmd|"/c calc"!A1', f"=A{row}+1"] for row in range(1, 400))
    yield "cong-thuc.xlsx", workbook(formulas)
    yield "macro.xlsx", with_part(sheet_annex(ROWS), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(100))
    yield "macro.docm", with_part(word_annex(ROWS), "word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(100))


def odd_words() -> Files:
    deep = "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60
    yield "bang-sau.docx", word(deep)
    yield "bang-qua-sau.docx", word("<w:tbl><w:tr><w:tc>" * 5000 + "</w:tc></w:tr></w:tbl>" * 5000)
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc>'
    yield "gop-rong.docx", word(f"<w:tbl>{'<w:tr>' + cell * 50 + '</w:tr>'}</w:tbl>")
    yield "khong-ruot.docx", packed({"word/other.xml": b"<x/>"})
    yield "trong.docx", packed({**parts(word_annex(ROWS)), "word/document.xml": b""})
    out = io.BytesIO()
    Document().save(out)
    yield "trang.docx", out.getvalue()


def large_words() -> Files:
    yield "hang-rong.docx", word("<w:tbl>" + "<w:tr/>" * 200_000 + "</w:tbl>")
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>" * 3 + "</w:tr>"
    yield "nhieu-hang.docx", word(f"<w:tbl>{row * 30_000}</w:tbl>")


def odd_pdfs() -> Files:
    keys = "<< /Filter /Standard /V 1 /R 2 /P -4 /O (" + "a" * 32 + ") /U (" + "b" * 32 + ") >>"
    yield "khoa.pdf", pdf(CATALOGUE, PAGES, PAGE, stream(b""), keys, trailer="/Encrypt 5 0 R /ID [(abc) (abc)]")
    yield "vong.pdf", pdf(CATALOGUE, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")
    yield "sau.pdf", page_of(b"[" * 200_000)
    yield "khung-vo-han.pdf", page_of(b"1e308 1e308 1e308 1e308 re S -1e999 nan inf 0 re S")
    picture = stream(
        bytes(300), "/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    drawn = PAGE.replace("/Resources << >>", "/Resources << /XObject << /I 5 0 R >> >>")
    yield "quet.pdf", pdf(CATALOGUE, PAGES, drawn, stream(b"q 600 0 0 800 0 0 cm /I Do Q"), picture)


def large_pdfs() -> Files:
    kids = " ".join(f"{n} 0 R" for n in range(3, 3003))
    pages = ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>"] * 3000
    yield "nghin-trang.pdf", pdf(CATALOGUE, f"<< /Type /Pages /Kids [{kids}] /Count 3000 >>", *pages)
    yield "khung-day.pdf", page_of(b"".join(f"{n % 600} {n % 800} 9 9 re S\n".encode() for n in range(60_000)))
    yield (
        "luoi-day.pdf",
        page_of(b"".join(f"{n} 0 m {n} 800 l S 0 {n} m 600 {n} l S\n".encode() for n in range(0, 600))),
    )
    text = (
        b"BT /F1 9 Tf " + b"".join(f"1 0 0 1 {n % 590} {n % 790} Tm (a) Tj\n".encode() for n in range(60_000)) + b"ET"
    )
    font = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    yield "chu-day.pdf", pdf(CATALOGUE, PAGES, PAGE.replace("/Resources << >>", font), stream(text))


def others() -> Files:
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    for name in NAMES:
        yield name, png
        yield name, b"\xff\xd8\xff\xe0" + bytes(2000)
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    yield "mat-khau.docx", locked
    yield "mat-khau.xlsx", locked
    yield "cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)
    yield "a.rtf", b"{\\rtf1\\ansi K\\'ea ho\\u7841?ch}"
    for name, text in FOREIGN.items():
        yield f"{name}.csv", text.encode()
        yield f"{name}.xlsx", workbook(line.split(";") for line in text.splitlines())
    yield "nguoc.csv", CSV.replace("Rà soát", "\u202eRà soát\u202c").encode()
    yield "nua-cap.txt", CSV.encode("utf-16")[:-1]
    yield "nul.csv", CSV.replace("Rà", "R\0à").encode()
    yield "dai.txt", ("Số TT Nội dung công việc Đơn vị chủ trì Thời gian\n" + "1 " * 500_000).encode()
    yield "nhay.csv", ('"' * 100_001).encode()
    yield "sau.json", ('{"plan":' * 50_000).encode()
    yield (
        "mau.json",
        b'{"plan":{"title":"x"},"tasks":[],"findings":[{"severity":"note","code":"x","template":"%(a)999999999s"}]}',
    )


def small() -> Files:
    """The files made by hand that cost little to make, all different."""
    for make in (entities, odd_sheets, odd_words, odd_pdfs, others):
        yield from make()


def large() -> Files:
    """Those that are, or become, very large."""
    for make in (bombs, large_sheets, large_words, large_pdfs):
        yield from make()


def damaged(sound: dict[str, bytes], count: int, seed: int = 20240916) -> Files:
    """`count` sound files with bytes flipped, cut short, parts of their packages damaged, or glued to one another."""
    chance = random.Random(seed)
    ways: tuple[Callable[[random.Random, str, bytes], bytes], ...] = (_flipped, _cut, _damaged_part, _glued, _noise)
    names = sorted(sound)
    for _ in range(count):
        name = chance.choice(names)
        yield chance.choice([name] * 4 + list(NAMES)), chance.choice(ways)(chance, name, sound[name])


def _flipped(chance: random.Random, name: str, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20, 200))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, name: str, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def _damaged_part(chance: random.Random, name: str, data: bytes) -> bytes:
    """Damage inside the package, where its checksum does not see it; in other files, a run of bytes repeated."""
    if not data.startswith(b"PK"):
        at, size = chance.randrange(len(data)), chance.randrange(1, 400)
        return data[:at] + data[at : at + size] * chance.randrange(2, 9) + data[at + size :]
    content = parts(data)
    part = chance.choice([each for each in content if content[each]])
    return packed({**content, part: chance.choice((_flipped, _cut))(chance, name, content[part])})


def _glued(chance: random.Random, name: str, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes(chance.randrange(256) for _ in range(chance.randrange(60))) + data[at:]


def _noise(chance: random.Random, name: str, data: bytes) -> bytes:
    return data[:8] + bytes(chance.randrange(256) for _ in range(chance.randrange(1, 3000)))


def reading(name: str, data: bytes, read: Callable[..., PlanDocument] = read_plan) -> tuple[str, str, float]:
    """How reading a file ends: its name, 'read' or the sentence of the refusal, and the seconds it took."""
    began = time.monotonic()
    try:
        plan = read(data, name, directory())
        said = "read" if plan.tasks and all(each.text() for each in plan.findings) else "nothing"
    except UnreadableDocument as refusal:
        said = str(refusal)
    except MemoryError:
        said = "It needs more memory than a reader has."
    return name, said, time.monotonic() - began
