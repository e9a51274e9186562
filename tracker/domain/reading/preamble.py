"""What a document says about itself before its table: title, year, number, issuer, date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.names import bare, fold, plain, squeeze
from tracker.domain.reading import lexicon
from tracker.domain.reading.periods import NotInCalendar, PlanYear, YearUnknown, plan_year, read_span
from tracker.domain.reading.titles import title_of


@dataclass(frozen=True, slots=True)
class Preamble:
    """The plan's own particulars; None where the document does not tell."""

    title: str = ""
    year: PlanYear | None = None
    number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None

    @property
    def school_year(self) -> str | None:
        """'2024-2025', or None for a plan of another kind of year."""
        return f"{self.year.first}-{self.year.last}" if self.year and self.year.is_school_year else None


# The labels of a spreadsheet's particulars, in the order they are written.
LABELS = {
    "title": "Tên kế hoạch",
    "year": "Năm học",
    "number": "Số, ký hiệu",
    "issuer": "Cơ quan ban hành",
    "issued_on": "Ngày ban hành",
}
_BY_LABEL = {fold(label): name for name, label in LABELS.items()}

_SCHOOL_YEAR = re.compile(r"năm học\s*(20\d\d)\s*-\s*(20\d\d)")
_YEAR = re.compile(r"(?<!tháng \d )(?<!tháng \d\d )năm (20\d\d)(?!\s*-)")
_ATTACHED = re.compile(
    r"(?:kèm theo|ban hành kèm theo) (?P<what>kế hoạch|nghị quyết|quyết định|chương trình|công văn|văn bản) số\s*:?\s*"
    r"(?P<number>\d+[\w.\-]* ?/ ?[\w.\-/&]+),? ngày (?P<day>\d{1,2}(?: tháng |[/.\-])\d{1,2}(?: năm |[/.\-])\d{4}) "
    r"của (?P<issuer>[^)]+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"Số\s*:?\s*(\d+\s*/[\w.\-/&]+)")
_DAY = re.compile(r"ngày (\d{1,2}(?: tháng |[/.\-])\d{1,2}(?: năm |[/.\-])\d{4})")
_MOTTO = re.compile(r"\s*(?:CỘNG H[OÒ][AÀ] XÃ HỘI|ĐẢNG CỘNG SẢN|Độc lập\s*[-–]|ĐỘC LẬP\s*[-–]).*")
_PLACE_AND_DAY = re.compile(r"[^\d]{2,40}, (ngày \d{1,2} tháng \d{1,2} năm \d{4})")
_HEAD, _TAIL = 30, 12  # lines looked at from the document's beginning and above the table


def read_preamble(before: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> Preamble:
    """The particulars told by the lines before the table and by labels ('Năm học: 2024-2025', or two cells)."""
    above = [tuple(squeeze(line).split(": ", 1)) for line in before]
    labelled = [row for row in above if _labelled(row)]
    lines = [": ".join(row) for row in above if any(row) and not _labelled(row)]
    filled = [[cell for cell in map(squeeze, row) if cell] for row in rows if not _labelled(row)]
    titles = [*lines, *(row[0] for row in filled if len(row) == 1)]
    told = _from_lines([*lines, *(" ".join(row) for row in filled if row)], title_of(titles))
    for row in (*labelled, *rows):
        if name := _labelled(row):
            told = _with_label(told, name, squeeze(row[1]))
    return told


def _labelled(row: Sequence[str]) -> str | None:
    name = _BY_LABEL.get(fold(row[0])) if len(row) > 1 else None
    return name if name and squeeze(row[1]) else None


def _with_label(told: Preamble, name: str, value: str) -> Preamble:
    if name == "year":
        return replace(told, year=plan_year(value) or told.year)
    if name == "issued_on":
        return replace(told, issued_on=read_day(value) or told.issued_on)
    if name == "title":
        return replace(told, title=value, year=told.year or year_of(value))
    return replace(told, number=value) if name == "number" else replace(told, issuer=value)


def read_day(text: str) -> date | None:
    """A day as people or machines write it ('09/8/2024', 'ngày 9 tháng 8 năm 2024', '2024-08-09'), or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        span = read_span(bare(squeeze(text)), None)
    except (NotInCalendar, YearUnknown):
        return None
    return span.start if span and span.precision == "day" else None


def _from_lines(lines: list[str], title: str) -> Preamble:
    near = lines[:_HEAD] + lines[max(_HEAD, len(lines) - _TAIL) :]
    text = "\n".join(near)
    told = Preamble(title, year_of(title) or year_of("\n".join(lines[-_TAIL:])))
    if attached := _ATTACHED.search(squeeze(text)):
        day = read_day(attached["day"])
        return replace(
            told, number=attached["number"].replace(" ", ""), issuer=attached["issuer"].strip(" ."), issued_on=day
        )
    at, numbered = next(
        ((at, found) for at, line in enumerate(lines[:_HEAD]) if (found := _NUMBER.match(line))), (0, None)
    )
    days = [found[1] for line in lines[:_HEAD] if (found := _PLACE_AND_DAY.fullmatch(line))]
    if numbered is None:
        return replace(told, issued_on=read_day(days[0]) if days else None)
    days += [found[1] for found in _DAY.finditer(lines[at], numbered.end())]
    number, day = numbered[1].replace(" ", ""), read_day(days[0]) if days else None
    return replace(told, number=number, issuer=_letterhead(lines[:at]), issued_on=day)


def _letterhead(lines: Sequence[str]) -> str | None:
    """Who issued the document, by the names in capitals above its number: the last of them, its parent above it."""
    names: list[str] = []
    for line in (_MOTTO.sub("", line) for line in lines):
        if not line.isupper():
            continue
        begins = lexicon.begins_party(plain(line)) and not _is_place(line)
        if begins or not names:
            names.append(line)
        else:
            names[-1] = f"{names[-1]} {line}"
    return names[-1] if names and lexicon.begins_party(plain(names[-1])) else None


def _is_place(line: str) -> bool:
    return plain(line).startswith(lexicon.TIERS)


def year_of(text: str) -> PlanYear | None:
    """The one year that a title or a heading names ('năm học 2024-2025', 'năm 2026'), or None."""
    text = plain(text)
    if found := _SCHOOL_YEAR.search(text):
        return plan_year(f"{found[1]}-{found[2]}")
    years = {found[1] for found in _YEAR.finditer(text)}
    return plan_year(years.pop()) if len(years) == 1 else None
