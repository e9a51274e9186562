"""The marks that begin a plan's rows: numbers of tasks, letters and Roman numbers of groups, and what to propose."""

import re
from collections.abc import Collection
from itertools import count

from tracker.domain.names import plain, squeeze

_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})*")
_ROMAN = re.compile(r"(?=[IVXL])L?X{0,3}(?:IX|IV|V?I{0,3})")
_LETTER = re.compile(r"[A-ZĐ]")
_SUB_LABEL = re.compile(r"[-–+•*]|[a-zđ]")
_MARKED = re.compile(r"(?P<mark>[IVXL]{1,6}|[A-ZĐ])(?:\s*[.)/:]|\s+[-–])\s*(?=\w)")
_LED = re.compile(r"(?P<label>\d{1,3}(?:\.\d{1,3})*)[.)](?!\d)\s*(?P<rest>[^\W\d].*)", re.DOTALL)
_TOTAL = re.compile(r"(?:tổng cộng|tổng số|cộng)(?=\W*$|\s*:|\s+\d|\s+(?:các |số )?(?:nhiệm vụ|công việc|nội dung)\b)")


def led_title(title: str) -> tuple[str, str]:
    """The number that a title begins with and the rest of it: '2. Tập huấn' is ('2', 'Tập huấn'); ('', title) else."""
    found = _LED.match(title.strip())
    return (found["label"], found["rest"]) if found else ("", title)


def label_of(text: str) -> str:
    """A number's cell without the signs around it: '1.', '(1)' and '1/' are '1'."""
    return squeeze(text).strip(" .,;:()/")


def is_number(label: str) -> bool:
    """Whether a label is a task's number: '7', '12345', '1.2'."""
    return bool(_NUMBER.fullmatch(label))


def is_sub_label(label: str) -> bool:
    """Whether a label only says that its row stands below a numbered one: '-', 'a'."""
    return bool(_SUB_LABEL.fullmatch(label))


def is_total(title: str) -> bool:
    """Whether a row's words announce a sum and no task: 'Tổng cộng: 12 nhiệm vụ'."""
    return bool(_TOTAL.match(plain(title)))


def style_of(label: str, letter: str = "") -> str | None:
    """How a group's mark looks: 'letter' (A, B), 'roman' (I, II), or None where it is no mark.

    `letter` is the mark of the open group of letters, which tells H, I, J from I, II.
    """
    if letter and _LETTER.fullmatch(label) and ord(label) == ord(letter) + 1:
        return "letter"
    if _ROMAN.fullmatch(label):
        return "roman"
    return "letter" if _LETTER.fullmatch(label) else None


def mark_of(title: str) -> str:
    """The group's mark that a title begins with ('II' in 'II. ĐỘI NGŨ'), or ''."""
    found = _MARKED.match(title)
    return found["mark"] if found else ""


def next_number(base: str, taken: Collection[str]) -> str:
    """A number for a row without one below row `base`: the next where nobody has it ('3' after '2'), else '2.1'."""
    above, _, last = (base or "0").rpartition(".")
    following = f"{above}.{int(last) + 1}" if above else str(int(last) + 1)
    return following if following not in taken else sub_number(base or "0", taken)


def sub_number(base: str, taken: Collection[str]) -> str:
    """The first free number below `base`: '5.1' below '5'; a bare one where there is no base."""
    prefix = f"{base}." if base else ""
    return next(number for each in count(1) if (number := f"{prefix}{each}") not in taken)
