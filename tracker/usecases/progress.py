"""What people do to a share: log progress, report done, accept, return."""

from collections.abc import Sequence
from datetime import datetime

from tracker.adapters.files import FileStore, KeptFile, Upload
from tracker.domain import access
from tracker.domain.assignments import FORMER
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
) -> int:
    """Add one entry to a share's log, with its evidence, and return the id of its task.

    The unit's people log and submit; a monitor of another unit accepts or returns. `seen_version` is the log's length
    that the person had on the page: if it has grown since, StaleState. Raises NotFound, Forbidden or Refused before
    anything is written.
    """
    check_entry(entry)
    # Asked before the files are written, so that nobody fills the disk, and again inside the transaction that decides.
    _decide(person, work.share_now(share_id), entry, seen_version)
    kept = _keep(files, uploads)
    with transaction():
        share = work.share_now(share_id)
        state = _decide(person, share, entry, seen_version)
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


def _decide(person: Person, share: work.ShareNow, entry: Entry, seen_version: int | None) -> State:
    """The state after `entry`, once everything that speaks against it has been asked."""
    access.ask_to_see_task(person, share.task_unit_ids)
    if entry.action in OWN_ACTIONS:
        access.ask_to_log(person, share.unit_id)
    else:
        access.ask_to_confirm(person, share.plan.monitor_unit_ids, share.unit_id)
    if share.part == FORMER:
        raise StaleState(N_("Đơn vị không còn tham gia nhiệm vụ này theo kế hoạch hiện hành; nhật ký cũ vẫn được giữ."))
    if share.plan.state == "closed":
        raise StaleState(N_("Kế hoạch này đã khép lại; nhật ký chỉ còn để xem."))
    state = next_state(share.state, entry.action)
    if seen_version is not None and seen_version != share.version:
        raise StaleState(
            N_("Trong lúc bạn soạn, người khác vừa ghi vào phần việc này. Hãy xem mục mới nhất rồi gửi lại.")
        )
    return state
