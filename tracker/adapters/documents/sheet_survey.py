"""A quick look over a sheet's XML for what a reading of cells alone does not tell: its true size, merged cells, what
is hidden, and formulas for which the file keeps no value."""

import io
import re
from dataclasses import dataclass, field
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_MOST_FORMULAS = 50
_CHUNK = 1 << 20
_LARGE_SHEET = 1 << 20  # bytes
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*\br=[^<>]*/>")
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*\br=[^<>]*(?:/>|>\s*</(?:\w+:)?row>)")


@dataclass(slots=True)
class Survey:
    """Rows and columns are counted from 1; `last_row` and `last_column` are those of the last cell with content.

    `merges` are (left, top, right, bottom); `empty_formulas` are cells by name, with their row.
    """

    last_row: int = 0
    last_column: int = 0
    filled_rows: int = 0
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    empty_formulas: list[tuple[str, int]] = field(default_factory=list)


def survey(package: ZipFile, part: str) -> Survey:
    """What the sheet in that part of the package holds. Raises expat's and zipfile's errors for a broken one."""
    looker = _Looker()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = looker.begin
    parser.EndElementHandler = looker.end
    parser.CharacterDataHandler = looker.text
    with package.open(part) as opened:
        while chunk := opened.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return looker.found


def lean(data: bytes) -> bytes:
    """A workbook without the cells and rows that hold only a border: a large sheet may have a million of them.

    Only those go that tell their own place, so that what is left stays where it is.
    """
    with ZipFile(io.BytesIO(data)) as package:
        large = {each.filename for each in package.infolist() if _is_large_sheet(each)}
        if not large:
            return data
        out = io.BytesIO()
        with ZipFile(out, "w") as slim:
            for part in package.infolist():
                with package.open(part) as old, slim.open(part.filename, "w") as new:
                    strip = part.filename in large
                    left = b""
                    while chunk := old.read(_CHUNK):
                        whole, end, left = (left + chunk).rpartition(b">")
                        whole += end
                        new.write(_EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", whole)) if strip else whole)
                    new.write(left)
    return out.getvalue()


def _is_large_sheet(part: ZipInfo) -> bool:
    return part.file_size > _LARGE_SHEET and part.filename.startswith("xl/worksheets/")


class _Looker:
    """Listens to the elements of a sheet."""

    def __init__(self) -> None:
        self.found = Survey()
        self._row = self._column = 0
        self._cell = ""
        self._formula = self._filled = self._inside = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell = attributes.get("r", "")
            letters = self._cell.rstrip("0123456789")
            self._column = _column(letters) if letters else self._column + 1
            self._formula = self._filled = False
        elif name in ("v", "t"):
            self._inside = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.found.hidden_rows.add(self._row)
        elif name == "mergeCell" and (range_ := _RANGE.fullmatch(attributes.get("ref", ""))):
            left, top, right, bottom = range_.groups()
            self.found.merges.append((_column(left), int(top), _column(right), int(bottom)))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.found.hidden_columns |= set(range(first, min(last, first + 200) + 1))

    def text(self, text: str) -> None:
        if self._inside and text.strip():
            self._filled = True

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            if self._filled:
                self.found.filled_rows += self._row != self.found.last_row
                self.found.last_row = max(self.found.last_row, self._row)
                self.found.last_column = max(self.found.last_column, self._column)
            elif self._formula and len(self.found.empty_formulas) < _MOST_FORMULAS:
                self.found.empty_formulas.append((self._cell or f"R{self._row}C{self._column}", self._row))


def _column(letters: str) -> int:
    """The number of a column: A 1, Z 26, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
