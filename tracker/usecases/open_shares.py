"""Whether a share can still be worked on."""

from datetime import date

from tracker.domain.assignments import FORMER
from tracker.domain.errors import StaleState
from tracker.domain.words import N_
from tracker.store.work import ShareNow


def ask_open(share: ShareNow, today: date) -> None:
    """StaleState unless the share is its unit's on that day, in a plan that still runs."""
    if share.from_on is not None and today < share.from_on:
        raise StaleState(
            N_("Phần việc này chuyển cho đơn vị từ ngày %(day)s; trước đó chưa ghi được."), day=share.from_on
        )
    if share.until_on is not None and share.until_on <= today:
        raise StaleState(
            N_("Phần việc này đã chuyển cho đơn vị khác hoặc đã khép lại từ ngày %(day)s. Hãy mở lại nhiệm vụ."),
            day=share.until_on,
        )
    if share.part == FORMER:
        raise StaleState(N_("Đơn vị không còn tham gia nhiệm vụ này theo kế hoạch hiện hành; nhật ký cũ vẫn được giữ."))
    if share.plan.state == "closed":
        raise StaleState(N_("Kế hoạch này đã khép lại; nhật ký chỉ còn để xem."))
