"""Messages on their way out: what one is, how sending can fail, and when to try again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tracker.domain.preferences import CHANNELS
from tracker.domain.reminders import Reason
from tracker.domain.words import N_

# The ways a message can leave, by the name under which the outbox keeps its row.
MAIL, BELL, WEBHOOK = CHANNELS
# How long after a failed try the next one comes; one try more than there are pauses, then the message is dead.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240))
TRIES = len(BACKOFF) + 1
# How long a process may hold a message before others take it for dead.
LEASE = timedelta(minutes=10)


class MailState(StrEnum):
    """Where a message stands; sent, skipped and dead are final, though a person may send a dead one off again."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    DEAD = "dead"


class Failure(StrEnum):
    """What went wrong with a channel or a message."""

    CONNECTION = "connection"
    TLS = "tls"
    LOGIN = "login"
    SENDER = "sender"
    ADDRESS = "address"
    RECIPIENT = "recipient"
    CONTENT = "content"
    BUSY = "busy"
    BROKEN = "broken"
    ABANDONED = "abandoned"
    FLAGGED = "flagged"
    HOOK_AWAY = "hook-away"
    HOOK_TLS = "hook-tls"
    HOOK_REFUSED = "hook-refused"
    HOOK_CONTENT = "hook-content"
    HOOK_BUSY = "hook-busy"


# What a server said of an address for good: the person is flagged, until the address is used again or mended.
BAD_ADDRESS = (Failure.ADDRESS, Failure.RECIPIENT)


WORDS: dict[str, str] = {
    Failure.CONNECTION: N_("Không kết nối được máy chủ thư; sẽ thử lại mỗi phút."),
    Failure.TLS: N_("Kết nối mã hóa với máy chủ thư không đáng tin hoặc không có; hãy kiểm tra TRACKER_SMTP_URL."),
    Failure.LOGIN: N_("Máy chủ thư không nhận tên và mật khẩu; hãy kiểm tra TRACKER_SMTP_URL."),
    Failure.SENDER: N_("Máy chủ thư không nhận người gửi; hãy kiểm tra TRACKER_MAIL_FROM."),
    Failure.ADDRESS: N_("Địa chỉ người nhận không hợp lệ; hãy sửa tài khoản rồi gửi lại."),
    Failure.RECIPIENT: N_("Máy chủ thư từ chối địa chỉ người nhận; hãy sửa tài khoản rồi gửi lại."),
    Failure.CONTENT: N_("Máy chủ thư từ chối nội dung thư."),
    Failure.BUSY: N_("Máy chủ thư đang bận; sẽ thử lại."),
    Failure.BROKEN: N_("Mất kết nối với máy chủ thư khi đang gửi; sẽ thử lại."),
    Failure.ABANDONED: N_("Tiến trình gửi đã dừng giữa chừng; thư được gửi lại với cùng mã thư."),
    Failure.FLAGGED: N_("Địa chỉ này đã bị từ chối trước đó, nên không thử nữa; hãy sửa địa chỉ rồi gửi lại."),
    Failure.HOOK_AWAY: N_("Không kết nối được địa chỉ webhook; sẽ thử lại mỗi phút."),
    Failure.HOOK_TLS: N_("Chứng chỉ của địa chỉ webhook không đáng tin; hãy kiểm tra TRACKER_WEBHOOK_URL."),
    Failure.HOOK_REFUSED: N_(
        "Địa chỉ webhook không nhận; hãy kiểm tra TRACKER_WEBHOOK_URL và TRACKER_WEBHOOK_SECRET ở cả hai đầu."
    ),
    Failure.HOOK_CONTENT: N_("Địa chỉ webhook từ chối nội dung này."),
    Failure.HOOK_BUSY: N_("Địa chỉ webhook đang bận hoặc gặp lỗi; sẽ thử lại."),
    Reason.SETTLED: N_("Việc đã báo xong hoặc đổi hạn trước khi gửi."),
    Reason.ACCOUNT_CLOSED: N_("Tài khoản người nhận đã đóng."),
    Reason.LINK_OVER: N_("Chờ gửi quá lâu, hoặc tài khoản đã có mật khẩu; hãy yêu cầu đường dẫn mới."),
    Reason.UNWANTED: N_("Người nhận đã chọn không nhận nữa."),
    Reason.NEXT_DIGEST: N_("Chưa gửi kịp trong ngày; việc còn mở nằm trong thư của ngày sau."),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to go to one person, dated `at` (aware). `html` is a whole document, `message_id` in brackets.

    `items` are the tasks it tells of, as the outbox keeps them. `unsubscribe` is the address that ends messages of this
    kind at one click, empty where there is no choice; `calendar` an iCalendar object to go along, or nothing.
    """

    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime
    kind: str = ""
    items: tuple[Mapping[str, Any], ...] = ()
    unsubscribe: str = ""
    calendar: bytes = b""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in the outbox; times in UTC. `error` is a code, with the server's own words after a colon."""

    id: int
    kind: str
    channel: str
    person_id: int
    to_name: str
    to_address: str
    subject: str
    text: str
    message_id: str
    state: MailState
    attempts: int
    error: str
    created_at: datetime
    settled_at: datetime | None
    next_attempt_at: datetime | None
    items: tuple[dict[str, object], ...]


class DeliveryError(Exception):
    """A message that did not go. `permanent` says never to try it again, `detail` holds the server's own words."""

    def __init__(self, failure: Failure, *, permanent: bool = False, detail: str = "") -> None:
        self.failure = failure
        self.permanent = permanent
        self.reason = f"{failure.value}: {detail}" if detail else failure.value
        super().__init__(self.reason)


class ChannelDown(DeliveryError):
    """Nothing goes over this channel now, whoever it is for: no message is to blame."""


def next_try(attempts: int, permanent: bool, now: datetime) -> datetime | None:
    """When to try again after `attempts` tries (from 1), or None where the message is dead."""
    if permanent or attempts >= TRIES:
        return None
    return now + BACKOFF[attempts - 1]


def in_words(error: str) -> tuple[str, str]:
    """The sentence for an `error` as the outbox keeps it, and the server's own words; both may be empty."""
    code, _, detail = error.partition(": ")
    return WORDS.get(code, ""), detail
