"""Calendar subscriptions: the page where a person makes and ends them, and the feeds themselves."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from tracker.domain.access import oversees
from tracker.domain.errors import Refused
from tracker.domain.feeds import (
    HOLIDAYS,
    MOST_SUBSCRIPTIONS,
    OF_UNITS,
    SCHOOL_LEVELS,
    FeedOptions,
    Scope,
    ScopeKind,
    Span,
    feed_addresses,
)
from tracker.domain.saved_views import SavedView, in_calendar
from tracker.domain.views import PlanHead, UnitRef
from tracker.domain.words import N_
from tracker.store import plans, saved_views, subscriptions, units
from tracker.usecases import subscriptions as changes
from tracker.web.qr import square_code
from tracker.web.runtime import LOCALES, gettext, now, person, runtime
from tracker.web.templating import at
from tracker.web.unit_words import LEVELS

pages = Blueprint("feeds", __name__)


SPANS = {
    Span.DUE: N_("chỉ ngày hạn"),
    Span.START: N_("ngày bắt đầu và ngày hạn"),
    Span.PERIOD: N_("cả khoảng thời gian, từ ngày bắt đầu đến hạn"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form for a new subscription holds."""

    scope: str = ""
    name: str = ""
    locale: str = ""
    span: str = Span.DUE
    keep_done: bool = True
    alarms: bool = False

    @classmethod
    def from_form(cls) -> "Wanted":
        """The form as sent."""
        form = request.form
        return cls(
            scope=form.get("scope", ""),
            name=form.get("name", ""),
            locale=form.get("locale", ""),
            span=form.get("span", Span.DUE),
            keep_done=form.get("done") != "hide",
            alarms="alarms" in form,
        )

    @property
    def options(self) -> FeedOptions:
        """The options chosen; Refused for a span that is none."""
        if self.span not in SPANS:
            raise Refused(N_("Hãy chọn lịch ghi gì của mỗi mốc trong danh sách."))
        return FeedOptions(alarms=self.alarms, span=Span(self.span), hide_done=not self.keep_done)


@pages.get("/feeds")
def index() -> str:
    """One's own subscriptions, and the form for another one; `?scope=` is what it begins with."""
    return _page(Wanted(scope=request.args.get("scope", ""), locale=person().locale))


@pages.post("/feeds")
def create() -> tuple[str, int] | str:
    """Make a subscription and show its address, this once; what is refused comes back with the form."""
    wanted = Wanted.from_form()
    try:
        scope, locale = _scope(wanted.scope), _locale(wanted.locale)
        secret = changes.subscribe(person(), scope, wanted.name, locale, wanted.options, now())
    except Refused as refused:
        return _page(wanted, error=refused.text(gettext)), 422
    return _shown_once(secret)


@pages.post("/feeds/<int:subscription_id>/renew")
def renew(subscription_id: int) -> str:
    """Give one of one's own subscriptions another address, and show it this once."""
    return _shown_once(changes.renew(person(), subscription_id, now()), renewed=True)


@pages.post("/feeds/<int:subscription_id>/revoke")
def revoke(subscription_id: int) -> AnyResponse:
    """End one of one's own subscriptions."""
    changes.revoke(person(), subscription_id, now())
    return redirect(at("/feeds"), 303)


def _shown_once(secret: changes.Secret, *, renewed: bool = False) -> str:
    made = next(each for each in subscriptions.of_person(person().id) if each.id == secret.subscription_id)
    addresses = feed_addresses(runtime().base_url, secret.token)
    title = made.name or _label(made.scope, Named.read())
    picture = square_code(addresses.webcal)
    return render_template("pages/feed_made.html", addresses=addresses, title=title, picture=picture, renewed=renewed)


