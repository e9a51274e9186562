"""Walking down a table's body: which rows are tasks, which are groups, and which go on with the row above."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tracker.domain.names import fold, plain, squeeze
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading import lexicon
from tracker.domain.reading.grid import Cell
from tracker.domain.reading.headings import ColumnKind, Headings, is_numbering
from tracker.domain.reading.phrases import TimeContext, read_cell
from tracker.domain.units import Directory
from tracker.domain.words import N_

_AFTER = N_("Sau bảng còn có: “%(text)s”.")
_GROUP_GUESS = N_("Dòng không có số “%(text)s” được hiểu là tên nhóm nhiệm vụ.")
_PARENT = N_("Dòng không có số “%(text)s” được hiểu là nhóm của các dòng sau nó, không tính là một nhiệm vụ.")
_NO_NUMBER = N_("Dòng %(row)s có nội dung “%(text)s” nhưng không có số thứ tự. Hãy đánh số dòng này.")
_GROUP_CELLS = N_(
    "Dòng nhóm “%(text)s” còn ghi “%(rest)s”; không tính là một nhiệm vụ, "
    "nhiệm vụ nào trong nhóm để trống đơn vị chủ trì hoặc thời gian thì theo nhóm."
)
_GROUP_REST = N_("Dòng nhóm “%(text)s” còn ghi “%(rest)s”; phần này không nhập.")
_ODD_NUMBER = N_("Số thứ tự “%(text)s” ở dòng %(row)s không phải là số. Hãy sửa ô này.")
_EMPTY_GROUP = N_("Nhóm “%(text)s” không có nhiệm vụ nào bên dưới.")
_LENT = N_("Ô để trống; lấy “%(text)s” của nhóm “%(group)s”.")
_UNIT_GROUP = N_("Nhóm “%(group)s” là tên một đơn vị: nhiệm vụ để trống đơn vị chủ trì được giao cho đơn vị ấy.")
_SUB_NUMBER = N_("Dòng %(row)s không có số riêng; tạm đánh số %(number)s.")
_ACROSS = N_("Ô “%(text)s” trải qua các cột %(columns)s; hiểu là của cột đầu.")
_QUOTED = 90  # characters of a long text shown in a finding
_LONGEST_UNIT_NAME = 16  # words
_ROMAN = re.compile(r"(?=[IVXL])L?X{0,3}(?:IX|IV|V?I{0,3})")
_LETTER = re.compile(r"[A-ZĐ]")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,4})*")
_SUB_LABEL = re.compile(r"[-–+•*]|[a-zđ]")
END_OF_TABLE = re.compile(r"\W*(?:ghi chú|nơi nhận|tm\.|kt\.)", re.IGNORECASE)
_TIMES: tuple[ColumnKind, ...] = ("start", "due", "days")
_LENDABLE: tuple[ColumnKind, ...] = ("leads", *_TIMES)


@dataclass(slots=True)
class Row:
    """A row's texts by kind of column; `inherited` names those told again from a merged cell above."""

    texts: dict[ColumnKind, str]
    extra: dict[str, str]
    place: Place
    group: str | None = None
    inherited: frozenset[ColumnKind] = frozenset()
    findings: tuple[Finding, ...] = ()

    def get(self, kind: ColumnKind) -> str:
        """The text of that kind of column, squeezed; '' where there is none."""
        return squeeze(self.texts.get(kind, ""))

    @property
    def assigned(self) -> str:
        """What the row itself says about units, time and product."""
        kinds: tuple[ColumnKind, ...] = ("leads", "partners", "start", "due", "days", "product")
        return "; ".join(text for kind in kinds if kind not in self.inherited and (text := self.get(kind)))


@dataclass(slots=True)
class _Level:
    """One open group: how its mark looks, its title, what it gives to children, how they say that they took it."""

    style: str
    title: str
    given: dict[ColumnKind, str]
    place: Place
    is_unit: bool = False
    codes: tuple[tuple[str, str], ...] = ()
    has_tasks: bool = False


