"""Style sheets, scripts and drawings go out compressed, where the browser takes that: a fifth of their size.

Pages do not: they show what a visitor typed beside a token, whose length would then tell of it (the BREACH attack).
"""

import gzip

from flask import request
from werkzeug.wrappers import Response

STATIC = ("static", "bootstrap.static")
KINDS = ("text/css", "text/javascript", "image/svg+xml")

_made: dict[str, bytes] = {}
"""What was compressed before, by the tag of what it was made of: as many as there are files, each once a process."""


def compress(answer: Response) -> Response:
    """The answer as it goes out: a static file compressed where that is asked for, everything else as it is."""
    if request.endpoint not in STATIC or answer.status_code != 200 or answer.mimetype not in KINDS:
        return answer
    answer.vary.add("Accept-Encoding")
    tag, _weak = answer.get_etag()
    if not tag or request.accept_encodings.quality("gzip") <= 0:
        return answer
    answer.direct_passthrough = False
    answer.call_on_close(getattr(answer.response, "close", lambda: None))
    if tag not in _made:
        _made[tag] = gzip.compress(answer.get_data(), mtime=0)
    answer.set_data(_made[tag])
    answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(tag, weak=True)
    return answer
