"""Next year's plan from this year's: dates and years moved on, ended units replaced, every guess a proposal."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.errors import Refused
from tracker.domain.names import plain
from tracker.domain.plan_document import Party, ReadTask
from tracker.domain.reading.headings import ColumnKind
from tracker.domain.reading.parties import PartyReader
from tracker.domain.reading.periods import PlanYear, plan_year
from tracker.domain.reading.phrases import TimeContext
from tracker.domain.reading.plan import read_again
from tracker.domain.units import Directory, Unit
from tracker.domain.words import N_

Reason = Literal["month", "day", "check", "lunar", "year", "unit", "no-heir"]
PLAN_TITLE = "plan"
TIMES: tuple[ColumnKind, ColumnKind] = ("start", "due")
CELLS: tuple[ColumnKind, ColumnKind] = ("leads", "partners")

_CITED = (
    r"(?:thông tư|nghị định|nghị quyết|quyết định|chỉ thị|công văn|kế hoạch|hướng dẫn|văn bản|tờ trình|thông báo)"
    r"(?: liên tịch)?\s+(?:số\s*:?\s*)?\d+[^\s,;)]*(?:\s+ngày\s+[\d/.\-]+\d)?"
    r"|(?:bộ )?luật\b[^,;.()]{0,60}?\b20\d\d|\d+/20\d\d/\w[\w&-]*"
)
_YEARS = r"(?P<a>20\d\d)(?P<link>\s*[-–]\s*)(?P<b>20\d\d)(?!\d)|(?<!\d)(?P<year>20\d\d)(?!\d)"
_IN_TITLE = re.compile(f"(?P<cited>{_CITED})|{_YEARS}", re.IGNORECASE)
_IN_TIME = re.compile(_YEARS)
_LEAP_DAY = re.compile(r"\b29([/.-])(0?2)\1(20\d\d)\b")
# Festivals of the lunar calendar, and what goes with them: each year in other days of ours, often in another month.
_LUNAR = re.compile(
    r"âm lịch|\btết\b(?! dương lịch| tây)|trung thu|nguyên đán|\brằm\b|hùng vương|vu lan|phật đản|tháng (?:giêng|chạp)"
)
_EXACT = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}(?!\d)(?!\s*[-–]\s*\d{4})|ngày\s+\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guess: `field` of the task at `at` (None: the plan itself) was `old` and is proposed as `new`.

    `reason`: month (a period moved by whole years, certain), day (an exact day moved, unconfirmed), check (a time that
    could not simply be moved), lunar (a time of a festival of the lunar calendar), year (a number in a wording), unit
    (a unit that has ended, its heirs), no-heir.
    """

    at: int | None
    field: str
    old: str
    new: str
    reason: Reason

    @property
    def certain(self) -> bool:
        """Whether nobody need be asked."""
        return self.reason == "month"


