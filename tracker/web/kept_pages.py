"""Pages as they were written last for somebody, sent again while nothing that they show has changed.

People go from a list to a task and back all day; between two writes the list is the same. A kept page belongs to one
session, one address and one hour, and to one state of all that pages show: whatever is written ends it.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec

from flask import Response, request, session

from tracker.store.remembered import Kept, page_state
from tracker.web.compressed import packed, send_packed, takes_gzip
from tracker.web.runtime import locale, now, person, today
from tracker.web.sessions import own_session

P = ParamSpec("P")
MOST_OCTETS = 24 * 1024 * 1024
"""What a process keeps of pages in all: as compressed as they are sent, two thousand."""

_KEPT = Kept(MOST_OCTETS)


def kept(view: Callable[P, str]) -> Callable[P, Response]:
    """A page that shows nothing but what is stored: not the use of sessions, drafts of forms, calendars' polls.

    What is told once, after a form was sent, is neither kept nor passed over.
    """

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        state = page_state()
        if not state or "_flashes" in session:
            return _html(view(*args, **kwargs).encode())
        found = _KEPT.get(state, _key())
        if found:
            return _sent(found[1])
        page = view(*args, **kwargs).encode()
        body = packed(page) if takes_gzip() else page
        _KEPT.put(state, _key(), len(body), body)
        return _sent(body)

    return answer


def _sent(body: bytes) -> Response:
    answer = _html(body)
    if takes_gzip():
        send_packed(answer, body)
    return answer


def _html(page: bytes) -> Response:
    return Response(page, mimetype="text/html")


def _key() -> Hashable:
    """Whose page it is and where. The token of its forms holds for a day, and so for the hour of the clock."""
    token, hour = session.get("csrf_token"), f"{now():%Y-%m-%d %H}"
    return own_session(), token, person(), locale(), hour, today(), request.url, takes_gzip()