@dataclass(slots=True)
class Table:
    """The rows that are tasks, in order, and what was found on the way."""

    directory: Directory
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    entered: list[_Level] = field(default_factory=list)
    base: str = ""
    subs: int = 0

    @property
    def group(self) -> str | None:
        """The titles of the open groups, the outermost first."""
        return " / ".join(level.title for level in self.levels) or None

    def enter(self, style: str, title: str, row: Row) -> None:
        """Begin a group; what follows belongs to it. Groups of its style, and those within them, end."""
        styles = [level.style for level in self.levels]
        if style in styles:
            del self.levels[styles.index(style) :]
        given = {kind: row.texts[kind] for kind in _LENDABLE if row.get(kind) and kind not in row.inherited}
        unit = "" if "leads" in given else self._unit_in(title)
        if unit:
            given["leads"] = unit
        if style in ("roman", "letter"):
            self.base, self.subs = "", 0
        self.entered.append(_Level(style, title, given, row.place, bool(unit), tuple(row.extra.items())))
        self.levels.append(self.entered[-1])
        self.findings.extend(_group_cells(title, row))

    def leave_numbers(self, label: str) -> None:
        """End the numbered groups ('5. …') that the number `label` is not under."""
        self._leave(lambda each: each.style.startswith("number") and not label.startswith(f"{each.style[6:]}."))

    def leave_codes(self, row: Row) -> None:
        """End the groups known by their code ('KH.1') that the row's code is not under."""
        self._leave(lambda each: each.style == "code" and not _is_below(row, each.codes))

    def _leave(self, ended: Callable[[_Level], bool]) -> None:
        at = next((at for at, level in enumerate(self.levels) if ended(level)), None)
        if at is not None:
            del self.levels[at:]

    def _unit_in(self, title: str) -> str:
        """The unit that a group's title names, or ''."""
        name = re.sub(r"^(?:[IVXL]+|[A-Z]|\d+)[.)/:\- ]\s*", "", title).strip(" :;.")
        if self.directory.find(name):
            return name
        words = plain(name)
        is_name = lexicon.head(words) not in (None, "các", "những", "công ty") and lexicon.duty_at(words) is None
        return name if is_name and len(words.split()) <= _LONGEST_UNIT_NAME and name[:1].isupper() else ""

    def add(self, row: Row, headings: Headings) -> None:
        """Add a task; what it leaves empty and its groups tell, it takes from them."""
        row.group = row.get("group") or self.group
        for level in self.levels:
            level.has_tasks = True
        self.rows.append(row)
        self.findings.extend(row.findings)
        _borrow(self, row, headings)


def _group_cells(title: str, row: Row) -> Iterator[Finding]:
    rest = "; ".join(filter(None, (row.assigned, *row.extra.values())))
    params = {"text": short(title), "whole": title, "rest": rest}
    if row.assigned:
        yield Finding("question", None, "group", "group-with-cells", _GROUP_CELLS, params, row.place)
    elif rest:
        yield Finding("note", None, "group", "group-rest", _GROUP_REST, params, row.place)


def _borrow(table: Table, row: Row, headings: Headings) -> None:
    timed = any(row.get(kind) for kind in _TIMES)
    for kind in ("leads", *(() if timed else _TIMES)):
        level = next((each for each in reversed(table.levels) if each.given.get(kind)), None)
        if level is None or row.get(kind):
            continue
        if level.is_unit and headings.at("leads") is not None and not _is_known(table, level.given[kind]):
            continue  # the table has a column for units and its cell is empty: a title that only looks like a unit
        row.texts[kind] = level.given[kind]
        params = {"text": squeeze(level.given[kind]), "group": short(level.title)}
        number = row.get("number")
        if level.is_unit:
            table.findings.append(Finding("note", number, kind, "group-is-unit", _UNIT_GROUP, params, row.place))
        else:
            table.findings.append(Finding("note", number, kind, "from-group", _LENT, params, row.place))


def _is_known(table: Table, name: str) -> bool:
    return table.directory.find(name) is not None


def walk(rows: Sequence[tuple[Cell, ...]], headings: Headings, directory: Directory) -> Table:
    """The tasks, groups and leftovers of a table's rows below its heading."""
    table = Table(directory)
    heading = [fold(column.heading) for column in headings.columns]
    body = [cells for cells in rows if not _is_furniture(cells, heading)]
    for at, cells in enumerate(body):
        row = _row(cells, headings)
        first = next(cell.text for cell in cells if cell.text.strip())
        if END_OF_TABLE.match(first) and not row.assigned and not _NUMBER.fullmatch(row.get("number").strip(" .")):
            table.findings.extend(_left_over(body[at:]))
            break
        following = _row(body[at + 1], headings) if at + 1 < len(body) else None
        _place(table, row, following, headings)
    table.findings.extend(_empty_groups(table))
    return table


