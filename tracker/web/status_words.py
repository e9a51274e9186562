"""How a milestone or a share stands, in words, for what has no templates."""

from tracker.domain.status import Cell, Ending, Status
from tracker.domain.words import N_
from tracker.domain.work import State
from tracker.web.runtime import gettext

CELLS = {
    Cell.DONE_ON_TIME: N_("Xong đúng hạn"),
    Cell.DONE_LATE: N_("Xong trễ hạn"),
    Cell.IN_TIME: N_("Đang trong hạn"),
    Cell.OVERDUE: N_("Quá hạn"),
    Cell.NO_DATE: N_("Chưa có hạn"),
}
_STATES = {
    State.SUBMITTED: N_("Chờ xác nhận"),
    State.RETURNED: N_("Bị trả lại"),
    State.APPROVING: N_("Chờ thủ trưởng duyệt"),
    State.ASKED_AWAY: N_("Đề nghị không áp dụng"),
}
_ENDINGS = {
    Ending.ORPHANED: N_("Chưa có đơn vị tiếp nhận"),
    Ending.CLOSED: N_("Đã khép lại"),
    Ending.CANCELLED: N_("Đã hủy"),
    Ending.NOT_APPLICABLE: N_("Không áp dụng"),
}


def status_words(status: Status) -> str:
    """The official cell, or how the work ended, then what waits for somebody's next step."""
    first = _ENDINGS[status.ended] if status.ended else CELLS[status.cell]
    more = [_STATES[status.state]] if status.state in _STATES else []
    more += [N_("sau gia hạn")] if status.on_time_extended else []
    more += [N_("Chưa cập nhật")] if status.quiet else []
    return "; ".join(map(gettext, (first, *more)))
