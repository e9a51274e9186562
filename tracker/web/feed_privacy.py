"""What keeps a feed's secret address secret: no session for it, no page about it, no trace of it in any log."""

import logging
import re

from flask import Flask, Request, Response, request
from flask.blueprints import BlueprintSetupState
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.exceptions import MethodNotAllowed

FEED_PATH = re.compile(r"/+feeds/.*\.ics")
IN_LOGS = re.compile(
    r"(?<=/feeds/)(?!\d+/revoke)[^\s\"'?#]+|[\w-]{43}(?=\.ics)"
    r"|(?<=/sign-in/link/)[^\s\"'?#]+|(?<=/unsubscribe/)[^\s\"'?#]+"
)
HIDDEN = "***"
# Servers that write addresses into their logs, and our own log.
LOGGERS = ("werkzeug", "waitress", "gunicorn.access", "gunicorn.error")
REFUSALS = {
    404: "Không có lịch ở địa chỉ này.\nThere is no calendar at this address.\n",
    405: "Địa chỉ này chỉ để đọc.\nThis address can only be read.\n",
    503: "Chưa đọc được lịch; hãy thử lại sau.\nThe calendar cannot be read now; try again later.\n",
}


class HideFeedTokens(logging.Filter):
    """Writes *** where a record's words would hold the secret part of an address: a feed's, a link's of a mail."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        hidden = IN_LOGS.sub(HIDDEN, words)
        if hidden != words:
            record.msg, record.args = hidden, ()
        return True


class SessionsElsewhere(SecureCookieSessionInterface):
    """Sessions for every page, none for a feed: whatever cookie comes along is not read, and none is ever set."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if is_feed_path(request.path) else super().open_session(app, request)


def install(state: BlueprintSetupState) -> None:
    """Set up the application that the feeds' blueprint is registered with."""
    app = state.app
    assert isinstance(app, Flask)
    app.session_interface = SessionsElsewhere()
    for logger in (app.logger, *map(logging.getLogger, LOGGERS)):
        if not any(isinstance(each, HideFeedTokens) for each in logger.filters):
            logger.addFilter(HideFeedTokens())


def is_feed_path(path: str) -> bool:
    """Whether `path` is, or was meant to be, the address of a feed."""
    return FEED_PATH.fullmatch(path) is not None


def refuse_what_is_no_feed() -> Response | None:
    """Answer here what no route takes: the page for errors would need the session that feeds do not have."""
    problem = request.routing_exception
    if problem is None or not is_feed_path(request.path):
        return None
    return refusal(405) if isinstance(problem, MethodNotAllowed) else refusal(404)


def refusal(status: int) -> Response:
    """One and the same short answer for each status, whoever asks and why ever it is refused."""
    answer = Response(REFUSALS[status], status, content_type="text/plain; charset=utf-8")
    harden(answer)
    answer.headers["Cache-Control"] = "private, no-store"
    if status == 405:
        answer.headers["Allow"] = "GET, HEAD, OPTIONS"
    if status == 503:
        answer.headers["Retry-After"] = "600"
    return answer


def harden(answer: Response) -> None:
    """Headers of everything that is answered at a feed's address."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
