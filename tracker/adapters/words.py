"""Languages: Vietnamese is written in the code and the templates, the others come out of `translations/`."""

import gettext as stdlib_gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

CATALOGS = Path(__file__).resolve().parents[2] / "translations"
SOURCE_LOCALE = "vi"


@cache
def translations(locale: str) -> stdlib_gettext.NullTranslations:
    """The catalogue of `locale`; the source language, and any we have no catalogue for, stay as written."""
    catalog_path = CATALOGS / locale / "LC_MESSAGES" / "messages.po"
    if locale == SOURCE_LOCALE or not catalog_path.is_file():
        return stdlib_gettext.NullTranslations()
    # Compiled here, in memory, so that no build step and no binary file can go stale.
    compiled = io.BytesIO()
    with catalog_path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return Translations(compiled)


def translate(locale: str, message: str, **params: object) -> str:
    """`message` in `locale`, its `%(name)s` places filled from `params`."""
    text = translations(locale).gettext(message)
    return text % params if params else text
