"""A real HTTP server on this machine that keeps what is posted to it and can be told to misbehave."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class WebhookServer:
    """The server and its knobs: `status` is what it answers, `answer` with which words, `location` leads elsewhere."""

    def __init__(self) -> None:
        self.status, self.answer, self.location = 204, b"", ""
        self.posts: list[Posted] = []
        self.connections = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Its address as TRACKER_WEBHOOK_URL takes it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/chat?room=1"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_of(server: WebhookServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            server.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.posts.append(Posted(self.path, dict(self.headers), body))
            self.send_response(server.status)
            if server.location:
                self.send_header("Location", server.location)
            if server.status != 204:
                self.send_header("Content-Length", str(len(server.answer)))
            self.end_headers()
            self.wfile.write(server.answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return Handler
