"""Kinds of mail that a person may end at one click, and what that changes in how they are reminded."""

from dataclasses import replace

from tracker.domain.outbox import BELL, MAIL
from tracker.domain.preferences import Preference
from tracker.domain.reminder_rules import Group
from tracker.domain.words import N_

DIGEST, URGENT, WEEKLY = "digest", "urgent", "weekly"
# What each is called, and what becomes of it; a kind that is not here is no choice: urging, links to an account.
NAMES = {
    DIGEST: N_("thư nhắc việc hằng ngày"),
    URGENT: N_("thư báo ngay khi việc bị trả lại hoặc đề nghị gia hạn được trả lời"),
    WEEKLY: N_("trang tổng hợp hằng tuần"),
}
EFFECTS = {
    DIGEST: N_("Việc đến lúc phải nhắc vẫn hiện ở trang Thông báo của hệ thống."),
    URGENT: N_("Việc bị trả lại và gia hạn vẫn hiện trong danh sách việc của đơn vị trên hệ thống."),
    WEEKLY: N_("Tình hình các kế hoạch vẫn xem được ở trang Tổng quan."),
}


def ended(chosen: Preference, kind: str) -> Preference:
    """What a person chose, without mails of that kind: digests go to the bell instead. Ended twice is ended once."""
    if kind == DIGEST:
        return replace(chosen, channels=chosen.channels - {MAIL} | {BELL})
    silenced = {Group.WEEKLY} if kind == WEEKLY else {Group.RETURNED, Group.ANSWERED}
    return replace(chosen, muted=chosen.muted | silenced)


def is_ended(chosen: Preference, kind: str) -> bool:
    """Whether that person chose to have no mails of that kind."""
    return ended(chosen, kind) == chosen
