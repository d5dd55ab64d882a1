"""Addresses by which an answer might lead us astray: inside the network, in other schemes, on other hosts.

Every connection and every name looked up is noted; none but the endpoint's own may be made, and the token goes to the
endpoint alone.
"""

import socket

import pytest

from lineage.hub.client import HubClient, HubError
from lineage.vocabulary import Kind
from tests.lineage.hub.odd_server import LIST, SECRET, Reply, said

TARGETS = [
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://127.0.0.1:{other}/api/models",
    "http://localhost:{own}/api/models",
    "http://[::1]:{own}/api/models",
    "http://[::ffff:127.0.0.1]:{own}/api/models",
    "http://0.0.0.0:{own}/api/models",
    "http://2130706433:{own}/api/models",
    "http://0x7f.1:{own}/api/models",
    "http://0177.0.0.1:{own}/api/models",
    "http://127.1:{own}/api/models",
    "http://127.0.0.1.nip.example:{own}/api/models",
    "http://10.0.0.1/api/models",
    "http://192.168.1.1/api/models",
    "https://127.0.0.1:{own}/api/models",
    "//127.0.0.1:{other}/api/models",
    "http://127.0.0.1:{own}@127.0.0.1:{other}/api/models",
    "http://evil.example#@127.0.0.1:{own}/",
    "http://evil.example\\@127.0.0.1:{own}/api/models",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "ftp://127.0.0.1:{own}/api/models",
    "dict://127.0.0.1:{own}/info",
    "unix:///run/docker.sock",
]
FILE = "/datasets/org/stats/resolve/main/models.parquet"


@pytest.fixture(params=TARGETS)
def target(request, server, elsewhere):
    own, other = (each.url.rpartition(":")[2] for each in (server, elsewhere))
    return request.param.format(own=own, other=other)


@pytest.fixture
def reached(monkeypatch):
    """Each host looked up and each address connected to, as (host, port)."""
    seen = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def noted_connect(sock, address):
        seen.append((address[0], int(address[1])))
        connect(sock, address)

    def noted_look_up(host, port, *more, **words):
        seen.append((host if isinstance(host, str) else host.decode(), int(port)))
        return look_up(host, port, *more, **words)

    monkeypatch.setattr(socket.socket, "connect", noted_connect)
    monkeypatch.setattr(socket, "getaddrinfo", noted_look_up)
    return seen


def only_the_endpoint(server, reached):
    port = int(server.url.rpartition(":")[2])
    assert set(reached) <= {("127.0.0.1", port)}
    assert all(headers.get("authorization") == f"Bearer {SECRET}" for _, headers in server.seen)


def test_there_are_twenty_or_more():
    assert len(set(TARGETS)) >= 20


def test_the_next_page_is_not_sought_there(server, hub, reached, target):
    server.replies[LIST] = said([{"id": "org/a"}], Link=f'<{target}>; rel="next"')
    with pytest.raises(HubError):
        hub.page(server.url + LIST)
    only_the_endpoint(server, reached)
    assert len(server.seen) == 1


def test_a_page_kept_from_earlier_is_not_asked_there(server, hub, reached, target):
    with pytest.raises(HubError):
        hub.page(target)
    only_the_endpoint(server, reached)
    assert server.seen == []


@pytest.mark.parametrize("status", [302, 307])
def test_no_redirect_leads_there(server, hub, reached, target, status):
    away = Reply(b"", status, {"Location": target})
    for path in (LIST, "/api/models/org/a", "/api/users/made-up-person/overview", "/api/datasets/org/stats"):
        server.replies[path] = away
    for ask in (
        lambda: hub.page(server.url + LIST),
        lambda: hub.meaning(Kind.MODEL, "org/a"),
        lambda: hub.overview("made-up-person"),
        lambda: hub.snapshot_files("hf://datasets/org/stats"),
    ):
        with pytest.raises(HubError):
            ask()
    only_the_endpoint(server, reached)
    assert len(server.seen) == 4


def test_what_an_answer_names_is_not_asked(server, hub, reached, target):
    """An address in the place of an id is no id."""
    server.replies["/api/models/org/a"] = said({"id": target, "_id": target})
    server.replies["/api/users/made-up-person/overview"] = said({"fullname": target, "avatarUrl": target})
    server.replies[LIST] = said([{"id": target, "cardData": {"base_model": target}}])
    with pytest.raises(HubError):
        hub.meaning(Kind.MODEL, "org/a")
    hub.overview("made-up-person")
    hub.page(server.url + LIST)
    only_the_endpoint(server, reached)
    assert len(server.seen) == 3


def test_a_name_that_is_an_address_is_never_put_into_one(server, hub, reached, target):
    hub.meaning(Kind.MODEL, target)
    hub.overview(target)
    with pytest.raises(HubError):
        hub.snapshot_files(target)
    assert server.seen == reached == []


def test_a_download_is_not_led_there(server, hub, reached, target, tmp_path):
    marks = {"ETag": '"x"', "X-Repo-Commit": "a" * 40}
    server.replies["/api/datasets/org/stats"] = said({"siblings": [{"rfilename": "models.parquet"}]})
    server.replies[FILE] = Reply(b"", 302, {"Location": target, "X-Linked-Size": "7", **marks})
    with pytest.raises(HubError):
        hub.download_snapshot("hf://datasets/org/stats", tmp_path / "snapshot")
    only_the_endpoint(server, reached)


def test_an_endpoint_elsewhere_gets_no_token_of_ours_by_itself(server, elsewhere, reached):
    """The token goes where the settings say, and nowhere that an answer says."""
    server.replies[LIST] = Reply(b"", 308, {"Location": f"{elsewhere.url}{LIST}"})
    with pytest.raises(HubError):
        HubClient(server.url, token=SECRET, timeout=0.4).page(server.url + LIST)
    only_the_endpoint(server, reached)
