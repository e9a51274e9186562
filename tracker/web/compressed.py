"""Pages, style sheets, scripts and drawings go out compressed, where the browser takes that: a fifth of their size.

A page shows what a visitor typed beside a token, so that its length could tell of the token (the BREACH attack). It
does not: the head of the compressed bytes holds a name of random length (RFC 1952, 2.3.1, FNAME), a token is signed
anew every second, and a browser sends our cookie with no request that another site's page makes (SameSite).
"""

import gzip
import io
import secrets

from flask import request
from werkzeug.wrappers import Response

STATIC = ("static", "bootstrap.static")
FILES = ("text/css", "text/javascript", "image/svg+xml")
WORTH_IT = 1024
"""Octets from which a page is compressed."""
LONGEST_NAME = 100

_made: dict[str, bytes] = {}
"""What was compressed before, by the tag of what it was made of: as many as there are files, each once a process."""


def compress(answer: Response) -> Response:
    """The answer as it goes out: a page or a static file compressed where that is asked for, the rest as it is."""
    if "Content-Encoding" in answer.headers:
        return answer
    if answer.mimetype == "text/html" and not answer.is_streamed and not answer.direct_passthrough:
        return _page(answer)
    if request.endpoint in STATIC and answer.status_code == 200 and answer.mimetype in FILES:
        return _file(answer)
    return answer


def takes_gzip() -> bool:
    """Whether who asks takes compressed answers."""
    return request.accept_encodings.quality("gzip") > 0


def packed(page: bytes) -> bytes:
    """The page compressed, under a name of random length."""
    into = io.BytesIO()
    name = "x" * secrets.randbelow(LONGEST_NAME)
    with gzip.GzipFile(name, "wb", 6, into, mtime=0) as file:
        file.write(page)
    return into.getvalue()


def send_packed(answer: Response, body: bytes) -> None:
    """Make `body`, which is compressed, what the answer sends."""
    answer.vary.add("Accept-Encoding")
    answer.set_data(body)
    answer.headers["Content-Encoding"] = "gzip"


def _page(answer: Response) -> Response:
    if (answer.content_length or 0) < WORTH_IT:
        return answer
    answer.vary.add("Accept-Encoding")
    if takes_gzip():
        send_packed(answer, packed(answer.get_data()))
    return answer


def _file(answer: Response) -> Response:
    answer.vary.add("Accept-Encoding")
    tag, _weak = answer.get_etag()
    if not tag or not takes_gzip():
        return answer
    answer.direct_passthrough = False
    answer.call_on_close(getattr(answer.response, "close", lambda: None))
    if tag not in _made:
        _made[tag] = gzip.compress(answer.get_data(), mtime=0)
    answer.set_etag(tag, weak=True)
    send_packed(answer, _made[tag])
    return answer
