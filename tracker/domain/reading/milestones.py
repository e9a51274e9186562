"""From a task's two cells of time to its milestones; whatever they say and no date comes of is told."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tracker.domain.names import bare, squeeze
from tracker.domain.plan_document import MilestoneKind, ReadMilestone
from tracker.domain.reading.phrases import CellTime, TimeContext, TimePart, TimeProblem, read_cell, remainder
from tracker.domain.reading.wordings import holds_date
from tracker.domain.words import N_

_UNMATCHED = N_(
    "Số mốc bắt đầu và số mốc hoàn thành không bằng nhau (“%(text)s”); mọi mốc tạm lấy mốc bắt đầu đầu tiên."
)
_NO_START = N_("“%(text)s” không cho ngày bắt đầu: nhiệm vụ chưa có ngày bắt đầu.")
_NO_DUE = N_("“%(text)s” không cho ngày hoàn thành: nhiệm vụ chưa có hạn.")
_UNUSED = N_(
    "“%(text)s” có nhắc đến ngày tháng nhưng còn chờ việc khác; chưa lấy ngày nào. Hãy xem có phải là hạn không."
)
_END_IN_START = N_("Ô bắt đầu ghi “%(text)s” mà ô hoàn thành để trống; chưa lấy hạn nào. Hãy ghi hạn vào ô hoàn thành.")

# Kinds that have no date by what they are, and those of them whose words may hold one all the same.
_DATELESS = ("from", "recurring", "external", "event", "days", "done", "offset")
_UNDATED = ("external", "event", "done")
_NOT_UNDERSTOOD = {"bad-time", "unread-time"}
_MOST_WORDS = 25  # of a cell in which a time is looked for
# Beside a time, these turn what it means.
_TURNS_IT = re.compile(r"\b(?:khong|tru|ngoai|som|chua|hoac|hay|dung|bo|truoc|sau|giua|tu|den|khi|neu|hoan|lui)\b")


def milestones(
    start_text: str, due_text: str, context: TimeContext
) -> tuple[tuple[ReadMilestone, ...], tuple[tuple[str, TimeProblem], ...]]:
    """The milestones of a task from its two time cells (the start cell may be '': the plan has one time column).

    Returns them with the problems met, each with its column, 'start' or 'due'. There is always a milestone:
    without any date its kind is 'none' (or what the words say) and a person sets it.
    """
    start, due = _read(start_text, context), _read(due_text, context)
    problems = [("start", each) for each in (*start.problems, *_without_start(start, due_text))]
    problems += [("due", each) for each in (*due.problems, *_without_due(due))]
    pairs, unmatched = _pair(start.parts, due.parts)
    if unmatched:
        problems.append(("due", TimeProblem("question", "unmatched-times", _UNMATCHED, squeeze(due_text))))
    written = (_written(start_text, start), _written(due_text, due))
    made = [_milestone(first, last, written, len(pairs) > 1) for first, last in pairs]
    if written[0] and not start.parts:  # what the plan says of the start was not understood: no other start for it
        made = [replace(each, start=None) for each in made]
    return tuple(made), tuple(problems)


def _read(text: str, context: TimeContext) -> CellTime:
    """The cell's times; where there are other words beside a time, that time and a question about them."""
    whole = read_cell(text, context)
    words = squeeze(text).split(" ")
    if whole.parts or len(words) > _MOST_WORDS or not {each.code for each in whole.problems} & _NOT_UNDERSTOOD:
        return whole
    for end in range(len(words) - 1, 0, -1):
        for time, rest in ((words[:end], words[end:]), (words[-end:], words[:-end])):
            beside = " ".join(rest)
            if re.search(r"\d", beside) or _TURNS_IT.search(bare(beside)):
                continue
            found = read_cell(" ".join(time), context)
            if found.complete and any(part.start or part.due for part in found.parts):
                return CellTime(found.parts, (remainder(beside), *found.problems))
    return whole


def _without_start(reading: CellTime, due_text: str) -> Iterator[TimeProblem]:
    """What a start cell says and no start comes of; and an end in it where the cell of the end is empty."""
    for part in reading.parts:
        if part.start is None:
            yield from _told(reading, part, "no-start", _NO_START)
        elif (part.kind == "range" or part.guess.startswith("whole-")) and not due_text.strip():
            yield TimeProblem("question", "end-in-start", _END_IN_START, part.text)


def _without_due(reading: CellTime) -> Iterator[TimeProblem]:
    for part in reading.parts:
        if part.due is None:
            yield from _told(reading, part, "no-due", _NO_DUE)


def _told(reading: CellTime, part: TimePart, code: str, message: str) -> Iterator[TimeProblem]:
    """A note where the words are known to name no date, a question where they hold one or stand in the wrong cell."""
    if any(each.text == part.text for each in reading.problems):
        return
    if part.kind in _UNDATED and holds_date(part.text):
        yield TimeProblem("question", "date-unused", _UNUSED, part.text)
    else:
        yield TimeProblem("note" if part.kind in _DATELESS else "question", code, message, part.text)


def _written(text: str, reading: CellTime) -> str:
    """The cell's words; its line breaks only where they tell something: what stands below is no time."""
    return squeeze(text) if reading.complete else "\n".join(filter(None, map(squeeze, text.split("\n"))))


_Pair = tuple[TimePart | None, TimePart | None]


def _pair(starts: tuple[TimePart, ...], dues: tuple[TimePart, ...]) -> tuple[list[_Pair], bool]:
    if len(starts) == len(dues) and starts:
        return list(zip(starts, dues, strict=True)), False
    if not dues:
        return [(each, None) for each in starts] or [(None, None)], False
    if not starts:
        return [(None, each) for each in dues], False
    return [(starts[0], each) for each in dues], True


def _milestone(first: TimePart | None, last: TimePart | None, written: tuple[str, str], several: bool) -> ReadMilestone:
    kind, start, due = _combine(first, last)
    parts = dict.fromkeys(part.text for part in (first, last) if part) if several else {}
    return ReadMilestone(kind, start, due, *written, part=" – ".join(parts))


def _combine(first: TimePart | None, last: TimePart | None) -> tuple[MilestoneKind, date | None, date | None]:
    if first is None:
        return (last.kind, last.start, last.due) if last else ("none", None, None)
    if last is None:
        return "from" if first.start else first.kind, first.start, None
    kind = last.kind
    if {first.kind, last.kind} == {"date", "period"}:
        kind = "period"
    return kind, first.start, last.due
