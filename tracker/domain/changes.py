"""The history of what people change: the things it speaks of, what may be done to them, and how that is said."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.domain.calendar_days import iso_day
from tracker.domain.names import search_key
from tracker.domain.texts import shorten
from tracker.domain.unit_words import COUNTED_BY, LEVELS, UNIT_KINDS
from tracker.domain.words import N_, day_in_words, identity
from tracker.domain.work import State

KINDS = {
    "plan": N_("Kế hoạch"),
    "task": N_("Nhiệm vụ"),
    "milestone": N_("Mốc"),
    "share": N_("Phần việc"),
    "period": N_("Kỳ báo cáo"),
    "unit": N_("Đơn vị"),
    "group": N_("Nhóm đơn vị"),
    "day_off": N_("Ngày nghỉ"),
    "school_date": N_("Mốc của năm học"),
    "reminder_rule": N_("Quy tắc nhắc việc"),
    "setting": N_("Thiết đặt"),
    "person": N_("Người dùng"),
    "subscription": N_("Lịch đăng ký"),
}
PUBLIC_KINDS = (
    *("plan", "task", "milestone", "share", "period", "unit", "group"),
    *("day_off", "school_date", "reminder_rule"),
)
"""What those who follow the work read about; settings, people and subscriptions are for administrators."""

DOINGS = {
    "person.added": N_("Thêm tài khoản"),
    "person.closed": N_("Đóng tài khoản"),
    "person.opened": N_("Mở lại tài khoản"),
    "person.password_set": N_("Quản trị viên đặt mật khẩu"),
    "person.password_changed": N_("Tự đổi mật khẩu"),
    "person.link_made": N_("Tạo đường dẫn đặt mật khẩu để trao tay"),
    "person.acts": N_("Giao làm thay đơn vị khác"),
    "person.acts_no_more": N_("Thôi giao làm thay đơn vị khác"),
    "person.second_factor_on": N_("Bật xác thực hai bước"),
    "person.second_factor_off": N_("Tắt xác thực hai bước"),
    "person.data_taken": N_("Tải dữ liệu về một người"),
    "person.erased": N_("Xóa dữ liệu cá nhân"),
    "person.invited": N_("Gửi thư mời"),
    "person.session_ended": N_("Kết thúc một phiên đăng nhập"),
    "person.sessions_ended": N_("Kết thúc mọi phiên đăng nhập khác"),
    "person.contacts_seen": N_("Xem thông tin liên hệ của các đơn vị"),
    "person.seen": N_("Xem trang của một người"),
    "person.mail_ended": N_("Ngừng nhận một loại thư nhắc"),
    "person.reminders_chosen": N_("Chọn cách được nhắc việc"),
    "person.corrected": N_("Sửa thông tin tài khoản"),
    "person.moved": N_("Chuyển đơn vị"),
    "unit.created": N_("Thêm đơn vị"),
    "unit.changed": N_("Sửa đơn vị"),
    "unit.named": N_("Thêm tên gọi khác"),
    "unit.rename": N_("Đổi tên đơn vị"),
    "unit.merge": N_("Hợp nhất, sáp nhập đơn vị"),
    "unit.split": N_("Chia, tách đơn vị"),
    "unit.dissolve": N_("Giải thể đơn vị"),
    "unit.takeover": N_("Chuyển giao nhiệm vụ giữa các đơn vị"),
    "group.created": N_("Thêm nhóm đơn vị"),
    "group.changed": N_("Sửa nhóm đơn vị"),
    "group.named": N_("Thêm tên gọi khác của nhóm"),
    "plan.imported": N_("Nhập kế hoạch"),
    "plan.amended": N_("Ghi điều chỉnh, bổ sung"),
    "plan.amendment_withdrawn": N_("Rút lại điều chỉnh, bổ sung"),
    "plan.rolled_over": N_("Lập dự thảo năm sau"),
    "plan.draft_decided": N_("Quyết định đề xuất của dự thảo"),
    "plan.put_in_force": N_("Đưa dự thảo vào thực hiện"),
    "plan.draft_discarded": N_("Bỏ dự thảo"),
    "plan.changed": N_("Sửa kế hoạch"),
    "plan.group_followed": N_("Xác nhận thay đổi thành phần nhóm"),
    "share.given": N_("Giao phần việc cho người thực hiện"),
    "share.urged": N_("Đôn đốc"),
    "checkpoint.set": N_("Đặt mốc nội bộ"),
    "checkpoint.done": N_("Đánh dấu xong mốc nội bộ"),
    "checkpoint.reopen": N_("Mở lại mốc nội bộ"),
    "checkpoint.remove": N_("Bỏ mốc nội bộ"),
    "period.closed": N_("Chốt kỳ"),
    "period.closed_anew": N_("Mở lại và chốt lại kỳ"),
    "day_off.changed": N_("Sửa ngày nghỉ"),
    "school_date.changed": N_("Sửa mốc của năm học"),
    "rule.added": N_("Thêm quy tắc nhắc việc"),
    "rule.changed": N_("Sửa quy tắc nhắc việc"),
    "rule.removed": N_("Xóa quy tắc nhắc việc"),
    "setting.changed": N_("Sửa thiết đặt"),
    "subscription.made": N_("Tạo lịch đăng ký"),
    "subscription.renewed": N_("Đổi địa chỉ lịch đăng ký"),
    "subscription.revoked": N_("Ngừng lịch đăng ký"),
    "history.swept": N_("Xóa lịch sử quá thời hạn lưu"),
}
"""Every doing that `store.history.record_change` takes, by its code; a new one gets its words here."""

VIEWED = {
    "log.progress": N_("Ghi tiến độ"),
    "log.propose": N_("Trình thủ trưởng duyệt"),
    "log.approve": N_("Thủ trưởng duyệt"),
    "log.send_back": N_("Thủ trưởng chưa duyệt"),
    "log.submit": N_("Báo hoàn thành"),
    "log.accept": N_("Xác nhận hoàn thành"),
    "log.return": N_("Trả lại"),
    "log.ask_away": N_("Đề nghị không phải thực hiện"),
    "log.consent": N_("Đồng ý không phải thực hiện"),
    "log.decline": N_("Không đồng ý miễn thực hiện"),
    "log.withdraw": N_("Đơn vị rút lại"),
    "log.correct": N_("Đính chính"),
    "extension.asked": N_("Xin gia hạn"),
    "extension.granted": N_("Cho gia hạn"),
    "extension.other": N_("Cho gia hạn đến ngày khác"),
    "extension.refused": N_("Không cho gia hạn"),
    "extension.withdrawn": N_("Rút đề nghị gia hạn"),
    "amendment.replaced": N_("Điều chỉnh, bổ sung"),
}
"""Doings that tables of their own keep, which the history shows beside the others."""

FIELDS = {
    "name": N_("tên"),
    "short_name": N_("tên ngắn"),
    "aliases": N_("tên gọi khác"),
    "parent": N_("đơn vị cấp trên"),
    "kind": N_("loại"),
    "rule": N_("quy tắc"),
    "members": N_("thành viên"),
    "heirs": N_("đơn vị tiếp nhận"),
    "role": N_("vai trò"),
    "unit": N_("đơn vị"),
    "email": N_("thư điện tử"),
    "phone": N_("điện thoại"),
    "password": N_("mật khẩu"),
    "active": N_("đang mở"),
    "title": N_("nội dung"),
    "group": N_("nhóm"),
    "product": N_("sản phẩm"),
    "leads": N_("đơn vị chủ trì"),
    "partners": N_("đơn vị phối hợp"),
    "leads_as_written": N_("chủ trì, như văn bản"),
    "partners_as_written": N_("phối hợp, như văn bản"),
    "start": N_("bắt đầu"),
    "due": N_("hạn"),
    "start_as_written": N_("bắt đầu, như văn bản"),
    "due_as_written": N_("hạn, như văn bản"),
    "dropped_on": N_("ngày đưa ra khỏi kế hoạch"),
    "dropped_reason": N_("lý do đưa ra"),
    "there": N_("có trong kế hoạch"),
    "part": N_("phần"),
    "position": N_("thứ tự"),
    "number": N_("số hiệu"),
    "issuer": N_("cơ quan ban hành"),
    "from_on": N_("từ ngày"),
    "until_on": N_("đến hết ngày"),
    "issued_on": N_("ngày ban hành"),
    "school_year": N_("năm học"),
    "state": N_("trạng thái"),
    "monitors": N_("đơn vị theo dõi"),
    "late_after_working_day": N_("trễ tính sau ngày làm việc kế tiếp"),
    "head_approves": N_("thủ trưởng duyệt trước khi gửi"),
    "quiet_days": N_("số ngày tính là chưa cập nhật"),
    "is_off": N_("nghỉ"),
    "opens": N_("khai giảng"),
    "semester-1-ends": N_("hết học kỳ I"),
    "ends": N_("hết năm học"),
    "speaks": N_("nhắc khi"),
    "audiences": N_("nơi nhận"),
    "except_kinds": N_("loại đơn vị không nhắc"),
    "in_use": N_("đang dùng"),
    "document": N_("văn bản"),
    "doers": N_("người thực hiện"),
    "stand_ins": N_("người làm thay"),
    "checkpoint": N_("mốc nội bộ"),
    "shares": N_("phần việc"),
    "tasks": N_("nhiệm vụ"),
    "decisions": N_("đề xuất"),
    "entries": N_("số dòng"),
    "scope": N_("phạm vi"),
    "skipped": N_("dòng không nhập"),
    "corrected": N_("ô sửa khi nhập"),
    "figures": N_("số liệu"),
}
"""How a field is called; one that is not here shows its own name."""

COUNTED = {
    "added": "thêm",
    "changed": "đổi",
    "dropped": "bỏ",
    "restored": "đưa trở lại",
    "renumbered": "chỉ đổi số thứ tự",
}
"""What became of the tasks that an import counts."""

CODED = {
    ("unit", "kind"): UNIT_KINDS,
    ("group", "kind"): COUNTED_BY,
    ("group", "rule"): {**UNIT_KINDS, **LEVELS},
}
"""Fields, by what they are of, that keep codes: what each code is called."""

STATES = {
    State.NOT_STARTED: N_("Chưa bắt đầu"),
    State.IN_PROGRESS: N_("Đang thực hiện"),
    State.APPROVING: N_("Chờ thủ trưởng duyệt"),
    State.SUBMITTED: N_("Chờ xác nhận"),
    State.ACCEPTED: N_("Đã xác nhận"),
    State.RETURNED: N_("Bị trả lại"),
    State.ASKED_AWAY: N_("Đề nghị không áp dụng"),
    State.NOT_APPLICABLE: N_("Không áp dụng"),
}
"""How a state of a share is called."""

UNTOLD = frozenset({"password", "token", "secret", "totp", "recovery_codes", "email", "phone"})
"""Fields of which the history says only that they changed: secrets, and what is erased when a person leaves."""

OF_PEOPLE = frozenset({"doers", "stand_ins"})
"""Fields whose values are lists of people by id: they are shown by the names that these people have now."""

MOST_CHARACTERS = 2_000
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")  # as `day_words` writes it


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of a change as it is kept; `old` and `new` as JSON, None where they are not told."""

    field: str
    old: str | None
    new: str | None


