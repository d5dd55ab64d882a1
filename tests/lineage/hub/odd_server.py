"""A server on this machine that replies as it is told, oddly above all."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SECRET = "hf_secret"
LIST = "/api/models"


@dataclass
class Reply:
    """What the server says to one path. `pauses`: seconds between two bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pauses: float = 0.0
    promised: int | None = None  # bytes that Content-Length promises


def said(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(json.dumps(value).encode(), status, {name.replace("_", "-"): text for name, text in headers.items()})


class Server:
    """Replies by path; what came in stands in `seen` as (path with query, headers)."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        handler = type("Handler", (_Handler,), {"server_of_test": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.http.block_on_close = False
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of_test: Server

    def do_GET(self) -> None:
        self.server_of_test.seen.append((self.path, {name.lower(): text for name, text in self.headers.items()}))
        reply = self.server_of_test.replies.get(urlsplit(self.path).path, Reply(b"{}", 404))
        self.send_response_only(reply.status)
        for name, text in {"Content-Length": str(reply.promised or len(reply.body)), **reply.headers}.items():
            self.send_header(name, text)
        self.end_headers()
        try:
            self._write(reply if self.command == "GET" else Reply())
        except OSError:
            self.close_connection = True

    do_HEAD = do_GET  # noqa: N815  the name http.server calls

    def _write(self, reply: Reply) -> None:
        for start in range(0, len(reply.body), 1 if reply.pauses else max(1, len(reply.body))):
            self.wfile.write(reply.body[start : start + 1] if reply.pauses else reply.body)
            self.wfile.flush()
            time.sleep(reply.pauses)
        self.close_connection = self.close_connection or reply.promised is not None

    def log_message(self, *_words: object) -> None:
        """Say nothing."""
