"""Turning the bytes of a text file, in any usual Vietnamese encoding, into composed Unicode."""

import codecs
import re
import unicodedata

from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import plain
from tracker.domain.words import N_

EMPTY = N_("Tệp “%(name)s” rỗng. Hãy chọn lại tệp.")
NO_TEXT = N_(
    "Tệp “%(name)s” không phải văn bản đọc được (%(kind)s). Hãy chọn tệp Word (.docx), Excel (.xlsx), PDF, CSV "
    "hoặc .txt của kế hoạch."
)
_ENCODING = N_("Không nhận ra bảng mã của tệp “%(name)s”. Hãy lưu lại bằng bảng mã UTF-8 (Unicode).")

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_VIETNAMESE = re.compile(r"\b(?:và|các|của|nhiệm vụ|đơn vị|thời gian|công việc|tháng|phòng|trường|hoàn thành)\b")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes, filename: str) -> str:
    """The text in composed Unicode with '\\n' line ends. UTF-8, UTF-16 and Windows-1258 are told apart.

    Raises UnreadableDocument for bytes that are no text, an empty one, or text in another encoding.
    """
    text = _decode(data)
    if text is None:
        raise UnreadableDocument(_ENCODING if b"\0" not in data else NO_TEXT, name=filename, kind="dữ liệu nhị phân")
    if len(_CONTROL.findall(text)) > len(text) // 200 or "\0" in text:
        raise UnreadableDocument(NO_TEXT, name=filename, kind="dữ liệu nhị phân")
    if not text.strip():
        raise UnreadableDocument(EMPTY, name=filename)
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
