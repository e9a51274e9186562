"""Days that a unit sets itself before the due date of a share: shown to it and to those who oversee, never late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.errors import Refused
from tracker.domain.names import squeeze
from tracker.domain.status import Deadline
from tracker.domain.words import N_

MAX_TITLE = 200
MOST_PER_SHARE = 20


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A day of the unit's own; `share_id` is its log's, `done_at` in UTC."""

    id: int
    share_id: int
    day: date
    title: str
    added_by: str
    done_at: datetime | None = None


def check_checkpoint(
    day: date | None, title: str, deadline: Deadline, there: Collection[tuple[date, str]], today: date
) -> tuple[date, str]:
    """The day and the tidy title of one more than those there.

    Refused where one is missing, the same is there, or the day is past or not before the due date.
    """
    words = squeeze(title)
    if day is None:
        raise Refused(N_("Hãy ghi ngày của mốc nội bộ, ví dụ 15/12/2024."))
    if not words:
        raise Refused(N_("Hãy ghi việc cần xong ở mốc nội bộ."))
    if len(words) > MAX_TITLE:
        raise Refused(N_("Tên mốc nội bộ dài tối đa %(most)s ký tự; hãy rút gọn."), most=str(MAX_TITLE))
    if (day, words) in there:
        raise Refused(N_("Mốc nội bộ “%(title)s” ngày %(day)s đã có; không ghi lần nữa."), title=words, day=day)
    if len(there) >= MOST_PER_SHARE:
        raise Refused(N_("Mỗi phần việc có tối đa %(most)s mốc nội bộ."), most=str(MOST_PER_SHARE))
    if day < today:
        raise Refused(N_("Ngày %(day)s đã qua; hãy chọn một ngày từ hôm nay trở đi."), day=day)
    if deadline.due is not None and day >= deadline.due:
        raise Refused(
            N_("Mốc nội bộ phải trước hạn của phần việc (%(due)s). Hãy chọn ngày sớm hơn."),
            due=deadline.due,
        )
    return day, words
