"""How I want to be reminded: at which hour, on which days, over which channels, of what, and when not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.access import DOERS
from tracker.domain.calendar_days import day_start
from tracker.domain.errors import Refused
from tracker.domain.people import Person, Role
from tracker.domain.preferences import BELL, CHANNELS, FIRST_HOUR, LAST_HOUR, MAIL, WEBHOOK, Pause, Preference
from tracker.domain.reminder_rules import GROUPS, Group
from tracker.domain.words import N_
from tracker.store import preferences, reminders, units
from tracker.usecases.preferences import choose
from tracker.web.forms import typed_day, whole_number
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("reminder_choices", __name__, url_prefix="/account/reminders")

CHANNEL_WORDS = {
    MAIL: N_("Thư điện tử"),
    BELL: N_("Chuông trong trang (mục Thông báo)"),
    WEBHOOK: N_("Kênh chung của cơ quan (webhook)"),
}
FROM, UNTIL = N_("Tạm dừng từ ngày"), N_("Đến hết ngày")
MONDAY = date(2024, 12, 16)
WEEK = [(n, MONDAY + timedelta(days=n - 1)) for n in range(1, 8)]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as texts."""

    hour: str
    weekdays: Collection[str]
    channels: Collection[str]
    told: Collection[str]
    pause_from: str
    pause_until: str
    stand_in: str


@pages.get("")
def show() -> str:
    """What I chose, and when the next digest may come."""
    return _page(_typed(preferences.of_person(person().id)))


@pages.post("")
def put() -> Response | tuple[str, int]:
    """Keep what I chose."""
    form = request.form
    typed = Typed(
        hour=form.get("hour", ""),
        weekdays=form.getlist("weekday"),
        channels=form.getlist("channel"),
        told=form.getlist("told"),
        pause_from=form.get("pause_from", "").replace("\0", ""),
        pause_until=form.get("pause_until", "").replace("\0", ""),
        stand_in=form.get("stand_in", ""),
    )
    try:
        choose(person(), _wanted(typed), _channels(), now(), runtime().zone)
    except Refused as problem:
        return _page(typed, problem.text(gettext)), 422
    flash(gettext(N_("Đã ghi cách nhắc việc. Các việc đang chờ nhắc theo cách mới từ bây giờ.")), "success")
    return redirect(url_for("reminder_choices.show"), code=303)


def _channels() -> tuple[str, ...]:
    """The channels that may be chosen here: mail and bell always, others where the installation has them."""
    there = {MAIL, BELL, *current_app.extensions["tracker_channels"]()}
    return tuple(each for each in CHANNELS if each in there)


def _groups(who: Person) -> list[Group]:
    """What that person may switch off."""
    return [each for each in Group if each is not Group.WEEKLY or who.role is Role.LEADER]


def _typed(chosen: Preference) -> Typed:
    pause = chosen.pause
    return Typed(
        hour=str(chosen.hour),
        weekdays=[str(each) for each in chosen.weekdays],
        channels=chosen.channels,
        told=[each.value for each in Group if each not in chosen.muted],
        pause_from=pause.from_on.isoformat() if pause else "",
        pause_until=pause.until_on.isoformat() if pause else "",
        stand_in=str(pause.stand_in) if pause and pause.stand_in else "",
    )


def _wanted(typed: Typed) -> Preference:
    """What the form says; Refused for what is no day or no choice of it."""
    # What was not shown stays as it is.
    hidden = preferences.of_person(person().id).muted - set(_groups(person()))
    return Preference(
        hour=whole_number(typed.hour) or 0,
        weekdays=frozenset(whole_number(each) or 0 for each in typed.weekdays),
        channels=frozenset(typed.channels),
        muted=hidden | {each for each in _groups(person()) if each.value not in typed.told},
        pause=_pause(typed),
    )


def _pause(typed: Typed) -> Pause | None:
    first, last = typed_day(typed.pause_from, FROM), typed_day(typed.pause_until, UNTIL)
    if first and last:
        return Pause(first, last, (whole_number(typed.stand_in) or 0) if typed.stand_in else None)
    if first or last or typed.stand_in:
        raise Refused(N_("Muốn tạm dừng thì ghi cả ngày đầu và ngày cuối; không tạm dừng thì để trống cả ba ô."))
    return None


def _page(typed: Typed, problem: str = "") -> str:
    who, zone = person(), runtime().zone
    chosen, off = preferences.of_person(who.id), units.days_off()
    colleagues = preferences.stand_ins(who.id)
    had_today = reminders.had_digest(who.id, day_start(today(), zone))
    moment = chosen.next_digest(now(), zone, off, had_today=had_today)
    return render_template(
        "pages/reminder_choices.html",
        typed=typed,
        problem=problem,
        hours=[(each, gettext(N_("%(hour)s giờ"), hour=each)) for each in range(FIRST_HOUR, LAST_HOUR + 1)],
        week=WEEK,
        channels=[(each, CHANNEL_WORDS[each]) for each in _channels()],
        groups=[(each, GROUPS[each]) for each in _groups(who)],
        colleagues=[(each.id, each.name) for each in colleagues],
        alone=who.role in DOERS and not any(each.role in DOERS for each in colleagues),
        next_at=moment if moment > now() else None,
        pause=chosen.pause if chosen.pause and chosen.pause.until_on >= today() else None,
        FROM=FROM,
        UNTIL=UNTIL,
    )
