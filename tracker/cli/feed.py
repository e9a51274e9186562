"""`tracker feed`: a calendar feed on stdout, or a new subscription's address."""

import click

from tracker.adapters.calendars import render, render_holidays
from tracker.cli.context import demo_option, open_app
from tracker.cli.plan_common import today
from tracker.domain.errors import NotFound, Refused
from tracker.domain.feeds import HOLIDAYS, SCHOOL_LEVELS, FeedOptions, Scope, ScopeKind, feed_addresses
from tracker.domain.people import Person
from tracker.store import feeds, holidays, people, plans, units
from tracker.usecases.subscriptions import subscribe
from tracker.web.runtime import runtime

SCOPES = "plan|unit:CODE|user:EMAIL|level:LEVEL|holidays"


@click.command()
@click.option("--scope", "wanted", required=True, metavar=SCOPES, help="Lịch gồm gì.")
@click.option("--url", "subscriber", metavar="EMAIL", help="Tạo lịch đăng ký cho người này và in địa chỉ thay vì lịch.")
@demo_option
def feed(wanted: str, subscriber: str | None, demo: bool) -> None:
    """In lịch (iCalendar) ra stdout, đúng từng byte như qua HTTP."""
    with open_app(demo):
        scope, locale = _scope(wanted)
        if subscriber:
            click.echo(_address(_person(subscriber), scope))
            return
        if scope == HOLIDAYS:
            body = render_holidays(holidays.events(), feeds.calendar_host(), locale)
        else:
            body = render(feeds.feed(scope, runtime().zone), locale, runtime().base_url, FeedOptions())
    click.echo(body, nl=False)


def _scope(wanted: str) -> tuple[Scope, str]:
    """What `--scope` asks for, and the language of its calendar: a person's own, else that of the installation."""
    kind, _, name = wanted.partition(":")
    if wanted == "plan":
        plan = plans.running(today())
        if plan is None:
            raise NotFound("Chưa có kế hoạch nào. Hãy nạp bằng: tracker plan import TỆP")
        return Scope(ScopeKind.PLAN, plan.id), runtime().locale
    if kind == "unit" and name:
        unit = units.ref_by_code(name)
        if unit is None:
            raise NotFound(f"Không có đơn vị mang mã “{name}”. Hãy xem: tracker unit list")
        return Scope(ScopeKind.UNIT, unit.id), runtime().locale
    if kind == "user" and name:
        person = _person(name)
        return Scope(ScopeKind.PERSON, person.id), person.locale
    if kind == "level" and name:
        if name not in SCHOOL_LEVELS:
            raise NotFound(f"Không có cấp học “{name}”. Các cấp: {', '.join(SCHOOL_LEVELS)}")
        return Scope(ScopeKind.LEVEL, SCHOOL_LEVELS.index(name) + 1), runtime().locale
    if wanted == "holidays":
        return HOLIDAYS, runtime().locale
    raise click.UsageError(f"--scope “{wanted}” không đúng dạng plan, unit:MÃ, user:EMAIL, level:CẤP hoặc holidays.")


def _person(email: str) -> Person:
    found = people.by_email(email)
    if found is None:
        raise NotFound(f"Không có tài khoản {email}. Hãy xem: tracker user list")
    return found.person


def _address(person: Person, scope: Scope) -> str:
    if not person.active:
        raise Refused(f"Tài khoản {person.email} đã khóa nên không đăng ký lịch được.")
    secret = subscribe(person, scope, "", person.locale, FeedOptions(), runtime().clock.now())
    return feed_addresses(runtime().base_url, secret.token).https
