"""Whether the work has changed since a page was opened, for the small script of the pages that show it."""

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from tracker.store.remembered import revision

pages = Blueprint("live", __name__)


@pages.get("/revision")
def show() -> Response:
    """The name of the present state of the work, also as its ETag; 304 to who knows it. The question of the session."""
    answer = make_response(revision(), {"Content-Type": "text/plain"})
    answer.set_etag(revision())
    return answer.make_conditional(request)
