"""Rows that look wrong although they could be read: pointed out, never corrected."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from tracker.domain.names import fold, plain, unit_key
from tracker.domain.plan_document import Finding, Party, ReadTask
from tracker.domain.reading.lexicon import counted
from tracker.domain.reading.periods import PlanYear
from tracker.domain.units import Directory, Group, Unit
from tracker.domain.words import N_

_DUPLICATE = N_("Số %(number)s đứng ở hai dòng: “%(first)s” và “%(second)s”. Hãy sửa một trong hai số.")
_GAP = N_("Sau số %(before)s là số %(number)s: có thể thiếu một dòng ở giữa.")
_TWICE = N_("Nhiệm vụ này giống hệt nhiệm vụ số %(other)s.")
_BACKWARDS = N_("Hoàn thành (%(due_on)s) trước khi bắt đầu (%(start_on)s). Hãy sửa một trong hai ô.")
_OUTSIDE = N_("Mốc %(day_on)s nằm ngoài thời gian của kế hoạch (%(first_on)s – %(last_on)s).")
_LEVEL = N_("Nội dung nói về “%(title_level)s” nhưng phối hợp là “%(party)s”; vẫn giữ nguyên như trong kế hoạch.")
_LEVEL_LEADS = N_("Nội dung nói về “%(title_level)s” nhưng chủ trì là “%(party)s”; vẫn giữ nguyên như trong kế hoạch.")
_BOTH = N_("“%(party)s” vừa chủ trì vừa phối hợp.")
_HEIR = N_(
    "“%(party)s” kết thúc hoạt động sau ngày %(ended_on)s nên phần việc từ đó là của “%(heirs)s”. Nếu giao cho đơn vị "
    "khác, hãy sửa ô này."
)
_NO_HEIR = N_(
    "“%(party)s” kết thúc hoạt động sau ngày %(ended_on)s và chưa có đơn vị tiếp nhận, nên phần việc sẽ không có ai "
    "làm. Hãy ghi đơn vị khác, hoặc ghi việc tiếp nhận ở trang của đơn vị đó."
)
_MANY_HEIRS = N_(
    "“%(party)s” kết thúc hoạt động sau ngày %(ended_on)s và có nhiều đơn vị tiếp nhận (%(heirs)s), nên phần việc chưa "
    "giao cho ai. Hãy ghi rõ đơn vị nào."
)
_NO_MEMBERS = N_(
    "Nhóm “%(party)s” chưa có đơn vị nào trong danh mục, nên phần việc chưa giao cho ai. Hãy chọn đơn vị của nhóm, "
    "hoặc ghi là cụm từ chung, không đếm được."
)
_OTHER_COUNT = N_(
    "“%(text)s” nói %(said)s đơn vị, nhưng nhóm “%(party)s” có %(counted)s. Hãy xem lại nhóm, hoặc sửa ô này."
)
_NO_TITLE = N_("Dòng số %(number)s không có nội dung công việc. Hãy điền ô này.")
_NO_LEAD = N_("Nhiệm vụ chưa có đơn vị chủ trì.")
_NO_TIME = N_("Nhiệm vụ không ghi thời gian: sẽ không có hạn cho đến khi có người đặt.")

_LEVELS = {
    "preschool": r"mầm non|mẫu giáo",
    "primary": r"tiểu học",
    "lower-secondary": r"trung học cơ sở|thcs",
    "upper-secondary": r"trung học phổ thông|thpt",
}
_MIXED_LEVELS = {"primary-lower-secondary": ("primary", "lower-secondary")}


def check(tasks: Sequence[ReadTask], directory: Directory, year: PlanYear | None) -> Iterator[Finding]:
    """All findings about the tasks as read; the order of the tasks is kept within each check."""
    yield from _numbers(tasks)
    yield from _twice(tasks)
    for task in tasks:
        yield from _filled(task)
        yield from _times(task, year)
        yield from _levels(task, directory)
        yield from _both(task)
        yield from _ended(task, directory)
        yield from _groups(task, directory)


def _numbers(tasks: Sequence[ReadTask]) -> Iterator[Finding]:
    seen: dict[tuple[str | None, str], ReadTask] = {}
    for task in tasks:
        first = seen.setdefault((task.group, task.number), task)
        if first is not task:
            params = {"number": task.number, "first": first.title, "second": task.title}
            yield Finding("error", task.number, "number", "duplicate-number", _DUPLICATE, params, task.place)
    yield from _gaps(tasks)


def _gaps(tasks: Sequence[ReadTask]) -> Iterator[Finding]:
    """Numbers that do not follow each other; none where most do not: the document picks tasks of a plan."""
    pairs = [pair for pair in pairwise(tasks) if all(each.number.isdigit() for each in pair)]
    gaps = [pair for pair in pairs if not _follows(*pair)]
    if 2 * len(gaps) > len(pairs) and (len(gaps) > 1 or tasks[0].number != "1"):
        return
    for before, task in gaps:
        params = {"before": before.number, "number": task.number}
        yield Finding("question", task.number, "number", "number-gap", _GAP, params, task.place)


def _follows(before: ReadTask, task: ReadTask) -> bool:
    restarts = task.group != before.group and int(task.number) == 1
    return restarts or int(task.number) - int(before.number) in (0, 1)


def _twice(tasks: Sequence[ReadTask]) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], ReadTask] = {}
    for task in tasks:
        key = (
            fold(task.title),
            fold(task.leads_as_written),
            "; ".join(each.due_as_written for each in task.milestones),
        )
        first = seen.setdefault(key, task)
        if first is not task and task.title:
            yield Finding("question", task.number, "title", "task-twice", _TWICE, {"other": first.number}, task.place)


def _filled(task: ReadTask) -> Iterator[Finding]:
    if not task.title:
        yield Finding("error", task.number, "title", "no-title", _NO_TITLE, {"number": task.number}, task.place)
    if not task.leads:
        yield Finding("question", task.number, "leads", "no-lead", _NO_LEAD, {}, task.place)
    if not any(each.start_as_written or each.due_as_written for each in task.milestones):
        yield Finding("question", task.number, "due", "no-time", _NO_TIME, {}, task.place)


def _times(task: ReadTask, year: PlanYear | None) -> Iterator[Finding]:
    for each in task.milestones:
        if each.start and each.due and each.due < each.start:
            params = {"start_on": str(each.start), "due_on": str(each.due)}
            yield Finding("error", task.number, "due", "end-before-start", _BACKWARDS, params, task.place)
        for column, day in (("start", each.start), ("due", each.due)):
            if year and day and not year.whole()[0] <= day <= year.whole()[1]:
                first, last = year.whole()
                params = {"day_on": str(day), "first_on": str(first), "last_on": str(last)}
                yield Finding("question", task.number, column, "outside-year", _OUTSIDE, params, task.place)


def _levels(task: ReadTask, directory: Directory) -> Iterator[Finding]:
    """A contest for one school level that names only schools of another."""
    title = plain(task.title)
    told = {level: found.group() for level, words in _LEVELS.items() if (found := re.search(words, title))}
    wanted = set(told)
    for column, parties, message in (("leads", task.leads, _LEVEL_LEADS), ("partners", task.partners, _LEVEL)):
        groups = [(party, _group_levels(party, directory)) for party in parties]
        named = set().union(*(levels for _, levels in groups)) if groups else set()
        if wanted and named and not wanted & named:
            party = next(party for party, levels in groups if levels)
            params = {"title_level": ", ".join(told.values()), "party": party.name}
            yield Finding("note", task.number, column, "level-mismatch", message, params, task.place)


def _group_levels(party: Party, directory: Directory) -> set[str]:
    group = directory.get(party.code) if party.code else None
    if not isinstance(group, Group) or group.rule is None:
        return set()
    levels = {known for level in group.rule.levels for known in _MIXED_LEVELS.get(level, (level,))}
    pure = {level for level in group.rule.levels if level in _LEVELS}
    return (pure or levels) & set(_LEVELS)


def _both(task: ReadTask) -> Iterator[Finding]:
    leads = {_key(party) for party in task.leads}
    for party in task.partners:
        if party.kind != "open" and _key(party) in leads:
            yield Finding("note", task.number, "partners", "lead-and-partner", _BOTH, {"party": party.name}, task.place)


def _key(party: Party) -> str:
    return party.code or unit_key(party.name)


def _ended(task: ReadTask, directory: Directory) -> Iterator[Finding]:
    """Units that end before the task is due: a person is asked whether the heir has its work from then on, or who."""
    due = max((each.due for each in task.milestones if each.due), default=date.max)
    for column, parties in (("leads", task.leads), ("partners", task.partners)):
        for party in _units(parties):
            unit = directory.get(party.code or "")
            if not isinstance(unit, Unit) or unit.ends_on is None or unit.ends_on >= due:
                continue
            heirs = [each.name for code in directory.heirs(unit.code, date.max) if (each := directory.get(code))]
            params = {"party": party.name, "ended_on": str(unit.ends_on), "heirs": "; ".join(heirs)}
            message = _HEIR if len(heirs) == 1 else _MANY_HEIRS if heirs else _NO_HEIR
            yield Finding("question", task.number, column, "unit-ended", message, params, task.place)


def _groups(task: ReadTask, directory: Directory) -> Iterator[Finding]:
    """Groups whose rule admits nobody, and those of which the cell says another number."""
    for column, parties in (("leads", task.leads), ("partners", task.partners)):
        for party in parties:
            group, said = directory.get(party.code or ""), counted(plain(party.text))
            if not isinstance(group, Group) or group.kind == "open":
                continue
            size = len(directory.expand(group.code))
            params = {
                "party": party.name,
                "text": party.text,
                "said": str(said and said[1]),
                "counted": str(size),
                "code": group.code,
            }
            if not size and group.kind == "rule":
                yield Finding("question", task.number, column, "empty-group", _NO_MEMBERS, params, task.place)
            elif said and said[1] not in (None, -1, size):
                yield Finding("question", task.number, column, "group-count", _OTHER_COUNT, params, task.place)


def without_members(task: ReadTask, directory: Directory) -> Iterator[Finding]:
    """Groups kept by hand in which nobody is yet, so that their work would be told to nobody.

    No fault of the document, and so no part of `check`: it is asked where a person looks at a preview.
    """
    for column, parties in (("leads", task.leads), ("partners", task.partners)):
        for party in parties:
            group = directory.get(party.code or "")
            if isinstance(group, Group) and group.kind == "list" and not directory.expand(group.code):
                params = {"party": party.name, "code": group.code}
                yield Finding("question", task.number, column, "empty-group", _NO_MEMBERS, params, task.place)


def _units(parties: Iterable[Party]) -> Iterator[Party]:
    return (party for party in parties if party.kind == "unit")
