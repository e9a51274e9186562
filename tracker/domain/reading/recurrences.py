"""What comes again and again: 'Thường xuyên', 'Trước ngày 20 hằng tháng', '30/6 và 31/12 hằng năm'."""

import re

from tracker.domain.reading.periods import read_span
from tracker.domain.reading.stretches import range_of
from tracker.domain.reading.times import TimeContext, TimePart

_CYCLE = r"(?:(?:\d{1,2}|hai|ba|sau) thang|thang|quy|nam hoc|nam|tuan|ngay|hoc ky|ky)"
_EACH = rf"(?:hang|moi|tung) {_CYCLE}(?:(?: ?,| va|, va) (?:hang |moi |tung )?{_CYCLE}(?! \d))*"
_OFTEN = re.compile(
    rf"(?:^|(?<=[ ,;(]))(?:thuong xuyen|lien tuc|dinh ky|thuong ky|quanh nam|{_EACH}|"
    r"cac (?:thang|quy|tuan|hoc ky)(?! \d)|"
    rf"\d{{1,2}} lan ?(?:/|moi|mot|trong|tren) ?(?:1 |mot )?{_CYCLE}|"
    rf"{_CYCLE} ?(?:/|mot|1) ?(?:1 |mot )?lan|"
    rf"theo (?:thang|quy|tuan|hoc ky|nam|tung {_CYCLE})(?=[ ,;]*$))\b"
)
_YEARLY = re.compile(r"(?:dinh ky )?(?:(?P<days>.+?),? (?:hang|moi) nam|(?:hang|moi) nam,? (?P<after>.+))")
_NEXT = r"(?: (?:sau|ke tiep|tiep theo))?"
_IN_A_CYCLE = re.compile(
    r"(?:(?:(?:truoc|cham nhat|vao|den)(?: la)? )+(?:ngay )?|ngay )(?:\d{1,2}|cuoi|dau|cuoi cung)(?: cua)? "
    r"(?:thang (?:dau|giua|cuoi|thu (?:nhat|hai|ba))(?: tien| cung)?(?: cua)? (?:moi |hang )?quy"
    rf"{_NEXT}|(?:thang|quy|tuan){_NEXT}(?: lien ke)?)"
)
# The day within a month or a week: it comes again too.
_DAY_OF_CYCLE = re.compile(
    r"(?:(?:truoc|cham nhat|khong qua|muon nhat|vao|den|het|trong|la|ngay|cuoi|cung|dau|giua|tuan|thu|chu nhat|hai|ba|"
    r"tu|nam|sau|bay|va|cua|lam viec|\d{1,2}(?![/.\d]))(?:[ ,/\-]+|$))*"
)
_UNTIL = re.compile(r"^(?:cho )?(?:(?:den|toi)(?: het)?|het|truoc|cham nhat(?: la)?) ")


def yearly(core: str) -> str | None:
    """The days that come every year ('30/6 va 31/12'), with no year of their own; None where `core` names none."""
    found = _YEARLY.fullmatch(core)
    days = (found["days"] or found["after"]).strip("( )") if found else ""
    return days if days and not re.search(r"\d{4}", days) else None


def recurrence(core: str, text: str, context: TimeContext) -> TimePart | None:
    """The recurring time that `core` names, from when on where it says so; None where it names none.

    Its end is no due date: one that is named is told by `guess` 'end'. Raises NotInCalendar and YearUnknown.
    """
    if _IN_A_CYCLE.fullmatch(core):
        return TimePart("recurring", None, None, text)
    found = _OFTEN.search(core)
    if not found:
        return None
    before = re.sub(r",? va$", "", core[: found.start()].strip(" ,;-")).strip(" ,")
    after = re.sub(r"^va ", "", core[found.end() :].strip(" ,;:-"))
    part = TimePart("recurring", None, None, text)
    for words, is_rest in ((before, False), (after, True)):
        known = _known(words, context) if words else part
        if known is None and (not is_rest or re.search(r"\d", words)):
            return None
        part = _joined(part, known)
    return part


def _joined(part: TimePart, more: TimePart | None) -> TimePart:
    if more is None:
        return part
    return TimePart("recurring", part.start or more.start, None, part.text, part.guess or more.guess)


def _known(words: str, context: TimeContext) -> TimePart | None:
    """The first day that words beside a recurrence tell, if any; None where they are no words of time."""
    words = words.strip("( )")
    if _DAY_OF_CYCLE.fullmatch(words) or _IN_A_CYCLE.fullmatch(words) or _OFTEN.fullmatch(words):
        return TimePart("recurring", None, None, words)
    begun = re.sub(r"^(?:(?:bat dau|ke|tinh)+ )*tu (?=\S)", "", words)
    begun = re.sub(r" tro di$", "", begun)
    if span := read_span(begun, context.year):
        return TimePart("recurring", span.start, None, words)
    if span := range_of(words, context.year):
        return TimePart("recurring", span.start, None, words, "end")
    last = _UNTIL.sub("", words)
    return TimePart("recurring", None, None, words, "end") if last != words and read_span(last, context.year) else None
