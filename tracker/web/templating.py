"""What templates may use: words, dates, addresses, and who is asking."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from babel.dates import format_date
from flask import Flask, g, request, url_for
from flask_login import current_user
from werkzeug.exceptions import BadRequest
from werkzeug.local import LocalProxy

from tracker.domain.access import Doing, may_see_history, roles_that
from tracker.domain.calendar_days import local_day
from tracker.domain.changes import STATES
from tracker.domain.people import Person, Role
from tracker.domain.phones import dialled
from tracker.domain.reporting import reporting
from tracker.domain.status import Cell
from tracker.domain.words import N_, filled
from tracker.domain.work import State
from tracker.store.remembered import revision
from tracker.web import cutoffs, runtime
from tracker.web.asked import left_out

KEPT = ("as_of", "plan")
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
NAVIGATION = (
    ("/", N_("Tổng quan"), tuple(Role)),
    ("/my", N_("Việc của đơn vị tôi"), (Role.MONITOR, Role.HEAD, Role.MEMBER)),
    ("/plans", N_("Kế hoạch"), tuple(Role)),
    ("/overdue", N_("Quá hạn"), tuple(Role)),
    ("/timeline", N_("Dòng thời gian"), tuple(Role)),
    ("/calendar", N_("Lịch tháng"), tuple(Role)),
    ("/units", N_("Đơn vị"), tuple(Role)),
    ("/feeds", N_("Đăng ký lịch"), tuple(Role)),
    ("/outbox", N_("Thư nhắc"), roles_that(Doing.SEE_MAIL)),
    ("/history", N_("Lịch sử"), roles_that(Doing.SEE_HISTORY)),
    ("/admin/", N_("Quản trị"), (Role.ADMINISTRATOR,)),
)
PARTS_OF = {
    "/views": "/plans",
    "/tasks": "/plans",
    "/amendments": "/plans",
    "/periods": "/plans",
    "/urge": "/overdue",
    "/urgings": "/overdue",
    "/groups": "/units",
    "/burn-up": "/",
    "/waiting": "/",
}
"""Pages that no link of the navigation leads to: the one to which each belongs, by how its address begins."""
WEEKDAYS = (
    N_("Thứ Hai"),
    N_("Thứ Ba"),
    N_("Thứ Tư"),
    N_("Thứ Năm"),
    N_("Thứ Sáu"),
    N_("Thứ Bảy"),
    N_("Chủ Nhật"),
)
ROLE_NAMES = {
    Role.ADMINISTRATOR: N_("Quản trị viên"),
    Role.MONITOR: N_("Cơ quan theo dõi"),
    Role.HEAD: N_("Thủ trưởng đơn vị"),
    Role.MEMBER: N_("Cán bộ đơn vị"),
    Role.LEADER: N_("Lãnh đạo"),
}


def init_app(app: Flask) -> None:
    """Give every template, and every macro imported into one, the names below."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(_filters())
    app.jinja_env.globals.update(
        {
            "_": runtime.gettext,
            "ngettext": ngettext,
            "filled": filled,
            # Proxies, so that macros see them too and nothing is read that a page does not print.
            "person": LocalProxy(_person),
            "unread": LocalProxy(_unread),
            "as_of": LocalProxy(_as_of),
            "today": LocalProxy(runtime.today),
            "locale": LocalProxy(runtime.locale),
            "demo": LocalProxy(lambda: runtime.runtime().demo),
            "languages": LANGUAGES,
            "at": at,
            "kept_args": kept_args,
            "page_address": page_address,
            "file_address": file_address,
            "came_from": came_from,
            "navigation": navigation,
            "sees_history_of": sees_history_of,
            "plans_to_choose": cutoffs.plans_to_choose,
            "plan_of_day": cutoffs.plan_of_day,
            "plan_label": cutoffs.plan_label,
            "reporting": reporting,
            "cell_links": cell_links,
            "left_out": left_out,
            "revision": revision,
            "asset": asset,
            "bootstrap_css": bootstrap_css,
        }
    )


def _filters() -> dict[str, Callable[..., str | date]]:
    return {
        "day": day,
        "iso_day": iso_day,
        "weekday": weekday,
        "moment": moment,
        "local_day": on_day,
        "days_words": days_words,
        "month": month,
        "dialled": dialled,
        "role_name": role_name,
        "state_name": state_name,
    }


def ngettext(singular: str, plural: str, n: int, **params: object) -> str:
    """The form of a message that `n` asks for, with `%(n)s` and `params` filled in.

    Both forms stand in the call as they are: so the collecting of messages sees that they belong together.
    """
    return runtime.ngettext(singular, plural, n) % {"n": n, **params}


