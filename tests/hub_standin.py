"""A stand-in for the Hub: a real HTTP server on this machine that answers in the Hub's own shape.

It lists models and datasets in pages with `Link` headers, redirects old names, knows accounts, and fails on
demand. Run by hand: `python -m tests.hub_standin models.jsonl datasets.jsonl [--port 8900] [--redirects file.json]`.
"""

import argparse
import json
import sys
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from lineage.vocabulary import Kind
from tests.hub_faults import Fault

Record = dict[str, Any]
FOLDERS = {"models": Kind.MODEL, "datasets": Kind.DATASET}
LONGEST_PAGE = 1000
ONLY_OF_ONE_MODEL = {"baseModels", "childrenModelCount", "usedStorage"}  # the list endpoint refuses to expand these


@dataclass(frozen=True)
class Seen:
    """One request that came in. `moment` is in seconds of the monotonic clock."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    moment: float

    @property
    def is_list(self) -> bool:
        return self.path in ("/api/models", "/api/datasets")


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    fault: Fault = field(default_factory=Fault)

    @classmethod
    def of(cls, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> "Answer":
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


class HubStandIn:
    """What the pretended Hub holds, and what was asked of it. Change its lists between or during harvests."""

    def __init__(self, models: Iterable[Record] = (), datasets: Iterable[Record] = (), page_size: int = LONGEST_PAGE):
        self.shelves: dict[Kind, list[Record]] = {Kind.MODEL: list(models), Kind.DATASET: list(datasets)}
        self.redirects: dict[tuple[Kind, str], str] = {}
        self.persons: dict[str, str] = {}  # account name -> full name
        self.bios: dict[str, str] = {}  # account name -> what it says about itself
        self.organisations: dict[str, str] = {}
        self.page_size = page_size
        self.faults: Callable[[Seen], Fault | None] = lambda seen: None
        self.after_page: Callable[[int], None] = lambda number: None  # called once page `number` (from 1) is cut
        self.seen: list[Seen] = []
        self.pages_cut = 0
        self.endpoint = ""
        self._lock = threading.Lock()

    @property
    def list_requests(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.is_list]

    def answer(self, seen: Seen) -> Answer:
        """The whole answer to a request, faults included."""
        with self._lock:
            self.seen.append(seen)
            fault = self.faults(seen)
            answer = _instead(fault) if fault and fault.replaces else self._true_answer(seen)
            if fault:
                answer.fault = fault
                answer.headers |= fault.extra_headers(self._address_of(seen))
            return answer

    def _true_answer(self, seen: Seen) -> Answer:
        parts = unquote(seen.path).strip("/").split("/")
        match parts:
            case ["api", folder] if folder in FOLDERS:
                return self._list(FOLDERS[folder], seen)
            case ["api", folder, *name] if folder in FOLDERS:
                return self._one(FOLDERS[folder], folder, "/".join(name))
            case ["api", ("users" | "organizations") as accounts, name, "overview"]:
                return self._overview(accounts, name)
        return Answer.of({"error": "Not Found"}, 404)

    def _list(self, kind: Kind, seen: Seen) -> Answer:
        if ONLY_OF_ONE_MODEL & set(seen.query.get("expand", [])):
            return Answer.of({"error": "Invalid expand"}, 400)
        limit = min(int(seen.query.get("limit", [str(self.page_size)])[0]), LONGEST_PAGE, self.page_size)
        start = int(urlsafe_b64decode(seen.query["cursor"][0])) if "cursor" in seen.query else 0
        page = self.shelves[kind][start : start + limit]
        headers = {}
        if start + limit < len(self.shelves[kind]):
            cursor = urlsafe_b64encode(str(start + limit).encode()).decode()
            query = urlencode({**seen.query, "cursor": cursor}, doseq=True)
            headers["Link"] = f'<{self.endpoint}{seen.path}?{query}>; rel="next"'
        answer = Answer.of(page, headers=headers)
        self.pages_cut += 1
        self.after_page(self.pages_cut)
        return answer

    def _one(self, kind: Kind, folder: str, name: str) -> Answer:
        for record in self.shelves[kind]:
            if record.get("id") == name:
                return Answer.of(record)
        if (kind, name) in self.redirects:
            return Answer.of({}, 307, {"Location": f"/api/{folder}/{self.redirects[kind, name]}"})
        return Answer.of({"error": "Repository not found"}, 401)

    def _overview(self, accounts: str, name: str) -> Answer:
        known = self.persons if accounts == "users" else self.organisations
        if name not in known:
            return Answer.of({"error": "Not Found"}, 404)
        word = "user" if accounts == "users" else "name"
        bio = {"details": self.bios[name]} if name in self.bios else {}
        said = {word: name, "fullname": known[name], "avatarUrl": "https://example.org/a.png", "orgs": []}
        return Answer.of(said | bio)

    def _address_of(self, seen: Seen) -> str:
        return f"{self.endpoint}{seen.path}?{urlencode(seen.query, doseq=True)}"


def _instead(fault: Fault) -> Answer:
    return Answer(fault.status, fault.body or b"", {"Content-Type": "text/html"})


@contextmanager
def serving(standin: HubStandIn, port: int = 0) -> Iterator[HubStandIn]:
    """Serve on a free port of this machine (or `port`) while the block runs; sets `standin.endpoint`."""
    handler = type("Handler", (_Handler,), {"standin": standin})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    server.block_on_close = False
    standin.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for the other side
    standin: HubStandIn

    def handle(self) -> None:
        with suppress(ConnectionError):  # whoever asked was killed
            super().handle()

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        seen = Seen(url.path, parse_qs(url.query), dict(self.headers), time.monotonic())
        try:
            self._send(self.standin.answer(seen))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up waiting: what a slow fault is for

    def _send(self, answer: Answer) -> None:
        time.sleep(answer.fault.delay)
        body = answer.fault.spoil(answer.body)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body if answer.fault.breaks_off else body)))
        self.end_headers()
        for piece in answer.fault.pieces(body):
            self.wfile.write(piece)
            self.wfile.flush()
        if answer.fault.breaks_off:
            self.close_connection = True

    def log_message(self, *_words: object) -> None:
        """Say nothing: tests read `standin.seen`."""


def read_records(path: Path) -> list[Record]:
    """The records of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path)
    parser.add_argument("datasets", type=Path)
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--redirects", type=Path, help='JSON: {"dataset": {"squad": "rajpurkar/squad"}}')
    options = parser.parse_args(arguments)
    standin = HubStandIn(read_records(options.models), read_records(options.datasets))
    if options.redirects:
        for kind, names in json.loads(options.redirects.read_text()).items():
            standin.redirects |= {(Kind(kind), old): new for old, new in names.items()}
    with serving(standin, options.port):
        sys.stdout.write(f"HF_ENDPOINT={standin.endpoint}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
