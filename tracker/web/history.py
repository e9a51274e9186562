"""Who changed what, when, from what to what: searched, leafed through, taken away as a table."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from tracker.adapters.list_files import MOST_ROWS, Cell
from tracker.domain import access
from tracker.domain.access import Doing
from tracker.domain.calendar_days import day_end, day_start
from tracker.domain.changes import DOINGS, FIELDS, KINDS, PUBLIC_KINDS, VIEWED, HistoryLine
from tracker.domain.names import search_key
from tracker.domain.people import Role
from tracker.domain.words import N_
from tracker.store import change_views, people, units
from tracker.store.change_views import MOST_SEARCHED, Wanted
from tracker.web.paging import PAGE_SIZE, Page, paged
from tracker.web.runtime import asked_day, gettext, person, runtime, today
from tracker.web.taking_away import dated, list_file, local
from tracker.web.templating import ROLE_NAMES

pages = Blueprint("history", __name__)

FILTERS = ("unit", "person", "kind", "from", "to", "q", "task", "plan")
HEADINGS = (
    N_("Lúc"),
    N_("Người thực hiện"),
    N_("Vai trò"),
    N_("Thay mặt"),
    N_("Loại"),
    N_("Đối tượng"),
    N_("Đơn vị"),
    N_("Đã làm gì"),
    N_("Mục"),
    N_("Trước"),
    N_("Sau"),
    N_("Lý do, văn bản"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the lines, the words folded, and the texts to show in the form."""

    wanted: Wanted
    words: tuple[str, ...]
    texts: dict[str, str]


@pages.get("/history")
def index() -> str:
    """The lines that the filters leave, the newest first."""
    asked, who = _asked(), person()
    everything = access.may(who, Doing.SEE_HISTORY_OF_PEOPLE)
    return render_template(
        "pages/history.html",
        page=_page(asked),
        chosen=asked.texts,
        kinds=[(kind, gettext(KINDS[kind])) for kind in (KINDS if everything else PUBLIC_KINDS)],
        people=[(str(each.id), each.name) for each in people.everyone()] if everything else [],
        units=[(each.code, each.name) for each in units.refs()] if asked.wanted.own_unit_id is None else [],
        doing=doing_words,
        field=field_words,
        kind=lambda code: gettext(KINDS[code]),
        role=_role_words,
        most_searched=MOST_SEARCHED if asked.words else 0,
    )


@pages.get("/history.<any(csv, xlsx):form>")
def export(form: str) -> Response:
    """The same lines as a table for a spreadsheet, so many at most, and the last row says so where there are more."""
    asked = _asked()
    more = N_("Chỉ xuất %(most)s dòng mới nhất; hãy chọn khoảng ngày hẹp hơn để xuất phần còn lại.")
    rows = (_cells(line) for line in change_views.streamed(asked.wanted, asked.words, MOST_ROWS + 1))
    return list_file(form, dated("lich-su", today()), gettext(N_("Lịch sử thay đổi")), HEADINGS, rows, more=more)


def doing_words(what: str) -> str:
    """What was done, in the reader's language."""
    return gettext(DOINGS.get(what) or VIEWED.get(what) or what)


def field_words(line: HistoryLine) -> str:
    """How the field of a line is called, in the reader's language; a task that comes back is told as that."""
    if line.field == "dropped_on" and not line.new:
        return gettext(N_("đưa trở lại kế hoạch; đã đưa ra ngày"))
    return gettext(FIELDS[line.field]) if line.field in FIELDS else line.field


def _page(asked: Asked) -> Page[HistoryLine]:
    if asked.words:
        return paged(list(change_views.streamed(asked.wanted, asked.words, MOST_SEARCHED)))
    place = paged(range(change_views.count(asked.wanted)))
    lines = change_views.listed(asked.wanted, max(place.first - 1, 0), PAGE_SIZE)
    return Page(lines, place.number, place.size, place.total)


def _asked() -> Asked:
    """The filters of the address, within what the person asking may see; a day that is none is refused in words."""
    texts = {name: request.args.get(name, "").replace("\0", "").strip()[:200] for name in FILTERS}
    who, zone = person(), runtime().zone
    first, last = asked_day(texts["from"]), asked_day(texts["to"])
    unit = units.ref_by_code(texts["unit"]) if texts["unit"] else None
    wanted = Wanted(
        plan_id=_number(texts["plan"]),
        task_id=_number(texts["task"]),
        unit_id=(unit.id if unit else 0) if texts["unit"] else None,
        person_id=_number(texts["person"]),
        kind=texts["kind"] if texts["kind"] in KINDS else None,
        since=day_start(first, zone) if first else None,
        until=day_end(last, zone) if last else None,
        own_unit_id=None if access.may(who, Doing.SEE_HISTORY) else who.unit_id or 0,
        everything=access.may(who, Doing.SEE_HISTORY_OF_PEOPLE),
        reader_unit_id=who.unit_id,
    )
    return Asked(wanted, tuple(search_key(texts["q"]).split()), texts)


def _number(text: str) -> int | None:
    """An id in the address; what is none finds nothing."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _cells(line: HistoryLine) -> list[Cell]:
    return [
        local(line.at),
        line.person,
        _role_words(line.role),
        line.capacity,
        gettext(KINDS[line.object_kind]),
        line.label,
        line.unit,
        doing_words(line.what),
        field_words(line),
        *line.values(gettext),
        line.reason,
    ]


def _role_words(role: str) -> str:
    return gettext(ROLE_NAMES[Role(role)]) if role in set(Role) else ""