def day(value: date | None) -> str:
    """16/12/2024, or 16 Dec 2024 in English (in one piece: no line breaks within it); nothing for None."""
    if not value:
        return ""
    return f"{value:%d/%m/%Y}" if runtime.locale() == "vi" else format_date(value, "d\u00a0MMM\u00a0y", locale="en")


def iso_day(text: str | None) -> str:
    """A day kept as year-month-day, as `day` writes it; nothing for None."""
    return day(date.fromisoformat(text)) if text else ""


def on_day(value: datetime) -> date:
    """The local day of an aware time."""
    return local_day(value, runtime.runtime().zone)


def month(value: date) -> str:
    """The month without its year: T12, or Dec in English."""
    return f"T{value.month}" if runtime.locale() == "vi" else format_date(value, "MMM", locale="en")


def weekday(value: date) -> str:
    """The name of a day of the week: Thứ Bảy, Saturday."""
    return runtime.gettext(WEEKDAYS[value.weekday()])


def moment(value: datetime | None) -> str:
    """The local day and minute of an aware time; nothing for None."""
    if not value:
        return ""
    local = value.astimezone(runtime.runtime().zone)
    return f"{day(local.date())} {local:%H:%M}"


def days_words(count: int) -> str:
    """A number of days in words: 5 ngày, 1 day, 5 days."""
    return ngettext("%(n)s ngày", "%(n)s ngày", count)


def role_name(role: Role) -> str:
    """What a role is called."""
    return runtime.gettext(ROLE_NAMES[role])


def state_name(state: State) -> str:
    """What a state of a share is called."""
    return runtime.gettext(STATES[state])


def at(path: str, **params: object) -> str:
    """The address of a page that speaks for the same plan and cut-off; `params` that are None are left out."""
    if "kept" not in g:  # a page has hundreds of addresses
        g.kept = request.script_root, {name: request.args[name] for name in KEPT if request.args.get(name)}
    root, kept = g.kept
    asked = {name: value for name, value in {**kept, **params}.items() if value is not None}
    return f"{root}{path}?{urlencode(asked)}" if asked else root + path


def cell_links(path: str, overdue: str = "", **params: object) -> dict[str, str]:
    """The lists behind the figures of a Tally: this list narrowed by `status`; `overdue` is one that has its own."""
    names = (*Cell, "on_time_originally", "on_time_extended", "late_to_original")
    found = {str(name): at(path, **{**params, "status": str(name)}) for name in names}
    return found | ({"overdue": overdue} if overdue else {})


def kept_args(*changed: str) -> list[tuple[str, str]]:
    """The query of this address without the parameters that a form or a link is about to set."""
    return [(name, value) for name, value in request.args.items(multi=True) if name not in changed]


def page_address(number: int, address: str = "") -> str:
    """This address at another page of its list; `address` where an answer to a form shows a list of elsewhere."""
    here = address or f"{request.script_root}{request.path}"
    return f"{here}?{urlencode([*kept_args('page'), ('page', str(number))])}"


def file_address(path: str) -> str:
    """The address of this list as a file, with what this address asks for and of every page."""
    query = urlencode(kept_args("page"))
    return f"{request.script_root}{path}{'?' + query if query else ''}"


def came_from() -> str | None:
    """The page of ours that led here, where it is another one than this; the page of a form that was sent to itself."""
    parts = urlsplit(request.referrer or "")
    itself = request.method == "GET" and parts.path == request.path
    if parts.netloc != request.host or not parts.path or itself:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def navigation() -> list[tuple[str, str, bool]]:
    """The pages this person uses: address, name, whether it is where we are."""
    role = current_user.person.role if current_user.is_authenticated else None
    here = next((whole for part, whole in PARTS_OF.items() if request.path.startswith(part)), request.path)
    return [
        (at(path), runtime.gettext(name), here == path or (path != "/" and here.startswith(path)))
        for path, name, roles in NAVIGATION
        if role in roles
    ]


def sees_history_of(unit_id: int | None) -> bool:
    """Whether the person asking may leaf through the history of a unit's work."""
    return current_user.is_authenticated and may_see_history(current_user.person, unit_id)


def asset(filename: str) -> str:
    """The address of one of our static files; its content is part of it, so that browsers may keep it for long."""
    return url_for("static", filename=filename, v=_digest(Path(__file__).parent / "static" / filename))


def bootstrap_css() -> str:
    """The address of Bootstrap's style sheet."""
    return url_for("bootstrap.static", filename="css/bootstrap.min.css", v="5.3")


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _person() -> Person | None:
    return current_user.person if current_user.is_authenticated else None


def _unread() -> int:
    return current_user.unread if current_user.is_authenticated else 0


def _as_of() -> date:
    """The cut-off to print; a page about a bad `as_of` still has to print one."""
    try:
        return runtime.as_of()
    except BadRequest:
        return runtime.today()
