"""Telling what kind of file some bytes are, by their content before their name, and refusing what cannot be read."""

import io
import zipfile
from typing import Literal
from zlib import error as BadStream

from tracker.adapters.documents.decoding import EMPTY, NO_TEXT
from tracker.domain.errors import UnreadableDocument
from tracker.domain.words import N_

Kind = Literal["docx", "xlsx", "pdf", "text"]

LARGEST = 20 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 150 * 1024 * 1024  # bytes
MOST_PARTS = 5000

_TOO_LARGE = N_("Tệp “%(name)s” lớn hơn %(most)s MB. Hãy chỉ gửi phần phụ lục phân công nhiệm vụ.")
_PICTURE = N_(
    "Tệp “%(name)s” là ảnh (%(kind)s), chương trình không đọc chữ trong ảnh. Hãy xin bản Word hoặc Excel của kế hoạch, "
    "hoặc chép văn bản vào tệp .txt."
)
_OLD = N_(
    "Tệp “%(name)s” là Word hoặc Excel đời cũ (.doc, .xls). Hãy mở tệp và lưu lại thành .docx hoặc .xlsx, rồi chọn "
    "tệp mới."
)
_LOCKED = N_("Tệp “%(name)s” có đặt mật khẩu nên không đọc được. Hãy gỡ mật khẩu rồi lưu lại.")
_RTF = N_("Tệp “%(name)s” là tệp RTF. Hãy mở tệp và lưu lại thành .docx, rồi chọn tệp mới.")
_MACROS = N_("Tệp “%(name)s” có chứa macro. Hãy lưu lại thành .docx hoặc .xlsx không có macro, rồi chọn tệp mới.")
BROKEN = N_("Tệp “%(name)s” hỏng hoặc tải lên chưa hết. Hãy mở thử tệp rồi lưu lại.")
_BOMB = N_("Tệp “%(name)s” khi giải nén lớn hơn %(most)s MB. Hãy chỉ giữ lại bảng phân công nhiệm vụ.")
_ENTITIES = N_("Tệp “%(name)s” có khai báo lạ mà Word và Excel không dùng, nên không được đọc.")

_OLE = b"\xd0\xcf\x11\xe0"
_PICTURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
}
_OTHERS = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "GZIP", b"MZ": "EXE", b"\x7fELF": "ELF"}
_BY_NAME = (".docx", ".xlsx", ".pdf", ".doc", ".xls", ".docm", ".xlsm")
_PDF_WITHIN = 1024  # a PDF may begin with some other bytes
_HEAD = 4096


def kind_of(data: bytes, filename: str) -> Kind:
    """What to read the bytes as. Raises UnreadableDocument for what can never be read, with the way out."""
    if not data.strip():
        raise UnreadableDocument(EMPTY, name=filename)
    if len(data) > LARGEST:
        raise UnreadableDocument(_TOO_LARGE, name=filename, most=LARGEST // 1024 // 1024)
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise UnreadableDocument(_LOCKED if locked else _OLD, name=filename)
    if data.startswith(b"{\\rtf"):
        raise UnreadableDocument(_RTF, name=filename)
    for magic, name in _PICTURES.items():
        if data.startswith(magic) and (len(magic) > 2 or 0 in data[:32]):
            raise UnreadableDocument(_PICTURE, name=filename, kind=name)
    for magic, name in _OTHERS.items():
        if data.startswith(magic) and 0 in data[:256]:
            raise UnreadableDocument(NO_TEXT, name=filename, kind=name)
    if data.startswith(b"PK"):
        return _package(data, filename)
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if filename.lower().endswith(_BY_NAME):
        raise UnreadableDocument(BROKEN, name=filename)
    return "text"


def _package(data: bytes, filename: str) -> Kind:
    """The kind of an Office file, looked through before any of it is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _checked(package, filename)
    except (zipfile.BadZipFile, BadStream, OSError, ValueError, EOFError, RuntimeError) as wrong:
        raise UnreadableDocument(BROKEN, name=filename) from wrong


def _checked(package: zipfile.ZipFile, filename: str) -> Kind:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS:
        raise UnreadableDocument(BROKEN, name=filename)
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableDocument(_BOMB, name=filename, most=LARGEST_UNPACKED // 1024 // 1024)
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableDocument(_LOCKED, name=filename)
    kind: Kind | None = next((kind for kind, name in _MAIN_PARTS.items() if name in names), None)
    if kind is None:
        broken = filename.lower().endswith(_BY_NAME)
        raise UnreadableDocument(BROKEN if broken else NO_TEXT, name=filename, kind="ZIP")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnreadableDocument(_MACROS, name=filename)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _declares(package, part):
            raise UnreadableDocument(_ENTITIES, name=filename)
    return kind


_MAIN_PARTS: dict[Kind, str] = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def _declares(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether an XML part declares a document type: the door of entity bombs, which Office files never use."""
    with package.open(part) as opened:
        head = opened.read(_HEAD)
    return any(word.encode(encoding) in head for word in ("<!DOCTYPE", "<!ENTITY") for encoding in _ENCODINGS)


_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
