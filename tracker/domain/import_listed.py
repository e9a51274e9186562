"""A document that names the changed tasks of a plan alone: every task that it does not name stays as it is."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.domain.differences import (
    Difference,
    Doubt,
    RowDifference,
    StoredTask,
    found_again,
    row_difference,
    untouched,
)
from tracker.domain.names import fold, squeeze
from tracker.domain.plan_document import ReadTask
from tracker.domain.row_matches import NUMBER, WORDING, likeness

_SOME = re.compile(r"(?:sua doi|dieu chinh|bo sung)[ ,;va]*(?:bo sung|dieu chinh)?[ ,]*mot so\b")
_ABOLISHES = re.compile(r"(?:bai bo|huy bo|huy|bo)(?: nhiem vu)?(?: nay)?(?: khoi ke hoach)?")
_ABOLISHED = re.compile(
    r"^\s*(?:bãi bỏ|hủy bỏ|huỷ bỏ|hủy|huỷ|bỏ)(?:\s+nhiệm vụ)?(?:\s+số\s+(?P<number>\w[\w.]*))?\s*[:.;,–-]*\s*",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\s*[(\[–-]\s*(?:bãi bỏ|hủy bỏ|huỷ bỏ|hủy|huỷ|bỏ)\s*[)\]]?\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+)(.*)")


def speaks_of_some(title: str) -> bool:
    """Whether a document's title says that it amends some tasks of a plan ('Sửa đổi, bổ sung một số nhiệm vụ')."""
    return bool(_SOME.search(fold(title)))


def lacks_most(whole: Difference) -> bool:
    """Whether fewer than half of the living tasks were found again in a document read as the whole plan."""
    living = [row for row in whole.rows if row.stored and row.stored.dropped_on is None]
    return 2 * sum(row.read is not None for row in living) < len(living)


def compare_listed(
    stored: Sequence[StoredTask],
    read: Sequence[ReadTask],
    same: Mapping[int, int | None] | None = None,
    skipped: Collection[int] = (),
) -> Difference:
    """Every living task in the plan's order with what the document says of it, new ones at their number's place.

    Nothing is dropped but what a row abolishes ('bãi bỏ', 'hủy', 'bỏ' in a cell or before or after the title). A row
    that has only its number in common with a task is a doubt. A column that the document lacks stays as it is; numbers
    that only count the document's rows are not taken for the plan's. `same` and `skipped` as in `compare`.
    """
    rows = {at: _Row.of(task) for at, task in enumerate(read) if at not in skipped}
    order = list(rows)
    asked = {order.index(at): task_id for at, task_id in (same or {}).items() if at in rows}
    found, unsure = found_again(stored, [rows[at].task for at in order], asked)
    matches = {order[at]: task for at, task in found.items()}
    doubts = [replace(each, at=order[each.at]) for each in unsure if not rows[order[each.at]].abolishes]
    alone = [at for at in order if at not in matches]
    own = _counts_itself([rows[at].task for at in order], [(rows[at].task, task) for at, task in matches.items()])
    free = [task for task in stored if task.dropped_on is None and task.id not in {m.id for m in matches.values()}]
    for at in alone:
        known = _only_numbered(rows[at].number or rows[at].task.number, free)
        if rows[at].abolishes:
            if known and (rows[at].number or not rows[at].task.title):
                matches[at] = known
        elif known and not own and at not in (same or {}) and at not in {each.at for each in doubts}:
            doubts.append(_doubt(at, read[at], known))
    bench = _Bench(stored, _Columns.of([rows[at].task for at in order]), own)
    for at in order:
        bench.take(rows[at], matches.get(at))
    return Difference(tuple(bench.rows()), tuple(doubts), only_listed=True, unfound=tuple(bench.unfound))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the document, its title without the words that abolish it; `number` where the title names one."""

    task: ReadTask
    abolishes: bool = False
    number: str = ""

    @staticmethod
    def of(task: ReadTask) -> "_Row":
        before = _ABOLISHED.match(task.title)
        after = _AFTERWARDS.search(task.title)
        if before and fold(before[0]).split()[:2] not in (["bai", "bo"], ["huy", "bo"]):
            before = before if before["number"] or "nhiem vu" in fold(before[0]) else None
        cells = [text for _, text in task.extra] + [task.product or "", task.leads_as_written, task.partners_as_written]
        cells += [text for each in task.milestones for text in (each.start_as_written, each.due_as_written)]
        if before:
            return _Row(replace(task, title=task.title[before.end() :]), True, before["number"] or "")
        if after:
            return _Row(replace(task, title=task.title[: after.start()]), True)
        return _Row(task, any(_ABOLISHES.fullmatch(fold(text).strip(" .")) for text in cells))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns the document has: what it says nothing of in any row stays as it is stored."""

    group: bool
    product: bool
    extra: bool
    leads: bool
    partners: bool
    times: bool

    @staticmethod
    def of(tasks: Sequence[ReadTask]) -> "_Columns":
        return _Columns(
            group=any(each.group for each in tasks),
            product=any(each.product for each in tasks),
            extra=any(each.extra for each in tasks),
            leads=any(each.leads for each in tasks),
            partners=any(each.partners for each in tasks),
            times=any(m.kind != "none" for each in tasks for m in each.milestones),
        )

    def onto(self, read: ReadTask, old: ReadTask) -> ReadTask:
        """`read` with what the document has no column for taken from the stored task."""
        return replace(
            read,
            group=read.group if self.group else old.group,
            product=read.product if self.product else old.product,
            extra=read.extra if self.extra else old.extra,
            leads=read.leads if self.leads else old.leads,
            leads_as_written=read.leads_as_written if self.leads else old.leads_as_written,
            partners=read.partners if self.partners else old.partners,
            partners_as_written=read.partners_as_written if self.partners else old.partners_as_written,
            milestones=read.milestones if self.times else old.milestones,
        )


