"""The client against a real server on this machine, which misbehaves in every way."""

import gzip
import json
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from lineage.hub.client import (
    MOST_BYTES,
    USUAL_WAIT,
    Answer,
    BadPage,
    CursorExpired,
    HubClient,
    HubError,
    HubUnavailable,
    Meaning,
    Overview,
    Page,
    RateLimited,
)
from lineage.vocabulary import AccountKind, Kind
from tests.conftest import AT

MODEL, DATASET = Kind.MODEL, Kind.DATASET
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


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """Another server, to which nothing of ours may go."""
    server = Server()
    server.replies[LIST] = said([])
    yield server
    server.http.shutdown()
    server.http.server_close()
    assert server.seen == []


@pytest.fixture
def hub(server) -> HubClient:
    return HubClient(server.url, token=SECRET, timeout=0.4)


def test_the_first_address_asks_for_what_the_list_gives(server, hub):
    for kind, folder in ((MODEL, "models"), (DATASET, "datasets")):
        parts = urlsplit(hub.first_url(kind))
        query = parse_qs(parts.query)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{server.url}/api/{folder}"
        assert query["limit"] == ["1000"]
        assert {"tags", "cardData", "author", "createdAt"} <= set(query["expand"])
        assert not {"baseModels", "childrenModelCount", "usedStorage"} & set(query["expand"])


@pytest.mark.parametrize(("limit", "endpoint"), [(50, ""), (1, "/"), (7, "/mirror/")])
def test_page_size_and_endpoint_are_told(server, limit, endpoint):
    url = HubClient(server.url + endpoint, page_size=limit).first_url(MODEL)
    assert url.startswith(f"{server.url}{endpoint.rstrip('/')}/api/models?limit={limit}&")


def test_a_page_is_its_records_and_the_next_address(server, hub):
    records = [{"id": "org/a"}, 7, None]
    link = f'<{server.url}/api/models?cursor=b%3D>; rel="next", <{server.url}/>; rel="prev"'
    server.replies[LIST] = said(records, Link=link, X_Total_Count="31")
    assert hub.page(hub.first_url(MODEL)) == Page(records, f"{server.url}/api/models?cursor=b%3D", total=31)
    [(_, headers)] = server.seen
    assert headers["authorization"] == f"Bearer {SECRET}"


def test_without_a_token_none_is_sent(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", SECRET)
    server.replies[LIST] = said([])
    HubClient(server.url).page(f"{server.url}{LIST}")
    [(_, headers)] = server.seen
    assert SECRET not in str(headers)


@pytest.mark.parametrize("link", ["", '<>; rel="prev"', "nonsense", '<https://hub.example/x>; rel="first"'])
def test_the_last_page_has_no_next(server, hub, link):
    server.replies[LIST] = said([{"id": "a"}], Link=link)
    assert hub.page(server.url + LIST).next_url is None


@pytest.mark.parametrize("next_url", ["?cursor=x", "/api/models?cursor=x", "//{host}/api/models?cursor=x"])
def test_a_relative_next_is_the_endpoints(server, hub, next_url):
    server.replies[LIST] = said([{}], Link=f'<{next_url.format(host=server.url[7:])}>; rel="next"')
    assert hub.page(server.url + LIST).next_url == f"{server.url}/api/models?cursor=x"


@pytest.mark.parametrize(
    "next_url",
    [
        "https://evil.example/api/models",
        "//evil.example/api/models",
        "http://127.0.0.1:1/api/models",
        "https://{host}/api/models",
        "http://{host}.evil.example/api/models",
        "http://{host}@evil.example/api/models",
        "http://user:word@{host}/api/models",
        "http://{host}\\@evil.example/",
        "ftp://{host}/api/models",
        "file:///etc/passwd",
        "http://[broken/",
        "javascript:alert(1)",
    ],
)
def test_a_next_that_leaves_the_endpoint_is_refused(server, hub, next_url):
    link = f'<{next_url.format(host=server.url[7:])}>; rel="next"'
    server.replies[LIST] = said([{}], Link=link)
    with pytest.raises(BadPage, match=r"endpoint|cannot be read"):
        hub.page(server.url + LIST)


def test_an_address_elsewhere_is_never_asked(elsewhere, hub):
    with pytest.raises(BadPage):
        hub.page(elsewhere.url + LIST)


def test_a_redirect_elsewhere_is_not_followed(server, elsewhere, hub):
    for status in (301, 302, 303, 307, 308):
        server.replies[LIST] = Reply(b"", status, {"Location": elsewhere.url + LIST})
        with pytest.raises(BadPage):
            hub.page(server.url + LIST)


def test_redirects_within_the_endpoint_are_followed_and_end(server, hub):
    server.replies["/api/old"] = Reply(b"", 307, {"Location": LIST})
    server.replies[LIST] = said([{"id": "a"}])
    assert hub.page(server.url + "/api/old").records == [{"id": "a"}]
    server.replies[LIST] = Reply(b"", 302, {"Location": "/api/old"})
    with pytest.raises(BadPage, match="circle"):
        hub.page(server.url + LIST)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"RateLimit": '"api";r=0;t=55'}, 55),
        ({"ratelimit": '"api"; r=0; t=7'}, 7),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "30", "RateLimit": '"api";r=0;t=55'}, 55),
        ({"Retry-After": format_datetime(AT, usegmt=True), "Date": "Mon, 02 Nov 2026 08:58:20 GMT"}, 100),
        ({"RateLimit": '"api";r=3;t=55'}, USUAL_WAIT),
        ({}, USUAL_WAIT),
        ({"Retry-After": "soon"}, USUAL_WAIT),
    ],
)
def test_a_limit_tells_how_long_to_wait(server, hub, headers, wait):
    server.replies[LIST] = Reply(b"{}", 429, headers)
    with pytest.raises(RateLimited) as limited:
        hub.page(server.url + LIST)
    assert limited.value.wait_seconds == wait