def lines_of(fields: Mapping[str, tuple[object, object]] | None) -> list[FieldLine]:
    """A line for each field whose value differs; one line without a field where none were given.

    Fields are name -> (old, new); an empty list comes out where all of them are equal.
    """
    if fields is None:
        return [FieldLine("", None, None)]
    found = []
    for name, (old, new) in fields.items():
        if old != new:
            told = (None, None) if name in UNTOLD else (_json(old), _json(new))
            found.append(FieldLine(name, *told))
    return found


def _json(value: object) -> str | None:
    if value is None:
        return None
    text = json.dumps(value, ensure_ascii=False, default=_plain, sort_keys=True)
    return text if len(text) <= MOST_CHARACTERS else json.dumps(shorten(text, MOST_CHARACTERS), ensure_ascii=False)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def in_words(stored: str | None) -> str:
    """A kept value as text: days as people write them, lists with commas; empty for None."""
    if stored is None:
        return ""
    return _said(json.loads(stored))


def people_in_words(stored: str | None, names: Mapping[int, str]) -> str:
    """A kept value of a field OF_PEOPLE as their names, by `names`; empty for None."""
    return ", ".join(sorted(names.get(each, f"#{each}") for each in json.loads(stored or "[]")))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return ", ".join(f"{COUNTED.get(name, name)}: {_said(each)}" for name, each in value.items())
    return day_words(str(value if value is not None else ""))


