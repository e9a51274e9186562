"""The door at the secret addresses of feeds.

It stands before the pages, so that no session, cookie, language or form token is ever touched for a calendar, and an
unchanged feed costs one query. What is unknown, ended or of a closed account was never there.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.http import http_date, is_resource_modified
from werkzeug.wrappers import Response

from tracker.domain.calendar_days import local_day
from tracker.domain.feeds import Use, token_sha256
from tracker.usecases.subscriptions import note_uses
from tracker.web.errands import run_soon
from tracker.web.feed_copies import Copy, FeedCopies
from tracker.web.feed_privacy import FEED_PATH, TOKEN_PATH, install
from tracker.web.runtime import Runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SECONDS_KEPT_BY_CLIENTS = 900
COPIES = "tracker_feed_copies"
METHODS = "GET, HEAD, OPTIONS"
REFUSALS = {
    404: "Không có lịch ở địa chỉ này.\nThere is no calendar at this address.\n",
    405: "Địa chỉ này chỉ để đọc.\nThis address can only be read.\n",
    503: "Chưa đọc được lịch; hãy thử lại sau.\nThe calendar cannot be read now; try again later.\n",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
OF_FEEDS = (*HEADERS.items(), ("Cache-Control", f"private, max-age={SECONDS_KEPT_BY_CLIENTS}"))
OF_BODY = (("Content-Type", "text/calendar; charset=utf-8"),)
MORE = {404: {}, 405: {"Allow": METHODS}, 503: {"Retry-After": "600"}}


class FeedDoor:
    """WSGI in front of the pages of `app`: answers at addresses of feeds, and lets every other one through."""

    def __init__(self, app: Flask) -> None:
        self._app, self._pages = app, app.wsgi_app
        self._uses: dict[int, Use] = {}
        self._lock = Lock()
        install(app)
        app.extensions[COPIES] = FeedCopies(app.extensions["tracker"].base_url, app.extensions["tracker"].zone)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not FEED_PATH.fullmatch(environ.get("PATH_INFO", "")):
            return self._pages(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return Response(headers={**HEADERS, "Allow": METHODS})(environ, start_response)
        if method not in ("GET", "HEAD"):
            return _refusal(405)(environ, start_response)
        try:
            with self._app.app_context():
                found = self._found(environ)
        except Exception as error:  # the log says what broke and leaves out the address
            self._app.logger.error("a feed could not be made", exc_info=error)
            return _refusal(503)(environ, start_response)
        if found is None:
            return _refusal(404)(environ, start_response)
        return _sent(*found, environ, start_response)

    def _found(self, environ: "WSGIEnvironment") -> tuple[Copy, datetime] | None:
        """The feed behind the address and when it last changed, its use noted; None where there is none."""
        here: Runtime = self._app.extensions["tracker"]
        copies: FeedCopies = self._app.extensions[COPIES]
        now = here.clock.now()
        token = TOKEN_PATH.fullmatch(environ["PATH_INFO"])
        digest = token_sha256(token[1]) if token else None
        found = copies.admitted(digest, local_day(now, here.zone)) if digest else None
        if found is None or digest is None:
            return None
        copy = copies.of(found)
        if copies.is_news(digest, found.subscription, now):
            self._note(found.subscription.id, Use(environ.get("HTTP_USER_AGENT", ""), now))
        return copy, found.changed_at

    def _note(self, subscription_id: int, use: Use) -> None:
        """Have a use written down after the answer, together with those that come meanwhile."""
        with self._lock:
            waiting = bool(self._uses)
            self._uses[subscription_id] = use
        if not waiting:
            run_soon(self._write_down)

    def _write_down(self) -> None:
        with self._lock:
            uses, self._uses = self._uses, {}
        note_uses(uses)


def _sent(
    copy: Copy, changed_at: datetime, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    """The copy, or word that the client has it already (RFC 9110 section 13.1)."""
    modified = _http_date(changed_at)
    told = [*OF_FEEDS, ("ETag", copy.etag), ("Last-Modified", modified)]
    asked = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
    if asked and not is_resource_modified(environ, copy.etag, last_modified=modified):
        start_response("304 NOT MODIFIED", told)
        return ()
    start_response("200 OK", [*told, *OF_BODY, ("Content-Length", str(len(copy.body)))])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (copy.body,)


_http_date = lru_cache(maxsize=4096)(http_date)


def _refusal(status: int) -> Response:
    """One and the same short answer for each status, whoever asks and why ever it is refused."""
    private = {**HEADERS, **MORE[status], "Cache-Control": "private, no-store"}
    return Response(REFUSALS[status], status, private, content_type="text/plain; charset=utf-8")