@pytest.mark.parametrize(("left", "wait"), [(0, 9.0), (1, 0.0), (500, 0.0)])
def test_a_page_that_took_the_last_request_says_so(server, hub, left, wait):
    server.replies[LIST] = said([{}], RateLimit=f'"api";r={left};t=9')
    assert hub.page(server.url + LIST).wait_seconds == wait


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 520, 599])
def test_a_hub_out_of_order_is_unavailable(server, hub, status):
    server.replies[LIST] = said([{"id": "a"}], status)
    with pytest.raises(HubUnavailable, match=str(status)):
        hub.page(server.url + LIST)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b'[{"id": "a"}]', promised=99),
        Reply(b"[" + b" " * 50 + b"]", pauses=0.05),
        Reply(gzip.compress(b"[]")[:-9] + b"broken!!!", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["broken off", "dripping", "broken gzip"],
)
def test_an_answer_that_does_not_come_whole_is_unavailable(server, hub, reply):
    server.replies[LIST] = reply
    begun = time.monotonic()
    with pytest.raises(HubUnavailable):
        hub.page(server.url + LIST)
    assert time.monotonic() - begun < 5


def test_a_silent_hub_is_unavailable(server, hub):
    server.replies[LIST] = Reply(b"[]", promised=3)
    server.replies[LIST].pauses = 2.0
    with pytest.raises(HubUnavailable):
        hub.page(server.url + LIST)


def test_nobody_there_is_unavailable():
    with pytest.raises(HubUnavailable):
        HubClient("http://127.0.0.1:9", timeout=0.4).page("http://127.0.0.1:9/api/models")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{}",
        b"null",
        b"7",
        b'"[]"',
        b"<!doctype html>",
        b'[{"id": "a"}',
        b'[{"id": "a"},]',
        b"[] []",
        b"\xff",
    ],
)
def test_an_answer_that_is_no_list_is_never_an_empty_page(server, hub, body):
    server.replies[LIST] = Reply(body)
    with pytest.raises(BadPage):
        hub.page(server.url + LIST)