def _page(wanted: Wanted, error: str = "") -> str:
    every, mine = Named.read(), subscriptions.of_person(person().id)
    lines = [(each, _label(each.scope, every)) for each in mine]
    choices = [(title, [(each.key, _label(each, every)) for each in scopes]) for title, scopes in _offered(every)]
    spans = [(span.value, gettext(text)) for span, text in SPANS.items()]
    return render_template(
        "pages/feeds.html",
        lines=lines,
        choices=choices,
        spans=spans,
        wanted=wanted,
        error=error,
        has_views=bool(every.views),
        most=MOST_SUBSCRIPTIONS,
    )


@dataclass(frozen=True, slots=True)
class Named:
    """What a calendar can be of that has a name of its own."""

    plans: list[PlanHead]
    units: list[UnitRef]
    views: list[SavedView]

    @classmethod
    def read(cls) -> "Named":
        """All of it that the person asking may choose from. 3 queries."""
        return cls(plans.heads(), units.refs(), saved_views.offered(person().id))


def _offered(every: Named) -> list[tuple[str, list[Scope]]]:
    """What this person may subscribe to, by what it is of: own work first, then plans, filters, and other units."""
    asker, own, plans_and_levels, others = person(), list[Scope](), list[Scope](), list[Scope]()
    if asker.unit_id:
        own += [Scope(ScopeKind.PERSON, asker.id)]
        own += [Scope(kind, asker.unit_id) for kind in OF_UNITS]
    plans_and_levels += [Scope(ScopeKind.PLAN, plan.id) for plan in every.plans if plan.state != "draft"]
    if every.plans:
        plans_and_levels += [Scope(ScopeKind.LEVEL, place) for place in range(1, len(SCHOOL_LEVELS) + 1)]
        plans_and_levels += [HOLIDAYS]
    if oversees(asker):
        others += [Scope(kind, unit.id) for unit in every.units if unit.id != asker.unit_id for kind in OF_UNITS]
    groups = (
        (N_("Việc của tôi"), own),
        (N_("Kế hoạch, cấp học, ngày nghỉ"), plans_and_levels),
        (N_("Bộ lọc đã lưu"), [Scope(ScopeKind.VIEW, view.id) for view in every.views if in_calendar(view)]),
        (N_("Các đơn vị khác"), others),
    )
    return [(gettext(title), scopes) for title, scopes in groups if scopes]


def _label(scope: Scope, every: Named) -> str:
    """What a scope is called on the page."""
    if scope.kind is ScopeKind.PERSON:
        return gettext(N_("Việc của tôi (mọi việc của đơn vị tôi)"))
    if scope.kind is ScopeKind.PLAN:
        year = next((plan.school_year or plan.title for plan in every.plans if plan.id == scope.id), "")
        return gettext(N_("Cả kế hoạch %(year)s"), year=year)
    if scope.kind is ScopeKind.LEVEL:
        return gettext(N_("Việc của cấp %(level)s"), level=gettext(LEVELS[scope.level]))
    if scope.kind is ScopeKind.VIEW:
        view = next((view for view in every.views if view.id == scope.id), None)
        return gettext(N_("Bộ lọc: %(name)s"), name=view.name if view else "")
    if scope.kind is ScopeKind.HOLIDAYS:
        return gettext(N_("Ngày nghỉ và các mốc của năm học"))
    unit = next((unit.name for unit in every.units if unit.id == scope.id), "")
    if scope.kind is ScopeKind.UNIT:
        return gettext(N_("%(unit)s: chủ trì và phối hợp"), unit=unit)
    return gettext(N_("%(unit)s: chỉ việc chủ trì"), unit=unit)


def _scope(key: str) -> Scope:
    try:
        return Scope.from_key(key)
    except ValueError:
        raise Refused(N_("Hãy chọn lịch cho kế hoạch, đơn vị hay việc của bạn trong danh sách.")) from None


def _locale(text: str) -> str:
    if text not in LOCALES:
        raise Refused(N_("Hãy chọn ngôn ngữ của lịch: tiếng Việt hoặc tiếng Anh."))
    return text
