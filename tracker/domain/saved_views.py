"""Filters kept under a name: of which list, what they may hold, who may change them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.errors import Forbidden, NotFound, Refused
from tracker.domain.list_filters import ListFilter
from tracker.domain.names import squeeze
from tracker.domain.people import Person, Role
from tracker.domain.standing import FILTERS
from tracker.domain.words import N_

PLAN, WORK = "plan", "work"
LONGEST_NAME, MOST_VIEWS = 80, 50
OF_WORK: Mapping[str, Collection[str]] = {
    "status": FILTERS,
    "sort": ("due", "late"),
    "part": (LEAD, PARTNER),
    "who": ("me", "nobody"),
}
"""The choices of a list of one's own work, beside month and words."""
NOT_THERE = N_("Không có bộ lọc này, hoặc người lập không dùng chung nữa.")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter under its name, with whose it is; `owner_open` tells that their account is."""

    id: int
    page: str
    name: str
    filters: Mapping[str, str]
    shared: bool
    owner_id: int
    owner_name: str
    owner_open: bool = True


def asked_of(page: str, texts: Mapping[str, str]) -> dict[str, str]:
    """What an address or a form asks of a list that is worth keeping; Refused for a list that there is none of.

    What a list leaves out is not kept: a choice that there is none of. Which units there are is not known here.
    """
    if page not in (PLAN, WORK):
        raise Refused(N_("Không lưu được bộ lọc của trang này."))
    asked = ListFilter.of(texts).asked
    if page == PLAN:
        return {name: text for name, text in asked.items() if name != "status" or text in FILTERS}
    own = {name: texts.get(name, "").strip() for name in OF_WORK}
    free = {name: asked[name] for name in ("month", "q") if name in asked}
    return {name: text for name, text in own.items() if text in OF_WORK[name]} | free


def in_calendar(view: SavedView) -> ListFilter | None:
    """What a calendar takes of a filter of plans: units, level, month and words; None where nothing of it is left.

    A state is of a day, while a calendar holds the whole year and tells in each event how it stands.
    """
    wanted = replace(ListFilter.of(view.filters), status="", sort="")
    return wanted if view.page == PLAN and wanted.narrows else None


def checked_name(name: str) -> str:
    """A name without needless spaces; Refused where it is empty or too long."""
    name = squeeze(name)
    if not name:
        raise Refused(N_("Ô “Tên bộ lọc” còn trống. Hãy đặt tên để tìm lại, ví dụ: Quá hạn khối tiểu học."))
    if len(name) > LONGEST_NAME:
        raise Refused(N_("Tên bộ lọc dài quá %(most)s ký tự; hãy đặt ngắn hơn."), most=str(LONGEST_NAME))
    return name


def may_see(person: Person, view: SavedView) -> bool:
    """Whether a filter is offered to the person: their own, and what others share."""
    return view.shared or view.owner_id == person.id


def may_remove(person: Person, view: SavedView) -> bool:
    """Whether the person may take it away: its owner; an administrator where the owner's account is closed."""
    return view.owner_id == person.id or (view.shared and not view.owner_open and person.role is Role.ADMINISTRATOR)


def ask_to_see(person: Person, view: SavedView | None) -> SavedView:
    """The filter; NotFound where there is none or it is somebody else's alone."""
    if view is None or not may_see(person, view):
        raise NotFound(NOT_THERE)
    return view


def ask_to_change(person: Person, view: SavedView | None, *, remove: bool = False) -> SavedView:
    """The filter; NotFound as for seeing it, Forbidden where it is somebody else's."""
    found = ask_to_see(person, view)
    if found.owner_id != person.id and not (remove and may_remove(person, found)):
        raise Forbidden(N_("Chỉ người lập mới đổi hoặc xóa bộ lọc dùng chung."))
    return found
