"""Messages on their way out: what one is, how sending can fail, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.reminders import Reason
from tracker.domain.words import N_

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
    Reason.SETTLED: N_("Việc đã báo xong hoặc đổi hạn trước khi gửi."),
    Reason.ACCOUNT_CLOSED: N_("Tài khoản người nhận đã đóng."),
    Reason.LINK_OVER: N_("Chờ gửi quá lâu, hoặc tài khoản đã có mật khẩu; hãy yêu cầu đường dẫn mới."),
    Reason.NEXT_DIGEST: N_("Chưa gửi kịp trong ngày; việc còn mở nằm trong thư của ngày sau."),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to go to one person, dated `at` (aware). `html` is a whole document, `message_id` in brackets."""

    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in the outbox; times in UTC. `error` is a code, with the server's own words after a colon."""

    id: int
    kind: str
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
