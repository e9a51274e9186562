"""Plan documents in: a file's bytes become a plan, or are refused with a sentence."""

from dataclasses import replace
from pathlib import PurePath

from tracker.adapters.documents.decoding import decode, refuse_other_kinds
from tracker.adapters.documents.delimited import read_delimited
from tracker.adapters.documents.plan_json import looks_like_json, read_plan_json
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import PlanDocument
from tracker.domain.reading.flat import read_flat
from tracker.domain.reading.grid import Source
from tracker.domain.reading.plan import NO_TABLE, interpret
from tracker.domain.units import Directory
from tracker.domain.words import N_

__all__ = ["LARGEST", "read_plan", "read_source"]

LARGEST = 20 * 1024 * 1024  # bytes

_EMPTY = N_("Tệp “%(name)s” rỗng. Hãy chọn tệp kế hoạch khác.")
_TOO_LARGE = N_("Tệp “%(name)s” lớn hơn %(most)s MB. Hãy chỉ gửi phần phụ lục phân công nhiệm vụ.")
_NO_SHEETS = N_("Tệp văn bản hoặc CSV không có trang tính hay số trang để chọn. Hãy bỏ lựa chọn ấy.")


def read_plan(
    data: bytes,
    filename: str,
    directory: Directory,
    *,
    school_year: str | None = None,
    sheet: str | None = None,
    pages: str | None = None,
) -> PlanDocument:
    """The plan in a file's bytes; `filename` only helps to tell the kind and to name a plan without a title.

    `school_year` ('2024-2025') overrules what the document says. `sheet` and `pages` choose a part of a document
    that has such parts. Raises UnreadableDocument, with the place and the mend, for anything that is no plan.
    """
    if sheet is not None or pages is not None:
        raise UnreadableDocument(_NO_SHEETS)
    text = _text(data, filename)
    if looks_like_json(text, filename):
        return read_plan_json(text, directory, school_year)
    document = interpret(_source(text, filename, directory), directory, school_year)
    return document if document.title else replace(document, title=PurePath(filename).stem)


def read_source(data: bytes, filename: str, directory: Directory) -> Source:
    """The table in a text or CSV file as a grid of cells. `directory` helps to put flattened cells together.

    Raises UnreadableDocument as `read_plan` does.
    """
    return _source(_text(data, filename), filename, directory)


def _text(data: bytes, filename: str) -> str:
    if not data.strip():
        raise UnreadableDocument(_EMPTY, name=filename)
    if len(data) > LARGEST:
        raise UnreadableDocument(_TOO_LARGE, name=filename, most=LARGEST // 1024 // 1024)
    refuse_other_kinds(data, filename)
    text = decode(data, filename)
    if not text.strip():
        raise UnreadableDocument(_EMPTY, name=filename)
    return text


def _source(text: str, filename: str, directory: Directory) -> Source:
    source = read_delimited(text, filename) or read_flat(text, directory)
    if source is None:
        raise UnreadableDocument(NO_TABLE)
    return source
