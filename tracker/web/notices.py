"""The bell: a person's own messages, the newest first, and marking them as read."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.store import notices as stored
from tracker.usecases import notices
from tracker.web.paging import Page, paged
from tracker.web.runtime import now, person

pages = Blueprint("notices", __name__)
PAGE_SIZE = 20


@pages.get("/notices")
def index() -> str:
    """My messages; looking marks nothing as read."""
    place = paged(range(stored.total(person().id)), PAGE_SIZE)
    found = stored.of_person(person().id, max(place.first - 1, 0), PAGE_SIZE)
    page = Page(found, place.number, PAGE_SIZE, place.total)
    return render_template("pages/notices.html", page=page, shown_at=now())


@pages.post("/notices/<int:notice_id>/read")
def read(notice_id: int) -> Response:
    """Mark one message as read."""
    notices.mark_read(person(), notice_id, now())
    return redirect(url_for("notices.index", page=request.form.get("page") or None), 303)


@pages.post("/notices/read")
def read_all() -> Response:
    """Mark everything as read that was there when the page was shown."""
    notices.mark_all_read(person(), _shown_at(), now())
    return redirect(url_for("notices.index"), 303)


def _shown_at() -> datetime:
    """When the page with the button was shown; now, where the form does not say."""
    try:
        at = datetime.fromisoformat(request.form.get("shown_at", ""))
    except ValueError:
        return now()
    return at if at.tzinfo else now()