def _empty_groups(table: Table) -> Iterator[Finding]:
    for level in table.entered:
        if not level.has_tasks:
            yield Finding("note", None, "group", "empty-group", _EMPTY_GROUP, {"text": level.title}, level.place)


def _is_furniture(cells: Sequence[Cell], heading: Sequence[str]) -> bool:
    """Whether a row says nothing of its own: blank, a line that numbers the columns, a heading on a new page."""
    texts = [cell.text for cell in cells if not cell.inherited]
    words = [word for text in texts if (word := fold(text))]
    if not any(text.strip() for text in texts) or is_numbering(texts):
        return True
    return len(words) >= 2 and all(any(word in each for each in heading) for word in words)


def _left_over(rows: Sequence[tuple[Cell, ...]]) -> Iterator[Finding]:
    text = squeeze(" ".join(cell.text for row in rows for cell in row))
    yield Finding("note", None, None, "after-table", _AFTER, {"text": text}, rows[0][0].place)


def _row(cells: Sequence[Cell], headings: Headings) -> Row:
    texts: dict[ColumnKind, str] = {}
    extra: dict[str, str] = {}
    inherited: set[ColumnKind] = set()
    for column in headings.columns:
        cell = cells[column.at] if column.at < len(cells) else None
        text = cell.text if cell else ""
        if column.kind == "extra" or (column.kind == "days" and headings.at("due") is not None):
            if squeeze(text):
                extra[column.heading or f"Cột {column.at + 1}"] = squeeze(text)
        else:
            texts[column.kind] = text
            inherited |= {column.kind} if cell and cell.inherited else set()
    beyond = [squeeze(cell.text) for cell in cells[len(headings.columns) :] if squeeze(cell.text)]
    if beyond:
        extra["Ngoài bảng"] = "; ".join(beyond)
    place = cells[0].place if cells else Place()
    row = Row(texts, extra, place, inherited=frozenset(inherited))
    _spread(row, cells, headings)
    return row


def _spread(row: Row, cells: Sequence[Cell], headings: Headings) -> None:
    """A time merged over both columns of time counts for both; other cells over several columns are told of."""
    for column in headings.columns:
        span = cells[column.at].span if column.at < len(cells) else 1
        covered = [each for each in headings.columns[column.at : column.at + span] if each.kind != "extra"]
        filled = [bool(row.get(each.kind)) for each in covered]
        if len(covered) < 2 or filled != [True, *[False] * (len(covered) - 1)]:
            continue
        text = row.texts[covered[0].kind]
        if [each.kind for each in covered] == ["start", "due"]:
            row.texts["due"] = text
        else:
            params = {"text": short(squeeze(text)), "columns": ", ".join(f"“{each.heading}”" for each in covered)}
            told = Finding("question", row.get("number"), covered[0].kind, "cell-across", _ACROSS, params, row.place)
            row.findings += (told,)


def _place(table: Table, row: Row, following: Row | None, headings: Headings) -> None:
    """Put one row where it belongs: a task, a group's heading, the rest of the task before it."""
    label, title = row.get("number").strip(" .):"), row.get("title")
    if headings.at("number") is None:
        _count(table, row, headings)
    elif "number" in row.inherited and table.rows:
        _under_the_same_number(table, row, headings)
    elif not label:
        _unnumbered(table, row, following, headings)
    elif _NUMBER.fullmatch(label):
        _numbered(table, row, label, following, headings)
    elif style := _style(label, table):
        table.enter(style, f"{label}. {title}" if title else label, row)
    elif not row.assigned and not title:
        table.enter("plain", row.get("number"), row)
    elif _SUB_LABEL.fullmatch(label):
        _sub_row(table, row, headings)
    else:
        params = {"text": label, "row": str(row.place.row)}
        table.findings.append(Finding("error", label, "number", "bad-number", _ODD_NUMBER, params, row.place))
        row.texts["number"] = label
        table.add(row, headings)