@pytest.mark.parametrize(
    ("status", "query", "error"),
    [
        (400, "?cursor=x", CursorExpired),
        (404, "?limit=1&cursor=x", CursorExpired),
        (410, "?cursor=x", CursorExpired),
        (400, "", BadPage),
        (404, "", BadPage),
        (401, "?cursor=x", BadPage),
        (403, "", BadPage),
        (204, "", BadPage),
        (304, "", BadPage),
    ],
)
def test_other_answers_are_told_apart(server, hub, status, query, error):
    server.replies[LIST] = Reply(b"" if status in (204, 304) else b"[]", status)
    with pytest.raises(error) as raised:
        hub.page(server.url + LIST + query)
    assert type(raised.value) is error


def test_a_page_too_long_is_refused_while_it_comes(server, hub):
    server.replies[LIST] = Reply(gzip.compress(b" " * (MOST_BYTES + 10)), headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadPage, match="too long"):
        HubClient(server.url, timeout=20).page(server.url + LIST)


def test_one_record_nested_too_deep_does_not_spoil_its_page(server, hub):
    deep = b"[" * 50_000 + b"]" * 50_000
    server.replies[LIST] = Reply(b'[{"id": "a"}, {"id": "b", "cardData": ' + deep + b'}, {"id": "c"}]')
    assert hub.page(server.url + LIST).records == [{"id": "a"}, None, {"id": "c"}]


HUB_ID = "621ffdc136468d709f17abcd"


@pytest.mark.parametrize(
    ("name", "replies", "meaning"),
    [
        ("squad", {"squad": said({"id": "squad", "_id": HUB_ID})}, Meaning(Answer.SAME, "squad", HUB_ID)),
        ("squad", {"squad": said({"id": "o/squad", "_id": HUB_ID})}, Meaning(Answer.REDIRECT, "o/squad", HUB_ID)),
        (
            "squad",
            {"squad": Reply(b"", 307, {"Location": "/api/datasets/o/squad"}), "o/squad": said({"id": "o/squad"})},
            Meaning(Answer.REDIRECT, "o/squad"),
        ),
        (
            "squad",
            {"squad": Reply(b"", 301, {"Location": "/api/datasets/o/squad?x=1"})},
            Meaning(Answer.REDIRECT, "o/squad"),
        ),
        ("o/old", {"o/old": said({"id": "o/old", "_id": "odd"})}, Meaning(Answer.SAME, "o/old")),
        ("squad", {}, Meaning(Answer.ABSENT)),
        ("squad", {"squad": said({"error": "x"}, 401)}, Meaning(Answer.ABSENT)),
        ("squad", {"squad": said({"error": "x"}, 403)}, Meaning(Answer.ABSENT)),
        ("squad", {"squad": said({"id": "o/squad", "private": True})}, Meaning(Answer.ABSENT)),
    ],
)
def test_a_name_means_what_the_hub_answers(server, hub, name, replies, meaning):
    server.replies |= {f"/api/datasets/{path}": reply for path, reply in replies.items()}
    assert hub.meaning(DATASET, name) == meaning


@pytest.mark.parametrize("name", ["..", "../../api/whoami", "a b", "a?b", "a#b", "a/b/c", "", "na%2Fme"])
def test_what_can_be_no_name_is_not_asked(server, hub, name):
    assert hub.meaning(DATASET, name) == Meaning(Answer.ABSENT)
    assert hub.overview(name) == Overview(AccountKind.UNKNOWN)
    assert server.seen == []


@pytest.mark.parametrize("reply", [said([]), said({}), said({"id": 7}), said({"id": "a b"}), Reply(b"<html>")])
def test_an_answer_without_a_name_is_no_meaning(server, hub, reply):
    server.replies["/api/models/gpt2"] = reply
    with pytest.raises(BadPage):
        hub.meaning(MODEL, "gpt2")


@pytest.mark.parametrize("status", [429, 500])
def test_a_name_that_was_not_answered_is_not_absent(server, hub, status):
    server.replies["/api/models/gpt2"] = Reply(b"{}", status)
    with pytest.raises((RateLimited, HubUnavailable)):
        hub.meaning(MODEL, "gpt2")


