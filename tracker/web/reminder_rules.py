"""By which rules people are reminded: read by those who follow the work, kept by monitors and administrators."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.errors import NotFound, Refused, StaleState, TrackerError
from tracker.domain.reminder_rules import AUDIENCES, EVENTS, LADDER, Audience, Event, Rule, check_rule
from tracker.domain.words import N_
from tracker.store import reminder_rules as stored
from tracker.usecases import reminder_rules
from tracker.usecases.reminder_rules import Rehearsal
from tracker.web.forms import code_of, whole_number
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person, runtime
from tracker.web.templating import WEEKDAYS
from tracker.web.unit_words import UNIT_KINDS

pages = Blueprint("reminder_rules", __name__, url_prefix="/settings/reminders")

NEW = Rule("", 7)
BEFORE, AFTER = "before", "after"
LABELS = {
    "name": N_("Tên riêng của quy tắc"),
    "event": N_("Nhắc về"),
    "days": N_("Số ngày"),
    "side": N_("Trước hay sau"),
    "every": N_("Nhắc lại mỗi mấy ngày"),
    "times": N_("Nhiều nhất mấy lần"),
    "weekday": N_("Chờ đến thứ"),
    "urged": N_("Hoặc ngay khi đã đôn đốc mấy lần"),
}
NOT_THERE = N_("Không có quy tắc nhắc việc này. Hãy mở lại từ danh sách quy tắc.")
Typed = MultiDict[str, str]


@pages.get("")
def index() -> str:
    """Every rule in words, with how often it would have spoken and will speak."""
    rules = stored.rules(idle_too=True)
    order = list(Event)
    rules.sort(key=lambda rule: order.index(rule.event))
    return render_template(
        "pages/reminder_rules.html",
        groups=[(event, list(some)) for event, some in groupby(rules, lambda rule: rule.event)],
        rehearsal=reminder_rules.rehearse(rules, now(), runtime().zone),
        **_words(),
    )


@pages.get("/new")
def new() -> str | tuple[str, int]:
    """The form for another rule; with its fields in the address, what that would send."""
    access.ask_to_set_reminder_rules(person())
    if "event" not in request.args:
        return _render(NEW, _typed_of(NEW))
    return _page(NEW, request.args, stored.rules())


@pages.post("/new")
def add() -> Response | tuple[str, int]:
    """Add a rule, or lead to its preview."""
    return _sent(NEW)


@pages.get("/<rule>")
def show(rule: str) -> str | tuple[str, int]:
    """One rule with whom it would remind of what; with other fields in the address, with those."""
    rules = stored.by_code()
    found = _known(rules, rule)
    return _page(found, request.args if "event" in request.args else _typed_of(found), rules.values())


@pages.post("/<rule>")
def change(rule: str) -> Response | tuple[str, int]:
    """Keep a rule as it was typed, or lead to its preview."""
    return _sent(_rule(rule))


@pages.post("/<rule>/switch")
def switch(rule: str) -> Response:
    """Switch a rule on or off."""
    active = request.form.get("active") == "1"
    after = reminder_rules.switch(person(), rule, active, now())
    said = N_("Đã bật quy tắc “%(rule)s”.") if active else N_("Đã tắt quy tắc “%(rule)s”.")
    return _done(gettext(said, rule=reminder_rules.words(after, gettext)[0]))


@pages.post("/<rule>/remove")
def remove(rule: str) -> Response | tuple[str, int]:
    """Take away a rule that never told anything."""
    try:
        gone = reminder_rules.remove(person(), rule, request.form.get("seen", ""), now())
    except (Refused, StaleState) as problem:
        return _answer(_rule(rule), None, problem)
    return _done(gettext(N_("Đã xóa quy tắc “%(rule)s”."), rule=reminder_rules.words(gone, gettext)[0]))


@pages.get("/<rule>/switch")
@pages.get("/<rule>/remove")
def back(rule: str) -> Response:
    """The address of a form, opened again, leads to the rule."""
    return redirect(url_for("reminder_rules.show", rule=rule))


def _sent(before: Rule) -> Response | tuple[str, int]:
    """What a form that was sent comes to."""
    access.ask_to_set_reminder_rules(person())
    typed = MultiDict((name, text.replace("\0", "")) for name, text in request.form.items(multi=True))
    try:
        wanted = _wanted(typed, before)
        if typed.get("do") == "preview":
            check_rule(wanted)
            return redirect(_address(before, typed), code=303)
        if before.code:
            changed = reminder_rules.change(person(), wanted, typed.get("seen", ""), now())
        else:
            changed = bool(reminder_rules.add(person(), wanted, now()))
    except (Refused, StaleState) as problem:
        return _answer(before, typed, problem)
    said = N_("Đã lưu quy tắc “%(rule)s”.") if changed else N_("Quy tắc “%(rule)s” vẫn như cũ.")
    return _done(gettext(said, rule=reminder_rules.words(wanted, gettext)[0]))


def _done(said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("reminder_rules.index"), code=303)


def _answer(before: Rule, typed: Typed | None, problem: TrackerError) -> tuple[str, int]:
    """The form as it was sent, with what is the matter; what it would send is left out."""
    typed = _typed_of(before) if typed is None else typed
    if isinstance(problem, StaleState):
        before = _rule(before.code)
        typed = MultiDict([pair for pair in typed.items(multi=True) if pair[0] != "seen"])
    return _render(before, typed, problem.text(gettext)), code_of(problem)


def _page(before: Rule, typed: Typed, others: Iterable[Rule]) -> str | tuple[str, int]:
    """The form as it is typed, with what that rule would send beside the others."""
    try:
        wanted = _wanted(typed, before)
        check_rule(wanted)
    except Refused as problem:
        return _answer(before, typed, problem)
    rules = [*(each for each in others if each.code != before.code), wanted]
    return _render(before, typed, wanted=wanted, rehearsal=reminder_rules.rehearse(rules, now(), runtime().zone))


def _render(
    before: Rule, typed: Typed, problem: str = "", wanted: Rule | None = None, rehearsal: Rehearsal | None = None
) -> str:
    lines = [*rehearsal.past.get(before.code, ()), *rehearsal.coming.get(before.code, ())] if rehearsal else []
    return render_template(
        "pages/reminder_rule.html",
        rule=before,
        wanted=wanted,
        typed=typed,
        seen=typed.get("seen") or reminder_rules.fingerprint(before),
        own=reminder_rules.is_own(before),
        problem=problem,
        rehearsal=rehearsal,
        page=paged(lines),
        **_words(),
    )


def _words() -> dict[str, object]:
    """What both pages say things with."""
    return {
        "may_edit": access.may_set_reminder_rules(person()),
        "words": lambda rule: reminder_rules.words(rule, gettext),
        "events": EVENTS,
        "audiences": [(each, AUDIENCES[each]) for each in LADDER],
        "kinds": UNIT_KINDS,
        "weekdays": list(enumerate(WEEKDAYS, 1)),
        "labels": LABELS,
        "most_shares": reminder_rules.MOST_SHARES,
    }


def _rule(code: str) -> Rule:
    return _known(stored.by_code(), code)


def _known(rules: Mapping[str, Rule], code: str) -> Rule:
    if code not in rules:
        raise NotFound(NOT_THERE)
    return rules[code]


def _address(rule: Rule, typed: Typed) -> str:
    """Where the preview of what was typed is: back, reload and bookmarks work."""
    place = url_for("reminder_rules.show", rule=rule.code) if rule.code else url_for("reminder_rules.new")
    fields = [pair for pair in typed.items(multi=True) if pair[0] not in ("csrf_token", "do")]
    return f"{place}?{urlencode(fields)}#preview"


def _typed_of(rule: Rule) -> Typed:
    """A rule as its form has it."""
    numbers = {name: getattr(rule, name) for name in ("every", "times", "weekday", "urged")}
    pairs = [(name, "" if value is None else str(value)) for name, value in numbers.items()]
    pairs += [("name", rule.name), ("event", rule.event.value), ("days", str(abs(rule.days)))]
    pairs += [("side", AFTER if rule.looks_back else BEFORE)]
    pairs += [("to", each.value) for each in LADDER if each in rule.to]
    pairs += [("except_kind", each) for each in sorted(rule.except_kinds)]
    pairs += [(name, "1") for name in ("urgent", "active") if getattr(rule, name)]
    return MultiDict(pairs)


def _wanted(typed: Mapping[str, str], before: Rule) -> Rule:
    """The rule that a form asks for; Refused with the field where it says something that is none of its choices."""
    assert isinstance(typed, MultiDict)
    event = typed.get("event", "")
    if event not in set(Event) or not set(typed.getlist("to")) <= set(Audience):
        raise Refused(N_("Hãy chọn sự việc và nơi nhận trong danh sách."))
    kinds = frozenset(typed.getlist("except_kind"))
    if not kinds <= set(UNIT_KINDS):
        raise Refused(N_("Hãy chọn loại đơn vị trong danh sách."))
    days, label = _number(typed, "days"), LABELS["days"]
    if days is None:
        raise Refused(N_("Ô “%(place)s” còn trống. Hãy nhập một số; 0 là đúng ngày đó."), place=gettext(label))
    happened = Event(event) not in (Event.DUE, Event.START, Event.CHECKPOINT)
    return Rule(
        code=before.code,
        event=Event(event),
        days=-days if happened or typed.get("side") == AFTER else days,
        every=_number(typed, "every"),
        times=_number(typed, "times"),
        weekday=_number(typed, "weekday"),
        to=frozenset(map(Audience, typed.getlist("to"))),
        except_kinds=kinds,
        urgent=typed.get("urgent") == "1",
        urged=_number(typed, "urged"),
        name=" ".join(typed.get("name", "").split()),
        active=typed.get("active") == "1",
    )


def _number(typed: Mapping[str, str], name: str) -> int | None:
    """The whole number in a field, None where it is empty."""
    text = typed.get(name, "").strip()
    number = whole_number(text)
    if text and number is None:
        raise Refused(
            N_("Ô “%(place)s”: “%(text)s” không phải số nguyên. Hãy nhập lại bằng chữ số."),
            place=gettext(LABELS[name]),
            text=text[:20],
        )
    return number
