"""Urging by hand: what was picked on other pages is shown with who would be told, and sent."""

import re
import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tracker.domain.access import may_urge
from tracker.domain.errors import Refused, StaleState, TrackerError
from tracker.domain.reminders import may_go
from tracker.domain.urging import LEFT_OUT, MOST_TEXT, NOTHING_PICKED, PARTS, AskedShare
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import typed_forms, urgings
from tracker.store.facts import CutOff
from tracker.store.urging_shares import Pick
from tracker.usecases import urging
from tracker.usecases.urging import Sent
from tracker.web.forms import code_of, whole_number
from tracker.web.outbox import channel_name
from tracker.web.paths import local_path
from tracker.web.runtime import gettext, ngettext, now, person, runtime, today
from tracker.web.typed import KEY, fields_of, mark_recorded, shown_by_address, typed_form

pages = Blueprint("urging", __name__)

PLACE = "/urge"
ONCE = re.compile(r"[\w-]{16,64}", re.ASCII)
AGAIN = N_("Lời đôn đốc này đã được gửi rồi; không gửi lần nữa.")


def may_urge_now(plan: PlanHead, cut: CutOff) -> bool:
    """Whether the person asking may urge units about that plan from a page that shows this cut-off."""
    watched = person().unit_id in plan.monitor_unit_ids
    return plan.state == "in_force" and cut.until > now() and may_urge(person(), watched=watched)


@pages.get(PLACE)
def show() -> Response | str | tuple[str, int]:
    """Who would be told of what was picked; without anything picked, the list to pick from."""
    typed = typed_form(PLACE)
    if typed is None:
        return redirect(url_for("overdue.index"))
    if typed.recorded:
        flash(gettext(AGAIN), "info")
        return redirect(url_for("urgings.index"))
    form = fields_of(typed)
    try:
        return _page(_pick(form), form.get("text", ""), back=_list_of(form))
    except Refused as problem:
        return render_template("pages/urge_refused.html", problem=problem.text(gettext), back=_list_of(form)), 422


@pages.post(PLACE)
def send() -> Response | tuple[str, int]:
    """Keep what was picked and show it; with `step` send, send it, once for each page that was shown.

    Where nothing was picked, the same list again, as it was filtered, with why nothing happened.
    """
    form = request.form
    if "step" not in form and _pick(form).nothing:
        flash(gettext(NOTHING_PICKED), "error")
        return redirect(_list_of(form), code=303)
    if form.get("step") != "send":
        return shown_by_address(PLACE)
    pick, text, once = _pick(form), form.get("text", ""), form.get("once", "")
    try:
        if not ONCE.fullmatch(once):
            raise Refused(N_("Biểu mẫu có ô không hợp lệ. Hãy tải lại trang rồi chọn lại."))
        typed = typed_forms.one(person().id, PLACE, whole_number(form.get(KEY, "")) or 0)
        if typed and typed.recorded:
            done = Sent(again=True)
        else:
            key, place = f"{person().id}:{once}", runtime()
            done = urging.send(person(), pick.shares, text, key, now(), place.zone, place.base_url)
    except (Refused, StaleState) as problem:
        return _refused(pick, text, problem)
    mark_recorded(PLACE)
    _tell(done)
    since: dict[str, Any] = {"from": today().isoformat()}
    return redirect(url_for("urgings.index", **since), code=303)


def _list_of(form: MultiDict[str, str]) -> str:
    """The address of the list that the form was on."""
    return local_path(form["back"]) if form.get("back") else url_for("overdue.index")


def _refused(pick: Pick, text: str, problem: TrackerError) -> tuple[str, int]:
    """The page again with what was typed; where nothing was picked, why that is none."""
    try:
        return _page(pick, text, problem.text(gettext), _list_of(request.form)), code_of(problem)
    except Refused as empty:
        said, back = empty.text(gettext), _list_of(request.form)
        return render_template("pages/urge_refused.html", problem=said, back=back), code_of(empty)


def _pick(form: MultiDict[str, str]) -> Pick:
    """What a form picks: `share`, `milestone` and `task` by id, or the work of `unit` in `plan`."""
    ids = {name: _numbers(form, name) for name in ("share", "milestone", "task", "unit", "plan")}
    unit = (ids["plan"][0], ids["unit"][0]) if ids["plan"] and ids["unit"] else None
    return Pick(ids["share"], ids["milestone"], ids["task"], unit)


def _numbers(form: MultiDict[str, str], name: str) -> list[int]:
    found = (whole_number(text) for text in form.getlist(name))
    return list(dict.fromkeys(number for number in found if number is not None))


def _page(pick: Pick, text: str, problem: str = "", back: str = "") -> str:
    moment, zone = now(), runtime().zone
    found = urging.preview(person(), pick, moment, zone)
    shares: dict[int, list[AskedShare]] = {}
    for share in found.urged:
        shares.setdefault(share.unit_id, []).append(share)
    return render_template(
        "pages/urge.html",
        found=found,
        units=[(each[0], each, found.of_unit(unit_id)) for unit_id, each in shares.items()],
        unreached=_by_unit(found.unreached),
        counts=urgings.counts([share.id for share in found.urged], moment, zone),
        text=text,
        problem=problem,
        back=back,
        once=secrets.token_urlsafe(24),
        typed=request.values.get(KEY, ""),
        waits=_waits(found.urged, moment),
        left_out=lambda share: gettext(LEFT_OUT[share.left_out]),
        part_name=lambda part: gettext(PARTS[part]),
        channel_name=channel_name,
        most_text=MOST_TEXT,
    )


def _by_unit(shares: tuple[AskedShare, ...]) -> list[tuple[AskedShare, list[str]]]:
    """A share of each unit, with the numbers of the tasks."""
    found: dict[int, tuple[AskedShare, list[str]]] = {}
    for share in shares:
        found.setdefault(share.unit_id, (share, []))[1].append(share.number)
    return list(found.values())


def _waits(shares: tuple[AskedShare, ...], moment: datetime) -> bool:
    """Whether a message made now waits for the hours of reminders."""
    return bool(shares) and may_go(moment, runtime().zone, shares[0].calendar.days_off) is not None


def _tell(done: Sent) -> None:
    if done.again:
        flash(gettext(AGAIN), "info")
        return
    people = ngettext("%(n)s người", "%(n)s người", done.people) % {"n": done.people}
    said = ngettext(
        "Đã đôn đốc %(n)s phần việc, tin gửi tới %(people)s.",
        "Đã đôn đốc %(n)s phần việc, tin gửi tới %(people)s.",
        done.shares,
    )
    flash(said % {"n": done.shares, "people": people}, "success")
    for shares, words in (
        (done.left_out, N_("Không đôn đốc việc đã xong hoặc không còn phải làm: %(names)s.")),
        (done.unreached, N_("Chưa có ai nhận được: %(names)s.")),
    ):
        if shares:
            names = "; ".join(f"{share.number} ({share.unit_name})" for share in shares)
            flash(gettext(words, names=names), "info")