@dataclass(frozen=True, slots=True)
class RolledOver:
    """A draft of the new year: its title, its tasks with the proposals in them, and the proposals."""

    title: str
    school_year: str
    tasks: tuple[ReadTask, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """A cell of a task with units that have ended: its words `old`, and `new` with their heirs in their places."""

    field: ColumnKind
    old: str
    new: str
    heirs: tuple[tuple[Unit, ...], ...]

    @property
    def clear(self) -> bool:
        """Whether each of the units has exactly one heir."""
        return all(len(each) == 1 for each in self.heirs)

    @property
    def reason(self) -> Reason:
        """Why it is proposed."""
        return "unit" if all(self.heirs) else "no-heir"


def successions(task: ReadTask, directory: Directory, day: date) -> Iterator[Succession]:
    """The cells of a task that name units which have ended by `day`."""
    cells: tuple[tuple[ColumnKind, tuple[Party, ...], str], ...] = (
        ("leads", task.leads, task.leads_as_written),
        ("partners", task.partners, task.partners_as_written),
    )
    for name, parties, text in cells:
        heirs = {each: _heirs(each, directory, day) for each in parties if _has_ended(each, directory, day)}
        if heirs:
            yield Succession(name, text, _succeeded(text, parties, heirs), tuple(heirs.values()))


def _succeeded(text: str, parties: Iterable[Party], heirs: Mapping[Party, tuple[Unit, ...]]) -> str:
    """A cell with heirs in the places of units, each named once; one that shares a word among names is written out."""
    names = {party: ", ".join(unit.name for unit in units) for party, units in heirs.items()}
    if len(set(names.values())) == len(names) and all(party.text in text for party in heirs):
        for party, name in names.items():
            text = text.replace(party.text, name)
        return text
    told = (names.get(each, each.text) + (f" ({each.role})" if each.role else "") for each in parties)
    return "; ".join(dict.fromkeys(filter(None, told)))


def _has_ended(party: Party, directory: Directory, day: date) -> bool:
    unit = directory.get(party.code or "")
    return isinstance(unit, Unit) and unit.ends_on is not None and unit.ends_on < day


def _heirs(party: Party, directory: Directory, day: date) -> tuple[Unit, ...]:
    found = (directory.get(code) for code in directory.heirs(party.code or "", day))
    return tuple(each for each in found if isinstance(each, Unit))


def takes_effect(school_year: str | None, today: date) -> date:
    """The day by which the units of a plan are those of the plan: the first one of its year, or `today` if later."""
    year = plan_year(school_year or "")
    return max(year.whole()[0], today) if year else today


def target_year(source: str | None, to: str) -> tuple[PlanYear, PlanYear]:
    """The year of the plan and the one to roll it over to; Refused where they are none or do not follow."""
    before, after = plan_year(source or ""), plan_year(to)
    if after is None or not after.is_school_year:
        raise Refused(N_("“%(text)s” không phải năm học. Ví dụ: 2025-2026."), text=to[:20])
    if before is None:
        raise Refused(N_("Kế hoạch gốc không ghi năm học, nên không chuyển sang năm sau được."))
    if after.first <= before.first:
        raise Refused(N_("Năm học %(to)s không sau năm học của kế hoạch gốc (%(source)s)."), to=to, source=source or "")
    return before, after


def roll_over(
    title: str, tasks: Iterable[ReadTask], before: PlanYear, after: PlanYear, directory: Directory, today: date
) -> RolledOver:
    """The draft of the year `after` from the plan of the year `before`. Dates keep the precision as written."""
    move = _Move(before, after, directory, today)
    proposals: list[Proposal] = []
    moved = []
    for at, task in enumerate(tasks):
        cells, own = move.cells(at, task)
        proposals += own
        moved.append(move.reread(task, cells))
    new_title = moved_years(title, before, after)
    if new_title != title:
        proposals.insert(0, Proposal(None, PLAN_TITLE, title, new_title, "year"))
    return RolledOver(new_title, f"{after.first}-{after.last}", tuple(moved), tuple(proposals))


def moved_years(text: str, before: PlanYear, after: PlanYear) -> str:
    """A wording with the plan's own years moved on; the numbers and years of documents it cites stay."""

    def replaced(found: re.Match[str]) -> str:
        if found["cited"]:
            return found[0]
        if found["year"]:
            return (
                _moved(found["year"], before, after) if int(found["year"]) in (before.first, before.last) else found[0]
            )
        return _pair(found, before, after)

    return _IN_TITLE.sub(replaced, text)


def _pair(found: re.Match[str], before: PlanYear, after: PlanYear) -> str:
    """A school year moves; a longer stretch of years is somebody else's programme."""
    if int(found["b"]) != int(found["a"]) + 1:
        return found[0]
    return f"{_moved(found['a'], before, after)}{found['link']}{_moved(found['b'], before, after)}"


def _moved(year: str, before: PlanYear, after: PlanYear) -> str:
    return str(int(year) + after.first - before.first)


def moved_time(text: str, before: PlanYear, after: PlanYear) -> str:
    """A time with its years moved on; 29 February becomes the 28th where the new year has none."""

    def replaced(found: re.Match[str]) -> str:
        return _moved(found["year"], before, after) if found["year"] else _pair(found, before, after)

    return _LEAP_DAY.sub(_no_leap_day, _IN_TIME.sub(replaced, text))


def _no_leap_day(found: re.Match[str]) -> str:
    year = int(found[3])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return found[0] if leap else f"28{found[1]}{found[2]}{found[1]}{found[3]}"


class _Move:
    """Moves single tasks on."""

    def __init__(self, before: PlanYear, after: PlanYear, directory: Directory, today: date) -> None:
        self.day = max(after.whole()[0], today)
        self.before, self.after, self.directory = before, after, directory
        self.reader, self.context = PartyReader(directory), TimeContext(after)

    def cells(self, at: int, task: ReadTask) -> tuple[dict[ColumnKind, str], list[Proposal]]:
        """The cells that differ in the new year, and why."""
        proposals = [*self._wordings(at, task), *self._units(at, task), *self._times(at, task)]
        cells: dict[ColumnKind, str] = {}
        for each in proposals:
            cells[each.field] = each.new  # type: ignore[index]
        return cells, proposals

    def reread(self, task: ReadTask, cells: Mapping[ColumnKind, str]) -> ReadTask:
        """The task with those cells, all its times read for the new year."""
        return read_again(task, cells, self.reader, self.context)[0]

    def _wordings(self, at: int, task: ReadTask) -> Iterator[Proposal]:
        for name, text in (("title", task.title), ("product", task.product or "")):
            if (new := moved_years(text, self.before, self.after)) != text:
                yield Proposal(at, name, text, new, "year")

    def _units(self, at: int, task: ReadTask) -> Iterator[Proposal]:
        for each in successions(task, self.directory, self.day):
            yield Proposal(at, each.field, each.old, each.new, each.reason)

    def _times(self, at: int, task: ReadTask) -> Iterator[Proposal]:
        if not task.milestones:
            return
        first = task.milestones[0]
        texts = dict(zip(TIMES, (first.start_as_written, first.due_as_written), strict=True))
        new = {name: moved_time(text, self.before, self.after) for name, text in texts.items()}
        doubt: Reason | None = None if self._simply_moved(task, self.reread(task, new)) else "check"
        if _is_lunar(task):
            doubt = "lunar"
        for name in TIMES:
            if new[name] != texts[name]:
                exact: Reason = "day" if _EXACT.search(texts[name]) else "month"
                yield Proposal(at, name, texts[name], new[name], doubt or exact)
        if doubt and new == texts:
            yield Proposal(at, "due", texts["due"], texts["due"], doubt)

    def _simply_moved(self, task: ReadTask, moved: ReadTask) -> bool:
        """Whether every date came out in the same month, so many years on, and with the same kind."""
        years = self.after.first - self.before.first
        pairs = list(zip(task.milestones, moved.milestones, strict=False))
        if len(task.milestones) != len(moved.milestones):
            return False
        days = [(old, new) for one, two in pairs for old, new in ((one.start, two.start), (one.due, two.due))]
        alike = all(one.kind == two.kind for one, two in pairs)
        return alike and all(_years_on(old, new, years) for old, new in days)


def _is_lunar(task: ReadTask) -> bool:
    """Whether a task with a day is about a festival of the lunar calendar, which no whole years move."""
    times = [text for each in task.milestones for text in (each.start_as_written, each.due_as_written)]
    dated = any(each.start or each.due for each in task.milestones)
    return dated and bool(_LUNAR.search(plain(" ".join((task.title, task.product or "", *times)))))


def _years_on(old: date | None, new: date | None, years: int) -> bool:
    if old is None or new is None:
        return old is new
    return (new.year - old.year, new.month) == (years, old.month)
