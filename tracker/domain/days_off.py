"""The office's table of days off: what one line of it says, and what may stand there."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.errors import Refused
from tracker.domain.words import N_

LONGEST = 200  # characters
FIRST_YEAR, LAST_YEAR = 1990, 2199
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day that differs from its weekday: off, or worked in exchange; `changed_at` (UTC) where a person wrote it."""

    day: date
    is_off: bool
    name: str
    document: str
    changed_at: datetime | None = None


def check_day(listed: ListedDay) -> None:
    """Refuse a line that says nothing, has no document or reason, or lets a working day be worked."""
    if not FIRST_YEAR <= listed.day.year <= LAST_YEAR:
        raise Refused(
            N_("Chỉ ghi được ngày từ năm %(first)s đến năm %(last)s."), first=str(FIRST_YEAR), last=str(LAST_YEAR)
        )
    if not listed.name.strip():
        raise Refused(N_("Hãy ghi tên ngày nghỉ, ví dụ: Quốc khánh, hoặc: Làm bù cho thứ Sáu 02/5/2025."))
    check_document(listed.document)
    check_length(listed.name, listed.document)
    if not listed.is_off and listed.day.weekday() < SATURDAY:
        raise Refused(
            N_("Ngày %(day)s không phải cuối tuần nên vốn là ngày làm việc. Nếu đang ghi là nghỉ, hãy xóa dòng đó."),
            day=listed.day,
        )


def check_length(*texts: str) -> None:
    """Refuse names and documents that are too long to be kept."""
    if max(map(len, texts)) > LONGEST:
        raise Refused(N_("Tên và văn bản dài tối đa %(most)s ký tự; hãy rút gọn."), most=str(LONGEST))


def check_document(document: str) -> None:
    """Refuse a change of the table without a document or a reason: late and in time are counted by it."""
    if not document.strip():
        raise Refused(N_("Hãy ghi văn bản hoặc lý do: đúng hạn và quá hạn đều tính theo bảng ngày nghỉ."))