class _Bench:
    """The living plan while the rows of the document find their place in it."""

    def __init__(self, stored: Sequence[StoredTask], columns: _Columns, own_numbers: bool) -> None:
        self.columns, self.own_numbers = columns, own_numbers
        self.living: list[tuple[StoredTask | None, ReadTask]] = [
            (task, task.content) for task in stored if task.dropped_on is None
        ]
        self.dropped: list[StoredTask] = []
        self.unfound: list[ReadTask] = []

    def take(self, row: _Row, known: StoredTask | None) -> None:
        """Put one row of the document where it belongs."""
        if row.abolishes:
            self._abolish(row, known)
        elif known is None:
            number = row.task.number
            taken = {(task.group, task.number) for _, task in self.living}
            if self.own_numbers or (row.task.group, number) in taken:
                number = self._free_number()
            self._insert(None, replace(row.task, number=number))
        elif known.dropped_on is not None:
            self._insert(known, self._adapted(row.task, known))
        else:
            at = next(at for at, (task, _) in enumerate(self.living) if task is known)
            self.living[at] = (known, self._adapted(row.task, known))

    def rows(self) -> Iterable[RowDifference]:
        """The plan as it is to be, then what goes."""
        for position, (task, content) in enumerate(self.living, start=1):
            same = task is not None and task.content is content
            yield untouched(task, position) if task and same else row_difference(task, content, position)
        for task in self.dropped:
            yield RowDifference(task, None, 0)

    def _abolish(self, row: _Row, known: StoredTask | None) -> None:
        if known is None:
            self.unfound.append(row.task)
        elif known.dropped_on is None:
            self.living = [each for each in self.living if each[0] is not known]
            self.dropped.append(known)

    def _adapted(self, read: ReadTask, known: StoredTask) -> ReadTask:
        number = known.content.number if self.own_numbers else read.number
        return replace(self.columns.onto(read, known.content), number=number)

    def _free_number(self) -> str:
        return str(max((int(each.number) for _, each in self.living if each.number.isdecimal()), default=0) + 1)

    def _insert(self, task: StoredTask | None, content: ReadTask) -> None:
        """After the last row of its group with a lower number, else after its group, else at the end."""
        wanted = _sortable(content.number)
        of_group = [at for at, (_, each) in enumerate(self.living) if not content.group or each.group == content.group]
        lower = [at for at in of_group if wanted and (own := _sortable(self.living[at][1].number)) and own <= wanted]
        at = max(lower or of_group, default=len(self.living) - 1) + 1
        if content.group is None and at:
            content = replace(content, group=self.living[at - 1][1].group)
        self.living.insert(at, (task, content))


def _sortable(number: str) -> tuple[int, str] | None:
    found = _NUMBER.fullmatch(squeeze(number))
    return (int(found[1]), found[2]) if found else None


def _counts_itself(tasks: Sequence[ReadTask], pairs: Sequence[tuple[ReadTask, StoredTask]]) -> bool:
    """Whether the numbers are the document's own count of its rows: 1, 2, 3 …, and a task found has another one."""
    counted = [each.number for each in tasks] == [str(at) for at in range(1, len(tasks) + 1)]
    return counted and any(read.number != task.content.number for read, task in pairs)


def _only_numbered(number: str, free: Sequence[StoredTask]) -> StoredTask | None:
    """The one task with that number, where there is just one."""
    if Counter(task.content.number for task in free)[number] != 1:
        return None
    return next(task for task in free if task.content.number == number)


def _doubt(at: int, read: ReadTask, known: StoredTask) -> Doubt:
    return Doubt(at, read, known, round(WORDING * likeness(known.content.title, read.title)) + NUMBER)