@pytest.mark.parametrize(
    ("replies", "overview"),
    [
        ({"users": said({"user": "x", "fullname": " Ann\u202e X\x00 ", "orgs": []})}, (AccountKind.PERSON, "Ann X")),
        ({"organizations": said({"name": "x", "fullname": "The X"})}, (AccountKind.ORGANISATION, "The X")),
        ({"organizations": said({"fullname": ["x"]})}, (AccountKind.ORGANISATION, "")),
        ({"organizations": said({"fullname": "x" * 999})}, (AccountKind.ORGANISATION, "x" * 256)),
        ({}, (AccountKind.UNKNOWN, "")),
    ],
)
def test_an_account_is_a_person_or_an_organisation(server, hub, replies, overview):
    server.replies |= {f"/api/{folder}/x/overview": reply for folder, reply in replies.items()}
    assert hub.overview("x") == overview


def test_neither_errors_nor_logs_show_an_address(server, hub, caplog):
    caplog.set_level(logging.INFO)
    server.replies["/api/users/made-up-person/overview"] = Reply(b"{}", 500)
    with pytest.raises(HubError) as raised:
        hub.overview("made-up-person")
    with pytest.raises(HubError) as lost:
        HubClient("http://127.0.0.1:9", timeout=0.2).overview("made-up-person")
    for error in (raised.value, lost.value):
        assert "made-up-person" not in repr(error)
        assert error.__suppress_context__ or error.__context__ is None
    assert "made-up-person" not in caplog.text
    assert SECRET not in caplog.text


def test_the_probe_tells_what_a_live_page_bears_otherwise(server, hub):
    server.replies[LIST] = said([{"id": "org/a", "tags": "x", "colour": 1}, {"id": "org/b", "tags": []}])
    found = hub.probe(MODEL)
    assert (found.records, found.new, found.retyped) == (2, ("colour",), ("tags: text, not list",))
    assert "cardData" in found.missing


def test_a_snapshot_is_downloaded_into_its_folder(server, hub, tmp_path):
    server.replies["/api/datasets/org/stats"] = said(
        {
            "siblings": [
                {"rfilename": name} for name in ("README.md", "models.parquet", "spaces.parquet", "datasets.parquet")
            ]
        }
    )
    for name in ("models", "datasets"):
        server.replies[f"/datasets/org/stats/resolve/main/{name}.parquet"] = Reply(
            name.encode(), headers={"ETag": f'"{name}"', "X-Repo-Commit": "a" * 40}
        )
    folder = tmp_path / "snapshot"
    files = hub.download_snapshot("hf://datasets/org/stats", folder)
    assert {file.name: file.read_bytes() for file in files} == {
        "datasets.parquet": b"datasets",
        "models.parquet": b"models",
    }
    assert all(file.is_relative_to(folder) for file in files)
    assert {path.name for path in tmp_path.iterdir()} - {"var"} == {"snapshot"}


def test_one_file_of_a_snapshot_may_be_named(hub):
    assert hub.snapshot_files("hf://datasets/org/stats/2026/models.parquet") == ["2026/models.parquet"]


@pytest.mark.parametrize(
    "address",
    [
        "hf://org/stats",
        "hf://datasets/stats",
        "hf://datasets/org/stats/../../x.parquet",
        "hf://datasets/org/stats/x.py",
        "hf://datasets/org/stats\n",
        "https://example.org/models.parquet",
    ],
)
def test_another_address_is_no_snapshot(server, hub, address, tmp_path):
    with pytest.raises(BadPage, match="hf://datasets/"):
        hub.download_snapshot(address, tmp_path)
    assert server.seen == []


@pytest.mark.parametrize(
    "siblings", [[], None, [7], [{"rfilename": "spaces.parquet"}], [{"rfilename": ["models.parquet"]}]]
)
def test_a_dataset_without_the_files_is_no_snapshot(server, hub, siblings):
    server.replies["/api/datasets/org/stats"] = said({"siblings": siblings})
    with pytest.raises(BadPage):
        hub.snapshot_files("hf://datasets/org/stats")


def test_a_failed_download_says_so(server, hub, tmp_path):
    server.replies["/api/datasets/org/stats"] = said({"siblings": [{"rfilename": "models.parquet"}]})
    with pytest.raises(HubUnavailable):
        hub.download_snapshot("hf://datasets/org/stats", tmp_path / "x")
