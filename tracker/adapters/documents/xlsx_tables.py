"""Tables in spreadsheets (.xlsx): every visible sheet as a grid of the texts a person sees."""

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, cast
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tracker.adapters.documents.cell_formats import shown
from tracker.adapters.documents.limits import check_columns, check_rows, check_texts
from tracker.adapters.documents.sheet_survey import Survey, lean, survey
from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import fold, nfc
from tracker.domain.plan_document import Finding, Place, Severity
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.words import N_

_NO_SHEET = N_("Không có trang tính “%(sheet)s” trong tệp. Các trang tính: %(sheets)s.")
_NO_SHEETS = N_("Tệp “%(name)s” không có trang tính nào. Hãy mở thử tệp rồi lưu lại.")
_HIDDEN_ROWS = N_("Dòng %(rows)s bị ẩn trong trang tính “%(sheet)s”; vẫn được đọc như các dòng khác.")
_HIDDEN_COLUMNS = N_("Cột %(columns)s bị ẩn trong trang tính “%(sheet)s”; vẫn được đọc.")
_HIDDEN_SHEET = N_("Trang tính ẩn “%(sheet)s” không được đọc. Nếu cần, hãy chọn đúng trang tính ấy.")
_NO_VALUE = N_(
    "Ô %(cell)s ở trang tính “%(sheet)s” là công thức chưa có kết quả. Hãy mở tệp bằng Excel, lưu lại rồi nhập lại."
)
_MOST_MERGED = 400_000  # rows of all merged cells together


@dataclass(slots=True)
class _Sheet:
    title: str
    rows: list[list[Cell]]
    survey: Survey


def read_tables(data: bytes, filename: str, sheet: str | None = None) -> list[Source]:
    """One grid per visible sheet that has any content, or of the one sheet named.

    Formulas give the value the file keeps for them. Raises UnreadableDocument for a sheet that is not there or is too
    large; whatever a broken file makes the library raise goes through.
    """
    data = lean(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        names = [each.title for each in workbook.worksheets]
        if not names:
            raise UnreadableDocument(_NO_SHEETS, name=filename)
        wanted = _wanted(names, sheet)
        hidden = [each.title for each in workbook.worksheets if each.sheet_state != "visible"] if not wanted else []
        sheets = []
        with ZipFile(io.BytesIO(data)) as package:
            for each in cast(list[Any], workbook.worksheets):
                if each.title == wanted or (wanted is None and each.title not in hidden):
                    found = survey(package, each._worksheet_path)
                    sheets.append(_Sheet(each.title, list(_rows(each, found, filename)), found))
    return [_source(each, hidden) for each in sheets if each.rows]


def _wanted(names: Sequence[str], sheet: str | None) -> str | None:
    if sheet is None:
        return None
    found = next((name for name in names if name == sheet), None)
    found = found or next((name for name in names if fold(name) == fold(sheet)), None)
    if found is None:
        raise UnreadableDocument(_NO_SHEET, sheet=sheet, sheets=", ".join(f"“{name}”" for name in names))
    return found


def _rows(sheet: Any, found: Survey, filename: str) -> Iterator[list[Cell]]:
    """The rows that hold any text, merged cells told again in the rows below."""
    check_rows(found.filled_rows, filename)
    check_columns(found.last_column, filename)
    if not found.last_row:
        return
    merges = _merges_by_row(found)
    above: dict[int, str] = {}
    cells = sheet.iter_rows(min_row=1, max_row=found.last_row, min_col=1, max_col=found.last_column)
    for number, row in enumerate(cells, start=1):
        texts = [nfc(shown(cell.value, cell.number_format)).strip() if cell.value is not None else "" for cell in row]
        starts, inherited = merges.get(number, ({}, ()))
        above |= {column: texts[column] for column in starts if column < len(texts)}
        if any(texts):
            check_texts(texts, number)
            place = Place(None, number, None, sheet.title)
            line = [Cell(text, place, span=starts.get(at, 1)) for at, text in enumerate(texts)]
            for at, span in inherited:
                if at < len(line) and not texts[at]:
                    line[at] = Cell(above.get(at, ""), place, inherited=True, span=span)
            yield line


_Merges = tuple[dict[int, int], list[tuple[int, int]]]


def _merges_by_row(found: Survey) -> dict[int, _Merges]:
    """For every row: the merged cells that begin in it (column from 0 -> width), and those that go on into it."""
    rows: dict[int, _Merges] = {}
    entries = 0
    for left, top, right, bottom in found.merges:
        width = max(1, min(right, found.last_column) - left + 1)
        last = min(bottom, found.last_row)
        entries += max(0, last - top)
        if entries > _MOST_MERGED:
            raise ValueError("more merged cells than any plan has")
        rows.setdefault(top, ({}, []))[0][left - 1] = width
        for row in range(top + 1, last + 1):
            rows.setdefault(row, ({}, []))[1].append((left - 1, width))
    return rows


def _source(sheet: _Sheet, skipped: Sequence[str]) -> Source:
    findings = [*_oddities(sheet), *(_told("note", "hidden-sheet", _HIDDEN_SHEET, sheet=name) for name in skipped)]
    return Source(tuple(map(tuple, sheet.rows)), findings=tuple(findings))


def _oddities(sheet: _Sheet) -> Iterator[Finding]:
    hidden = sorted(sheet.survey.hidden_rows & {row[0].place.row or 0 for row in sheet.rows})
    if hidden:
        yield _told("question", "hidden-rows", _HIDDEN_ROWS, rows=_ranges(hidden), sheet=sheet.title)
    columns = [at for at in sorted(sheet.survey.hidden_columns) if at <= sheet.survey.last_column]
    if columns:
        letters = ", ".join(map(get_column_letter, columns))
        yield _told("note", "hidden-columns", _HIDDEN_COLUMNS, columns=letters, sheet=sheet.title)
    for cell, row in sheet.survey.empty_formulas:
        told = _told("error", "formula-without-value", _NO_VALUE, cell=cell, sheet=sheet.title)
        yield replace(told, place=Place(None, row, cell.rstrip("0123456789"), sheet.title))


def _told(severity: Severity, code: str, message: str, **params: str) -> Finding:
    return Finding(severity, None, None, code, message, params)


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in a row told as ranges: '5-7, 9'."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda each: each[1] - each[0])]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
