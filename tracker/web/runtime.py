"""What every view may need of the process and of the request: clock, zone, language, the person asking."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from tracker.adapters.files import FileStore
from tracker.adapters.sealing import Seal
from tracker.adapters.signing import Signer
from tracker.adapters.words import translations
from tracker.clock import Clock
from tracker.domain.calendar_days import day_end, iso_day, local_day
from tracker.domain.people import Person
from tracker.domain.words import N_

LOCALES = ("vi", "en")
FIRST_YEAR, LAST_YEAR = 1990, 2199


@dataclass(frozen=True, slots=True)
class Runtime:
    """The process's own things, made once by the application factory."""

    clock: Clock
    zone: ZoneInfo
    base_url: str
    locale: str
    demo: bool
    mail_is_sent: bool
    files: FileStore
    seal: Seal
    signer: Signer
    history_months: int
    mail_per_minute: int
    mail_sender: str


def runtime() -> Runtime:
    """The runtime of the running application."""
    found: Runtime = current_app.extensions["tracker"]
    return found


def now() -> datetime:
    """The moment of this request, read once, in UTC."""
    if "now" not in g:
        g.now = runtime().clock.now()
    moment: datetime = g.now
    return moment


def today() -> date:
    """The local day of this request."""
    return local_day(now(), runtime().zone)


def as_of() -> date:
    """The cut-off asked for by `?as_of=YYYY-MM-DD`, else today; BadRequest for a day that is none."""
    return asked_day(request.args.get("as_of", "")) or today()


def asked_day(text: str) -> date | None:
    """The day YYYY-MM-DD of an address, None where it is empty; BadRequest, in words, for what is none or too far."""
    text = text.strip()
    if not text:
        return None
    try:
        day = iso_day(text)
    except ValueError:
        raise BadRequest(
            gettext(N_("Ngày “%(text)s” không đúng dạng năm-tháng-ngày. Ví dụ: 2024-12-16."), text=text[:40])
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        within = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise BadRequest(gettext(N_("Chỉ xem được ngày từ năm %(first)s đến năm %(last)s."), **within))
    return day


def until() -> datetime:
    """The end of the cut-off day, in UTC: what was recorded before it counts."""
    return day_end(as_of(), runtime().zone)


def person() -> Person:
    """Who is asking; only for routes that ask for a signed-in person."""
    found: Person = current_user.person
    return found


def locale() -> str:
    """The language of this answer: the person's choice, else the visitor's cookie, else the installation's."""
    if "locale" not in g:
        cookie = request.cookies.get("locale", "")
        chosen = person().locale if current_user.is_authenticated else cookie
        g.locale = chosen if chosen in LOCALES else runtime().locale
    found: str = g.locale
    return found


def gettext(message: str, **params: object) -> str:
    """`message` in the language of this answer."""
    text = translations(locale()).gettext(message)
    return text % params if params else text


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of a message that `n` asks for, in the language of this answer."""
    return translations(locale()).ngettext(singular, plural, n)
