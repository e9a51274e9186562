"""What people write into the log of a share: progress, reports, corrections, and what is answered to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

from tracker.adapters.files import FileStore, KeptFile, Upload
from tracker.domain import access
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import NotFound, Overtaken, Refused, StaleState, TrackerError
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.domain.work import (
    CORRECTABLE,
    HEAD_ACTIONS,
    OWN_ACTIONS,
    UNIT_ACTIONS,
    WORKING,
    Action,
    Entry,
    Standing,
    after,
    check_entry,
)
from tracker.store import log_drafts, work
from tracker.store.confirming import who_answers
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones
from tracker.usecases.open_shares import ask_open

MAX_FILES = 5
MOST_AT_ONCE = 100
UNSEEN = -1
"""As `seen_version`: the form did not tell which entries the person had seen."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written: an entry of a share of the task `task_id`. `action` is what was done in the end.

    `again` tells that the very same form had been kept before.
    """

    task_id: int
    action: Action
    again: bool = False


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
) -> Recorded:
    """Add one entry to a share's log, with its evidence; what the person was typing for it is forgotten.

    The unit's people log, report and ask, and take back what is not answered; where the unit's setting says so, a
    report goes to its head first. A monitor of another unit answers. `seen_version` is the log's length that the person
    had on the page: if it has grown since, StaleState, and so where by the day of `now` in `zone` the share is no
    longer the unit's; but where it has grown by this very entry, the form was sent twice, and is kept once. Raises
    NotFound, Forbidden or Refused before anything is written.
    """
    try:
        return _record(person, share_id, entry, now, files, uploads, seen_version, local_day(now, zone))
    except StaleState as problem:
        if seen_version is None or seen_version == UNSEEN:
            raise
        share = work.share_now(share_id)
        since = work.written_after(share.log_id, seen_version)
        if since and since[0].holds(entry, person.id, frozenset(each.sha256 for each in uploads)):
            return Recorded(share.task_id, since[0].entry.action, again=True)
        if isinstance(problem, Overtaken) and all(each.person_id == person.id for each in since):
            raise Overtaken(
                N_(
                    "Chính bạn vừa ghi vào phần việc này, có thể ở một cửa sổ khác. Hãy xem mục mới nhất rồi gửi lại "
                    "nếu vẫn cần."
                )
            ) from None
        raise


def _record(
    person: Person,
    share_id: int,
    entry: Entry,
    now: datetime,
    files: FileStore,
    uploads: Sequence[Upload],
    seen_version: int | None,
    today: date,
) -> Recorded:
    # Asked before the files are written, so that nobody fills the disk, and again inside the transaction that decides.
    _decide(person, work.share_now(share_id), entry, seen_version, today)
    kept = _keep(files, uploads)
    with transaction():
        share = work.share_now(share_id)
        done, then = _decide(person, share, entry, seen_version, today)
        entry_id = work.append(share, done, then, person, now, _capacity(person, share, done.action, today))
        for file in kept:
            work.attach(entry_id, file.name, file.media_type, file.size, file.sha256)
        if entry.action in OWN_ACTIONS:
            log_drafts.forget(person.id, share_id)
        touch_milestones([share.milestone_id], now)
    return Recorded(share.task_id, done.action)


def _capacity(person: Person, share: work.ShareNow, action: Action, today: date) -> str:
    """As what the person answers a unit in place of the monitor it goes to; empty for everything else."""
    return "" if action in UNIT_ACTIONS else access.confirms_as(person, who_answers(share, today))


@dataclass(frozen=True, slots=True)
class Report:
    """A share that was chosen to be accepted, with its log's length on the page."""

    share_id: int
    seen_version: int


def accept_all(
    person: Person, reports: Iterable[Report], now: datetime, *, files: FileStore, zone: tzinfo
) -> dict[int, TrackerError]:
    """Accept each report by itself, in a transaction of its own; returns by share id why one was not accepted."""
    chosen = list(dict.fromkeys(reports))
    if not chosen:
        raise Refused(N_("Chưa chọn phần việc nào. Hãy đánh dấu các phần việc cần xác nhận."))
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(N_("Mỗi lần xác nhận tối đa %(most)s phần việc."), most=str(MOST_AT_ONCE))
    problems: dict[int, TrackerError] = {}
    for each in chosen:
        try:
            record(
                person,
                each.share_id,
                Entry(Action.ACCEPT),
                now,
                files=files,
                seen_version=each.seen_version,
                zone=zone,
            )
        except TrackerError as problem:
            problems[each.share_id] = problem
    return problems


def _keep(files: FileStore, uploads: Sequence[Upload]) -> list[KeptFile]:
    if len(uploads) > MAX_FILES:
        raise Refused(N_("Mỗi lần ghi nhận tối đa %(most)s tệp. Hãy gửi phần còn lại ở lần sau."), most=str(MAX_FILES))
    return [files.keep(upload) for upload in uploads]


def _decide(
    person: Person, share: work.ShareNow, entry: Entry, seen_version: int | None, today: date
) -> tuple[Entry, Standing]:
    """What is written and where the share stands then, once everything that speaks against it has been asked."""
    access.ask_to_see_task(person, share.task_unit_ids)
    if entry.action in (*OWN_ACTIONS, Action.WITHDRAW):
        access.ask_to_log(person, share.unit_id)
    elif entry.action in HEAD_ACTIONS:
        access.ask_to_approve(person, share.unit_id, share.has_head)
    else:
        access.ask_to_confirm(person, who_answers(share, today))
    check_entry(entry)
    ask_open(share, today)
    approves = access.may_approve(person, share.unit_id, share.has_head)
    if entry.action is Action.SUBMIT and share.head_approves and not approves:
        entry = replace(entry, action=Action.PROPOSE)
    then = after(share.standing, entry)
    if entry.action is Action.WITHDRAW:
        access.ask_to_withdraw(person, share.unit_id, work.reported_by(share), share.has_head)
    if seen_version == UNSEEN:
        raise Refused(
            N_("Biểu mẫu không cho biết bạn đã xem đến mục nhật ký nào, nên chưa ghi gì. Hãy xem lại rồi gửi lại.")
        )
    if seen_version is not None and seen_version != share.version:
        raise Overtaken(work.OVERTAKEN)
    if entry.action is Action.CORRECT:
        entry = _correction(share, entry)
        then = after(share.standing, entry)
    return entry, then


def _correction(share: work.ShareNow, entry: Entry) -> Entry:
    """The correction as it may be: of an entry of this log; its percent holds only where that was the latest."""
    found = work.line_of_log(share, entry.corrects) if entry.corrects is not None else None
    if found is None:
        raise NotFound(N_("Không tìm thấy mục nhật ký cần sửa trong phần việc này. Hãy mở lại nhiệm vụ."))
    action, latest = found
    if action not in CORRECTABLE:
        raise Refused(N_("Chỉ sửa được mục do đơn vị ghi; mục trả lời của nơi xác nhận thì không."))
    if entry.percent is not None and not (latest and share.standing.state in WORKING):
        raise Refused(
            N_(
                "Tỷ lệ hoàn thành chỉ sửa được ở mục ghi gần nhất, khi chưa báo hoàn thành. Hãy bỏ trống ô tỷ lệ, hoặc "
                "ghi tiến độ mới."
            )
        )
    return entry
