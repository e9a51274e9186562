"""Forms with a preview: sent, kept, and shown by an address of their own, so that back, reload and bookmarks work."""

from collections.abc import Iterable

from flask import redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound
from tracker.domain.words import N_
from tracker.store import typed_forms as stored
from tracker.store.typed_forms import Typed
from tracker.usecases import typed_forms
from tracker.web.forms import whole_number
from tracker.web.runtime import now, person

KEY = "typed"


def shown_by_address(place: str) -> Response:
    """Keep the form just sent, and lead to the page at `place` that shows it."""
    fields = [(name, text.replace("\0", "")) for name, text in _sent() if name not in ("csrf_token", KEY)]
    form_id = typed_forms.keep(person(), place, fields, now())
    return redirect(f"{place}?{KEY}={form_id}", code=303)


def _sent() -> Iterable[tuple[str, str]]:
    return request.form.items(multi=True)


def typed_form(place: str) -> Typed | None:
    """The kept form that the address asks for, None where it asks for none; NotFound for one that is not there."""
    text = request.args.get(KEY, "")
    if not text:
        return None
    found = stored.one(person().id, place, whole_number(text) or 0)
    if found is None:
        raise NotFound(N_("Biểu mẫu này không còn được giữ. Hãy mở lại từ đầu và điền lại."))
    return found


def fields_of(typed: Typed) -> MultiDict[str, str]:
    """What was typed, as the form that was sent."""
    return MultiDict(typed.fields)


def mark_recorded(place: str) -> None:
    """Note that the form whose preview was confirmed has been done, so that nobody does it twice."""
    if form_id := whole_number(request.form.get(KEY, "")):
        typed_forms.mark_recorded(person(), place, form_id)
