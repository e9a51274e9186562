"""What columns may hold where their headings do not tell: a guess that a person looks at before it counts.

The words of a heading speak first, then what stands in the cells.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from tracker.domain.names import fold

# Folded; whole words anywhere in a heading. Those of partners come before those of leads, which some of them contain.
_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("partners", ("phoi hop", "cung lam", "cung thuc hien", "ho tro", "support", "supporting", "partner", "partners")),
    ("leads", ("ai lam", "chu tri", "phu trach", "thuc hien", "responsible", "owner", "lead", "assignee", "unit")),
    ("start", ("mo dau", "bat dau", "tu ngay", "khoi dau", "start", "begin", "from")),
    (
        "due",
        ("deadline", "han", "ket thuc", "hoan thanh", "xong", "den ngay", "khi nao", "due", "end", "finish", "until"),
    ),
    ("product", ("san pham", "ket qua", "product", "output", "result", "deliverable")),
    ("title", ("viec", "nhiem vu", "noi dung", "mo ta", "task", "tasks", "work", "activity", "description", "content")),
    ("number", ("ma", "so", "tt", "stt", "no", "id", "code")),
)
_TIME = re.compile(
    r"\b\d{1,2}\s?[/.-]\s?(?:\d{1,2}\s?[/.-]\s?)?\d{2,4}\b|^\s*(?:trước |trong |từ )?(?:tháng|quý|ngày) \S", re.I
)
_UNIT = re.compile(
    r"(?:cac |p |phong|so|bo|ubnd|uy ban|truong|tr|ban|van phong|vp|cong an|tram|trung tam|doan|hoi|gddt)\b"
)
_NUMBER = re.compile(r"\s*[A-Za-z]{0,3}[.-]?\d{1,4}(?:\.\d+)*[.)]?\s*")
_FEWEST = 3  # filled cells of a row that heads a table


def heading_at(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Where a heading that nobody knows begins and ends: the first row that is filled like a table's.

    Both are the same row where that one says what a task says, so that the table has no heading.
    """
    if not rows:
        return 0, 0
    filled = [sum(bool(text.strip()) for text in row) for row in rows]
    most = max(filled)
    first = next(at for at, n in enumerate(filled) if n >= min(_FEWEST, most))
    says = any(_TIME.search(text) or re.fullmatch(r"\s*\d+[.)]?\s*", text) for text in rows[first])
    return first, first if says else first + 1


def guess_columns(
    headings: Sequence[str], rows: Sequence[Sequence[str]], known: Mapping[int, str] | None = None
) -> dict[int, str]:
    """What each column (from 0) may hold, `known` where that tells; no kind but 'extra' twice."""
    told = {at: kind for at, kind in (known or {}).items() if kind != "extra"}
    free = [at for at in range(max(map(len, (headings, *rows)), default=0)) if at not in told]
    for kind, hints in _HINTS:
        _give(told, free, kind, (at for at in free if at < len(headings) and _hinted(headings[at], hints)))
    cells = {at: [row[at] for row in rows if at < len(row) and row[at].strip()] for at in free}
    for kind, speaks in (("number", _numbers), ("leads", _names), ("partners", _names), ("due", _times)):
        _give(told, free, kind, (at for at in free if _mostly(cells[at], speaks)))
    longest = sorted(free, key=lambda at: -sum(map(len, cells[at])))
    _give(told, free, "title", (at for at in longest if cells[at]))
    return {**dict.fromkeys(free, "extra"), **told}


def _give(told: dict[int, str], free: list[int], kind: str, columns: Iterable[int]) -> None:
    """Let the first of `columns` hold `kind`, unless another does."""
    at = None if kind in told.values() else next(iter(columns), None)
    if at is not None:
        told[at] = kind
        free.remove(at)


def _hinted(heading: str, hints: Iterable[str]) -> bool:
    words = f" {fold(heading)} "
    return any(f" {hint} " in words for hint in hints)


def _mostly(cells: Sequence[str], speaks: Callable[[str], bool]) -> bool:
    return bool(cells) and 2 * sum(map(speaks, cells)) > len(cells)


def _numbers(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _names(text: str) -> bool:
    return _UNIT.match(fold(text)) is not None


def _times(text: str) -> bool:
    return _TIME.search(text) is not None
