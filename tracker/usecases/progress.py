"""What people do to a share: log progress, report done, accept, return."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo

from tracker.adapters.files import FileStore, KeptFile, Upload
from tracker.domain import access
from tracker.domain.assignments import FORMER
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import Refused, StaleState
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.domain.work import Action, Entry, State, check_entry, next_state, percent_after
from tracker.store import work
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones

MAX_FILES = 5
OWN_ACTIONS = (Action.PROGRESS, Action.SUBMIT)


def record(
    person: Person,
    share_id: int,
    entry: Entry,
    now: datetime,
    *,
    files: FileStore,
    uploads: Sequence[Upload] = (),
    seen_version: int | None = None,
    zone: tzinfo = UTC,
) -> int:
    """Add one entry to a share's log, with its evidence, and return the id of its task.

    The unit's people log and submit; a monitor of another unit accepts or returns. `seen_version` is the log's length
    that the person had on the page: if it has grown since, StaleState, and so where by the day of `now` in `zone` the
    share is no longer the unit's. Raises NotFound, Forbidden or Refused before anything is written.
    """
    today = local_day(now, zone)
    # Asked before the files are written, so that nobody fills the disk, and again inside the transaction that decides.
    _decide(person, work.share_now(share_id), entry, seen_version, today)
    kept = _keep(files, uploads)
    with transaction():
        share = work.share_now(share_id)
        state = _decide(person, share, entry, seen_version, today)
        percent = percent_after(entry, share.percent, share.percent_before_submission)
        entry_id = work.append(share, entry, state, percent, person.id, now)
        for file in kept:
            work.attach(entry_id, file.name, file.media_type, file.size, file.sha256)
        touch_milestones([share.milestone_id], now)
    return share.task_id


def _keep(files: FileStore, uploads: Sequence[Upload]) -> list[KeptFile]:
    if len(uploads) > MAX_FILES:
        raise Refused(N_("Mỗi lần ghi nhận tối đa %(most)s tệp. Hãy gửi phần còn lại ở lần sau."), most=str(MAX_FILES))
    return [files.keep(upload) for upload in uploads]


def _decide(person: Person, share: work.ShareNow, entry: Entry, seen_version: int | None, today: date) -> State:
    """The state after `entry`, once everything that speaks against it has been asked."""
    access.ask_to_see_task(person, share.task_unit_ids)
    if entry.action in OWN_ACTIONS:
        access.ask_to_log(person, share.unit_id)
    else:
        access.ask_to_confirm(person, share.plan.monitor_unit_ids, share.unit_id)
    check_entry(entry)
    _ask_open(share, today)
    state = next_state(share.state, entry.action)
    if seen_version is not None and seen_version != share.version:
        raise StaleState(
            N_("Trong lúc bạn soạn, người khác vừa ghi vào phần việc này. Hãy xem mục mới nhất rồi gửi lại.")
        )
    return state


def _ask_open(share: work.ShareNow, today: date) -> None:
    """StaleState unless the share is its unit's on that day, in a plan that still runs."""
    if share.from_on is not None and today < share.from_on:
        raise StaleState(
            N_("Phần việc này chuyển cho đơn vị từ ngày %(day)s; trước đó chưa ghi được."), day=_day(share.from_on)
        )
    if share.until_on is not None and share.until_on <= today:
        raise StaleState(
            N_("Phần việc này đã chuyển cho đơn vị khác hoặc đã khép lại từ ngày %(day)s. Hãy mở lại nhiệm vụ."),
            day=_day(share.until_on),
        )
    if share.part == FORMER:
        raise StaleState(N_("Đơn vị không còn tham gia nhiệm vụ này theo kế hoạch hiện hành; nhật ký cũ vẫn được giữ."))
    if share.plan.state == "closed":
        raise StaleState(N_("Kế hoạch này đã khép lại; nhật ký chỉ còn để xem."))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
