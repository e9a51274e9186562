"""Filters kept under a name: of which list, what they may hold, who may change them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.domain.errors import Forbidden, NotFound, Refused
from tracker.domain.list_filters import ListFilter
from tracker.domain.names import squeeze
from tracker.domain.people import Person, Role
from tracker.domain.words import N_

PLAN, WORK = "plan", "work"
LONGEST_NAME, MOST_VIEWS = 80, 50
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
    """What an address or a form asks of a list that is worth keeping; Refused for a list that there is none of."""
    if page not in (PLAN, WORK):
        raise Refused(N_("Không lưu được bộ lọc của trang này."))
    asked = ListFilter.of(texts).asked
    if page == WORK:
        own = {name: texts.get(name, "")[:20] for name in ("part", "who")}
        asked = {name: text for name, text in asked.items() if name not in ("unit", "level", "part")}
        asked |= {name: text for name, text in own.items() if text in ("lead", "partner", "me", "nobody")}
    return asked


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