def day_words(text: str | None) -> str:
    """A text, or where it is a day kept as year-month-day, the day as people write it; empty for None."""
    try:
        return f"{iso_day(text):%d/%m/%Y}" if text else ""
    except ValueError:
        return text or ""


def _decoded(text: str, words: Mapping[str, str], translate: Callable[[str], str]) -> str:
    """A code or a day, or several between commas, as the language writes them; what is neither stays."""
    return ", ".join(_as_said(each, words, translate) for each in text.split(", "))


def _as_said(text: str, words: Mapping[str, str], translate: Callable[[str], str]) -> str:
    if found := _DAY.fullmatch(text):
        return day_in_words(date(int(found[3]), int(found[2]), int(found[1])), translate)
    return translate(words[text]) if text and text in words else text


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the history as it is shown; `at` in UTC, `old` and `new` as texts for people.

    `states` are those of a share before and after a line of its log, None for all else.
    `person` is empty for the command line and the timer. `what` is a code of DOINGS or VIEWED, `object_kind` one of
    KINDS, `role` a role's code or empty. `task_id` is the task that it is about, where it is about one.
    """

    at: datetime
    person: str
    role: str
    capacity: str
    object_kind: str
    object_id: int | None
    label: str
    unit: str
    task_id: int | None
    what: str
    field: str
    old: str
    new: str
    reason: str
    states: tuple[State, State] | None = None

    def values(self, translate: Callable[[str], str] = identity) -> tuple[str, str]:
        """What stood there before and what does since, the state of a share's log first, its name translated."""
        words = CODED.get((self.object_kind, self.field), {})
        old, new = _decoded(self.old, words, translate), _decoded(self.new, words, translate)
        if self.states is None:
            return old, new
        before, after = (translate(STATES[state]) for state in self.states)
        return f"{before} · {old}", f"{after} · {new}"

    def has_words(self, words: Sequence[str]) -> bool:
        """Whether each of `words` (folded by `names.search_key`) stands somewhere in the line, marks or none."""
        said = DOINGS.get(self.what) or VIEWED.get(self.what, "")
        texts = (said, FIELDS.get(self.field, self.field), self.person, self.capacity, self.label, self.unit)
        folded = search_key("\n".join((*texts, *self.values(), self.reason)))
        return all(word in folded for word in words)
