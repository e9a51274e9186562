"""Plan documents in: a file's bytes become tables, and the plan's table a plan, or are refused with a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath
from typing import Any

from tracker.adapters.documents.decoding import decode
from tracker.adapters.documents.delimited import read_delimited, read_unknown
from tracker.adapters.documents.kinds import BROKEN, LARGEST, Kind, kind_of
from tracker.adapters.documents.limits import Progress
from tracker.adapters.documents.plan_json import looks_like_json, read_plan_json
from tracker.adapters.documents.spaced import read_spaced
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import Finding, PlanDocument
from tracker.domain.reading.continued import join_parts
from tracker.domain.reading.flat import read_flat
from tracker.domain.reading.grid import Source
from tracker.domain.reading.plan import NO_TABLE, interpret
from tracker.domain.reading.tables import FoundTable, best, describe
from tracker.domain.units import Directory
from tracker.domain.words import N_

__all__ = ["LARGEST", "FoundTable", "Progress", "find_tables", "read_plan"]

_NO_PARTS = N_("Tệp này không có trang tính hay số trang để chọn như vậy. Hãy bỏ lựa chọn ấy.")
_NO_SUCH_TABLE = N_("Tệp có %(count)s bảng, không có bảng số %(table)s. Hãy chọn lại bảng.")
_SEVERAL = N_("Tệp có %(count)s bảng nhiệm vụ; đã đọc bảng thứ %(table)s (%(rows)s dòng). Hãy xem có đúng không.")
_PARTS: dict[Kind, str] = {"xlsx": "sheet", "pdf": "pages"}  # what can be chosen in a file of that kind


def read_plan(
    data: bytes,
    filename: str,
    directory: Directory,
    *,
    school_year: str | None = None,
    sheet: str | None = None,
    pages: str | None = None,
    table: int | None = None,
    mapping: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> PlanDocument:
    """The plan in a file's bytes; `filename` only helps to tell the kind and to name a plan without a title.

    `school_year` ('2024-2025') overrules what the document says. `sheet` (a name) and `pages` ('12-16') choose a part
    of a spreadsheet or PDF, `table` (from 0) one of `find_tables`, `mapping` what columns (from 0) hold. `progress`
    hears how many pages, then how many rows are read of how many. Raises UnreadableDocument, with the place and the
    mend, for anything that is no plan.
    """
    if kind_of(data, filename) == "text" and looks_like_json(text := decode(data, filename), filename):
        return read_plan_json(text, directory, school_year)
    sources = _sources(data, filename, directory, sheet, pages, progress)
    source = _chosen(sources, table, bool(mapping))
    document = interpret(source, directory, school_year, mapping=mapping, progress=progress)
    return document if document.title else replace(document, title=PurePath(filename).stem)


def find_tables(
    data: bytes,
    filename: str,
    directory: Directory,
    *,
    sheet: str | None = None,
    pages: str | None = None,
    progress: Progress | None = None,
) -> tuple[FoundTable, ...]:
    """The tables in a document, in its order, also those that do not look like a plan's; () for the program's JSON.

    Raises UnreadableDocument as `read_plan` does, and where there is no table at all.
    """
    if kind_of(data, filename) == "text" and looks_like_json(decode(data, filename), filename):
        return ()
    return describe(_sources(data, filename, directory, sheet, pages, progress))


def _chosen(sources: Sequence[Source], table: int | None, mapped: bool) -> Source:
    if table is not None:
        if not 0 <= table < len(sources):
            raise UnreadableDocument(_NO_SUCH_TABLE, count=len(sources), table=table + 1)
        return sources[table]
    found = describe(sources)
    likeliest = best(found) or next((each for each in found if mapped or each.mapping), None)
    if likeliest is None:
        raise UnreadableDocument(NO_TABLE)
    source, count = sources[likeliest.index], sum(each.score > 0 for each in found)
    if count < 2:
        return source
    params = {"count": str(count), "table": str(likeliest.index + 1), "rows": str(likeliest.rows)}
    asked = Finding("question", None, None, "several-tables", _SEVERAL, params, likeliest.place)
    return replace(source, findings=(asked, *source.findings))


def _sources(
    data: bytes,
    filename: str,
    directory: Directory,
    sheet: str | None,
    pages: str | None,
    progress: Progress | None,
) -> list[Source]:
    kind = kind_of(data, filename)
    chosen = {name: value for name, value in (("sheet", sheet), ("pages", pages)) if value is not None}
    if set(chosen) - {_PARTS.get(kind)}:
        raise UnreadableDocument(_NO_PARTS)
    if kind == "text":
        text = decode(data, filename)
        found = (
            read_spaced(text, filename)
            or read_delimited(text, filename)
            or read_flat(text, directory)
            or read_unknown(text, filename)
        )
        sources = [found] if found else []
    else:
        sources = _taken_apart(kind, data, filename, chosen, progress)
    if not sources:
        raise UnreadableDocument(NO_TABLE)
    return join_parts(sources)


def _taken_apart(
    kind: Kind, data: bytes, filename: str, chosen: dict[str, str], progress: Progress | None
) -> list[Source]:
    """The tables of an office file. Its library is loaded only now; for a broken file it may raise anything."""
    options: dict[str, Any] = {**chosen, "progress": progress} if kind == "pdf" else dict(chosen)
    reader = import_module(f"tracker.adapters.documents.{kind}_tables")
    try:
        return reader.read_tables(data, filename, **options)
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as wrong:
        raise UnreadableDocument(BROKEN, name=filename) from wrong
