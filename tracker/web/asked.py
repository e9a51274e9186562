"""What an address asks of a page: what there is none of is left aside, the rest kept, and the page says so."""

from collections.abc import Collection

from flask import g, request

from tracker.domain.texts import shorten
from tracker.domain.words import N_
from tracker.web.runtime import gettext

LABELS = {
    "by": N_("Gộp theo"),
    "how": N_("Cách nhắc"),
    "kind": N_("Loại kết quả"),
    "level": N_("Cấp học"),
    "month": N_("Hạn trong tháng"),
    "part": N_("Vai trò"),
    "sort": N_("Sắp xếp"),
    "status": N_("Tình trạng"),
    "unit": N_("Đơn vị"),
    "units": N_("Nhóm, loại hoặc cấp đơn vị"),
    "version": N_("Bản của kế hoạch"),
    "view": N_("Danh sách"),
    "who": N_("Việc của ai"),
}
"""What the choices of an address are called on the pages."""
MOST_SHOWN = 60


def one_of(name: str, choices: Collection[str]) -> str:
    """What the address says for `name`, where it is one of the choices; '' where it says nothing, or what is none."""
    text = request.args.get(name, "").strip()
    if text in choices:
        return text
    leave_out(name)
    return ""


def leave_out(name: str) -> None:
    """Note for the page that what the address says for `name` is not known; nothing where it says nothing."""
    text = request.args.get(name, "").strip()
    if text:
        g.setdefault("left_out", {})[name] = shorten(text, MOST_SHOWN)


def left_out() -> list[tuple[str, str]]:
    """What of this address is left aside: what the choice is called, and what it was."""
    found: dict[str, str] = g.get("left_out", {})
    return [(gettext(LABELS[name]), text) for name, text in found.items()]
