"""The list of what units were urged and reminded of: on the screen, on paper, as a table for a spreadsheet."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from tracker.adapters.list_files import MOST_ROWS, Cell
from tracker.domain.access import Doing, roles_that
from tracker.domain.calendar_days import day_end, day_start
from tracker.domain.errors import NotFound
from tracker.domain.outbox import MailState
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import units, urging_list, urgings
from tracker.store.urging_list import UrgingLine, Wanted
from tracker.web.asked import leave_out, one_of
from tracker.web.cutoffs import plan_of_page
from tracker.web.outbox import channel_name, problem, state_words
from tracker.web.paging import Page, paged
from tracker.web.runtime import as_of, asked_day, gettext, person, runtime
from tracker.web.taking_away import dated, list_file

pages = Blueprint("urgings", __name__)

DAYS_SHOWN = timedelta(days=30)
MOST_PRINTED = 2_000
HOW = {"hand": True, "automatic": False}
HEADINGS = (
    N_("Đơn vị"),
    N_("Ngày"),
    N_("Giờ"),
    N_("Cách nhắc"),
    N_("Người đôn đốc"),
    N_("Người nhận"),
    N_("Kênh"),
    N_("Nhiệm vụ"),
    N_("Kết quả"),
    N_("Nội dung đôn đốc"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the messages, the unit's code, and the first and the last day that it spans."""

    wanted: Wanted
    unit: str
    first: date
    last: date


@pages.get("/urgings")
def index() -> str:
    """The lines that the filters leave, unit by unit; with `?all=1` as many as fit on paper."""
    plan = plan_of_page()
    if plan is None:
        return render_template("pages/urgings.html", plan=None)
    asked = _asked(plan)
    place = paged(range(urging_list.count(asked.wanted)), MOST_PRINTED if request.args.get("all") else 100)
    lines = urging_list.listed(asked.wanted, max(place.first - 1, 0), place.size)
    zone = runtime().zone
    return render_template(
        "pages/urgings.html",
        plan=plan,
        page=Page(lines, place.number, place.size, place.total),
        asked=asked,
        counts=urgings.per_unit(plan.id, asked.wanted.since, asked.wanted.until, zone),
        chosen={"unit": asked.unit, "how": one_of("how", HOW)},
        units=[(each.code, each.name) for each in units.refs()],
        outcome=_outcome,
        channel_name=channel_name,
        may_urge=person().role in roles_that(Doing.URGE),
    )


@pages.get("/urgings.<any(csv, xlsx):form>")
def export(form: str) -> Response:
    """The same lines as a table, so many at most, and the last row says so where there are more."""
    plan = plan_of_page()
    if plan is None:
        raise NotFound(N_("Chưa có kế hoạch nào."))
    asked = _asked(plan)
    more = N_("Chỉ xuất %(most)s dòng; hãy chọn khoảng ngày hẹp hơn.")
    rows = map(_cells, urging_list.listed(asked.wanted, 0, MOST_ROWS + 1))
    days = f"{asked.first:%d/%m/%Y} – {asked.last:%d/%m/%Y}"
    title = gettext(N_("Danh sách đôn đốc"))
    return list_file(form, dated("don-doc", asked.last), title, HEADINGS, rows, [plan.title, days], more)


def _asked(plan: PlanHead) -> Asked:
    """The filters of the address; nothing after the cut-off, and by default the thirty days before it."""
    zone, code = runtime().zone, request.args.get("unit", "").strip()[:100]
    unit = units.ref_by_code(code) if code else None
    if unit is None:
        leave_out("unit")
    last = min(asked_day(request.args.get("to", "")) or as_of(), as_of())
    first = asked_day(request.args.get("from", "")) or last - DAYS_SHOWN
    since, until = day_start(first, zone), day_end(last, zone)
    wanted = Wanted(plan.id, since, until, unit.id if unit else None, HOW.get(one_of("how", HOW)))
    return Asked(wanted, unit.code if unit else "", first, last)


def _outcome(line: UrgingLine) -> str:
    """What became of a message, in words, with why it did not go."""
    said = state_words(line.state, line.channel)
    reason = problem(line.error) if line.error and line.state is not MailState.SENT else ""
    return ": ".join(filter(None, (said, reason)))


def _cells(line: UrgingLine) -> list[Cell]:
    at = line.at.astimezone(runtime().zone)
    return [
        line.unit_name,
        at.date(),
        f"{at:%H:%M}",
        gettext(N_("Đôn đốc")) if line.by else gettext(N_("Tự động")),
        line.by,
        line.to_name,
        channel_name(line.channel),
        ", ".join(line.tasks),
        _outcome(line),
        line.text,
    ]
