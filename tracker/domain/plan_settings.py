"""By which rules a plan is watched: what may be set, and the order in which its monitors confirm."""

from collections.abc import Sequence

from tracker.domain.errors import Refused
from tracker.domain.words import N_

MOST_QUIET_DAYS = 365
MOST_MONITORS = 20


def check_quiet_days(days: int | None) -> int:
    """The number of days without an entry that counts as gone quiet; Refused where it is none."""
    if days is None or not 1 <= days <= MOST_QUIET_DAYS:
        raise Refused(
            N_("Số ngày tính là chưa cập nhật phải là số nguyên từ 1 đến %(most)s."), most=str(MOST_QUIET_DAYS)
        )
    return days


def check_monitors(monitors: Sequence[int], *, none_is_meant: bool) -> None:
    """Refuse one unit twice, too many, and none at all unless that is confirmed."""
    if not monitors and not none_is_meant:
        raise Refused(
            N_(
                "Kế hoạch sẽ không còn đơn vị theo dõi: chỉ lãnh đạo hoặc quản trị viên xác nhận được. Nếu đúng ý, hãy "
                "đánh dấu ô đồng ý rồi bấm lại."
            )
        )
    if len(set(monitors)) < len(monitors):
        raise Refused(N_("Đơn vị này đã là đơn vị theo dõi của kế hoạch."))
    if len(monitors) > MOST_MONITORS:
        raise Refused(N_("Một kế hoạch có nhiều nhất %(most)s đơn vị theo dõi."), most=str(MOST_MONITORS))


def moved(monitors: Sequence[int], unit_id: int, by: int) -> tuple[int, ...]:
    """The monitors with one of them `by` places later (earlier where negative), as far as there is room."""
    others = [each for each in monitors if each != unit_id]
    if len(others) == len(monitors):
        return tuple(monitors)
    at = min(max(monitors.index(unit_id) + by, 0), len(others))
    return (*others[:at], unit_id, *others[at:])