def _style(label: str, table: Table) -> str | None:
    """How a group's mark looks: 'letter' (A, B), 'roman' (I, II), or None where it is no mark."""
    letters = next((level.title[:1] for level in table.levels if level.style == "letter"), "")
    if letters and _LETTER.fullmatch(label) and ord(label) == ord(letters) + 1:
        return "letter"
    if _ROMAN.fullmatch(label):
        return "roman"
    return "letter" if _LETTER.fullmatch(label) else None


def _count(table: Table, row: Row, headings: Headings) -> None:
    """A row of a table without numbers: numbered by its position."""
    if table.rows and ("title" in row.inherited or not row.get("title")):
        _append(table.rows[-1], row)
        return
    row.texts["number"] = str(len(table.rows) + 1)
    table.add(row, headings)


def _numbered(table: Table, row: Row, label: str, following: Row | None, headings: Headings) -> None:
    table.leave_numbers(label)
    table.leave_codes(row)
    table.base, table.subs = label, 0
    below = following.get("number").strip(" .):") if following else ""
    if not row.assigned and (below.startswith(f"{label}.") or _SUB_LABEL.fullmatch(below)):
        table.enter(f"number{label}", f"{label}. {row.get('title')}", row)
        return
    row.texts["number"] = label
    table.add(row, headings)


def _under_the_same_number(table: Table, row: Row, headings: Headings) -> None:
    """A row below a merged number: another task of that number, or more of the same one."""
    if "title" in row.inherited or not row.get("title"):
        _append(table.rows[-1], row)
    else:
        _sub_row(table, row, headings)


def _sub_row(table: Table, row: Row, headings: Headings) -> None:
    """A task without a number of its own below a numbered row: 5.1, 5.2 below 5."""
    table.subs += 1
    number = f"{table.base}.{table.subs}" if table.base else str(table.subs)
    params = {"row": str(row.place.row), "number": number, "label": row.get("number")}
    table.findings.append(Finding("note", number, "number", "sub-number", _SUB_NUMBER, params, row.place))
    row.texts["number"] = number
    table.add(row, headings)


def _unnumbered(table: Table, row: Row, following: Row | None, headings: Headings) -> None:
    title = row.get("title")
    params = {"text": short(title), "whole": title}
    if table.rows and (not title or "title" in row.inherited or title[:1].islower()):
        _append(table.rows[-1], row)
    elif title and not row.assigned:
        table.enter("plain", title, row)
        table.findings.append(Finding("note", None, "group", "group-guess", _GROUP_GUESS, params, row.place))
    elif following and _is_parent(row, following):
        table.enter("code", title, row)
        table.findings.append(Finding("note", None, "group", "parent-row", _PARENT, params, row.place))
    elif _SUB_LABEL.match(title) and re.match(r"[-–+•*] ?\w", title) and table.base:
        _sub_row(table, row, headings)
    else:
        params = {"text": short(title or row.assigned), "row": str(row.place.row), "whole": f"{title} {row.assigned}"}
        params["whole"] += "".join(f" {text}" for text in row.extra.values())
        table.findings.append(Finding("error", None, "number", "row-without-number", _NO_NUMBER, params, row.place))


def short(text: str) -> str:
    """A long text cut at a word, for a finding."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rsplit(' ', 1)[0]}…"


def _append(before: Row, row: Row) -> None:
    """Add the cells of a row that goes on with the row before, from the page before or beside merged cells."""
    for kind, text in row.texts.items():
        if kind not in row.inherited and text.strip():
            above = before.texts.get(kind, "")
            mark = "\n" if kind in _TIMES and _is_time(above) and _is_time(text) else " "
            before.texts[kind] = f"{above}{mark}{text}".strip()
    for heading, text in row.extra.items():
        above = before.extra.get(heading, "")
        before.extra[heading] = above if above == text else f"{above} {text}".strip()


def _is_time(text: str) -> bool:
    return read_cell(text, TimeContext()).complete


def _is_parent(row: Row, following: Row) -> bool:
    """Whether the next row's code is this row's with more behind it: KH.1 before KH.1.1."""
    return _is_below(following, tuple(row.extra.items()))


def _is_below(row: Row, codes: tuple[tuple[str, str], ...]) -> bool:
    return any(row.extra.get(heading, "").startswith(f"{code}.") for heading, code in codes)
