"""List pages, from a real server on this machine that misbehaves in every way."""

import gzip
import time
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from lineage.hub.answers import Page
from lineage.hub.client import MOST_BYTES, USUAL_WAIT, BadPage, CursorExpired, HubClient, HubUnavailable, RateLimited
from lineage.vocabulary import Kind
from tests.conftest import AT
from tests.lineage.hub.odd_server import LIST, SECRET, Reply, said

MODEL, DATASET = Kind.MODEL, Kind.DATASET


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


def test_the_probe_tells_what_a_live_page_bears_otherwise(server, hub):
    server.replies[LIST] = said([{"id": "org/a", "tags": "x", "colour": 1}, {"id": "org/b", "tags": []}])
    found = hub.probe(MODEL)
    assert (found.records, found.new, found.retyped) == (2, ("colour",), ("tags: text, not list",))
    assert "cardData" in found.missing
