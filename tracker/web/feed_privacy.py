"""What keeps secret addresses secret: no trace of one in any log but a fingerprint, by which a feed can be told."""

import logging
import re
from hashlib import sha256

from flask import Flask

FEED_PATH = re.compile(r"/+feeds/(?:.*\.ics|[\w-]{43}/?)", re.DOTALL)
"""What is, or was meant to be, the address of a feed."""
TOKEN_PATH = re.compile(r"/feeds/([\w-]{43})\.ics", re.ASCII)
TOKEN = r"(?<![\w-])[\w-]{43}(?![\w-])"
IN_LOGS = re.compile(
    r"(?P<mailed>(?<=/sign-in/link/)[^\s\"'?#]+|(?<=/unsubscribe/)[^\s\"'?#]+)"
    rf"|{TOKEN}|(?<=/feeds/)(?!\d+/(?:revoke|renew)\b)[^\s\"'?#]+"
)
HIDDEN = "***"
FINGERPRINT_DIGITS = 8
# Servers that write addresses into their logs, and our own log.
LOGGERS = ("werkzeug", "waitress", "gunicorn.access", "gunicorn.error")


class HideFeedTokens(logging.Filter):
    """Writes, where a record's words would hold the secret part of an address, *** and of a feed its fingerprint."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        hidden = IN_LOGS.sub(_hidden, words)
        if hidden != words:
            record.msg, record.args = hidden, ()
        return True


def fingerprint(token_sha256: str) -> str:
    """What logs call the feed of a token, made of its SHA-256 in hex: enough to tell it, too little to find it."""
    return token_sha256[:FINGERPRINT_DIGITS]


def _hidden(found: re.Match[str]) -> str:
    token = None if found["mailed"] else re.match(TOKEN, found[0])
    return HIDDEN + fingerprint(sha256(token[0].encode()).hexdigest()) if token else HIDDEN


def install(app: Flask) -> None:
    """Set up the logs of the application and of the servers that may serve it."""
    for logger in (app.logger, *map(logging.getLogger, LOGGERS)):
        if not any(isinstance(each, HideFeedTokens) for each in logger.filters):
            logger.addFilter(HideFeedTokens())
