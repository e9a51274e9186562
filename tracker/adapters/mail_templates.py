"""The words of mails: three templates per kind of message, rendered apart from any page or request."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.adapters.words import translate, translations

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "email"


@dataclass(frozen=True, slots=True)
class Texts:
    """A rendered message: its subject on one line, its plain text, its HTML document."""

    subject: str
    text: str
    html: str


def render(kind: str, locale: str, **context: Any) -> Texts:
    """The message `kind` (a folder of templates/email) in the language `locale`."""

    def part(name: str) -> str:
        return _environment(locale).get_template(f"{kind}/{name}").render(context).strip()

    return Texts(" ".join(part("subject.txt").split()), part("body.txt") + "\n", part("body.html") + "\n")


@cache
def _environment(locale: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def ngettext(singular: str, plural: str, n: int, **params: object) -> str:
        return translations(locale).ngettext(singular, plural, n) % {"n": n, **params}

    def words(message: str, **params: object) -> str:
        return translate(locale, message, **params)

    made.globals.update({"_": words, "ngettext": ngettext, "locale": locale})
    # Official mail writes days as 16/12/2024 in either language.
    made.filters["day"] = "{:%d/%m/%Y}".format
    # A title with a line break in it must not look like two lines of ours.
    made.filters["one_line"] = lambda text: " ".join(text.split())
    return made
