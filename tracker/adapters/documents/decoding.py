"""Telling what kind of file some bytes are, and turning text of any usual Vietnamese encoding into composed Unicode."""

import codecs
import re
import unicodedata

from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import plain
from tracker.domain.words import N_

_NOT_YET = N_(
    "Chưa đọc được tệp %(kind)s “%(name)s”. Hãy lưu bảng nhiệm vụ thành tệp CSV, "
    "hoặc chép văn bản của phụ lục vào tệp .txt."
)
_NO_TEXT = N_("Tệp “%(name)s” không phải văn bản (%(kind)s). Hãy chọn tệp CSV hoặc tệp .txt của kế hoạch.")
_ENCODING = N_("Không nhận ra bảng mã của tệp “%(name)s”. Hãy lưu lại bằng bảng mã UTF-8 (Unicode).")

_OFFICE = ((b"%PDF", "PDF"), (b"\xd0\xcf\x11\xe0", "Word hoặc Excel đời cũ"), (b"{\\rtf", "RTF"))
_PICTURES = ((b"\x89PNG", "ảnh PNG"), (b"\xff\xd8\xff", "ảnh JPEG"), (b"GIF8", "ảnh GIF"), (b"II*\0", "ảnh TIFF"))
_BY_NAME = {
    ".docx": "Word (.docx)",
    ".xlsx": "Excel (.xlsx)",
    ".pdf": "PDF",
    ".doc": "Word (.doc)",
    ".xls": "Excel (.xls)",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_VIETNAMESE = re.compile(r"\b(?:và|các|của|nhiệm vụ|đơn vị|thời gian|công việc|tháng|phòng|trường|hoàn thành)\b")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def refuse_other_kinds(data: bytes, filename: str) -> None:
    """Raise UnreadableDocument for a file that is known not to be text, whatever its name says."""
    ending = filename[filename.rfind(".") :].lower() if "." in filename else ""
    for magic, kind in _OFFICE:
        if data.startswith(magic):
            raise UnreadableDocument(_NOT_YET, kind=kind, name=filename)
    if data.startswith(b"PK\x03\x04"):
        kind = "Word (.docx)" if b"word/" in data[:4096] or ending == ".docx" else "Excel (.xlsx)"
        if ending in (".docx", ".xlsx") or b"word/" in data or b"xl/" in data:
            raise UnreadableDocument(_NOT_YET, kind=kind, name=filename)
        raise UnreadableDocument(_NO_TEXT, kind="tệp nén ZIP", name=filename)
    for magic, kind in _PICTURES:
        if data.startswith(magic):
            raise UnreadableDocument(_NO_TEXT, kind=kind, name=filename)
    if ending in _BY_NAME:
        raise UnreadableDocument(_NOT_YET, kind=_BY_NAME[ending], name=filename)


def decode(data: bytes, filename: str) -> str:
    """The text in composed Unicode with '\\n' line ends. UTF-8, UTF-16 and Windows-1258 are told apart.

    Raises UnreadableDocument for bytes that are no text, or text in another encoding.
    """
    text = _decode(data)
    if text is None:
        raise UnreadableDocument(_ENCODING if b"\0" not in data else _NO_TEXT, name=filename, kind="dữ liệu nhị phân")
    if len(_CONTROL.findall(text)) > len(text) // 200 or "\0" in text:
        raise UnreadableDocument(_NO_TEXT, name=filename, kind="dữ liệu nhị phân")
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _try(data, encoding)
    if data[:400].count(0) * 5 > len(data[:400]):
        big_endian = data[:400:2].count(0) > data[1:400:2].count(0)
        return _try(data, "utf-16-be" if big_endian else "utf-16-le")
    text = _try(data, "utf-8")
    if text is None and (older := _try(data, "cp1258")) is not None:
        composed = plain(older[:200_000])
        return older if len(set(_VIETNAMESE.findall(composed))) >= 3 else None
    return text


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
