"""Pages as they were written last for somebody, sent again while nothing that they show has changed.

People go from a list to a task and back all day; between two writes the list is the same. A kept page belongs to one
session, one address and one hour, and to one state of all that pages show: whatever is written ends it.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec

from flask import request, session

from tracker.store.remembered import Kept, page_state
from tracker.web.runtime import locale, now, person
from tracker.web.sessions import own_session

P = ParamSpec("P")
MOST_OCTETS = 24 * 1024 * 1024
"""What a process keeps of pages in all: some five hundred."""

_KEPT = Kept(MOST_OCTETS)


def kept(view: Callable[P, str]) -> Callable[P, str]:
    """A page that shows nothing but what is stored: not the use of sessions, drafts of forms, calendars' polls.

    What is told once, after a form was sent, is neither kept nor passed over.
    """

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> str:
        state = page_state()
        if not state or "_flashes" in session:
            return view(*args, **kwargs)
        found = _KEPT.get(state, _key())
        if found:
            page: str = found[1]
            return page
        made = view(*args, **kwargs)
        _KEPT.put(state, _key(), len(made.encode()), made)
        return made

    return answer


def _key() -> Hashable:
    """Whose page it is and where. The token of its forms holds for a day, and so for the hour of the clock."""
    token = session.get("csrf_token")
    return own_session(), token, person(), locale(), f"{now():%Y-%m-%d %H}", request.url
