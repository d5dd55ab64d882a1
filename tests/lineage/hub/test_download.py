"""How a file of the Hub comes to disk: by way of the Hub's own storage, which never sees the token."""

import httpx2
import pytest

from lineage.hub.download import LedAstray, download

FILE = httpx2.URL("https://hub.example/datasets/org/stats/resolve/main/models.parquet")


def asked(replies, target, seen):
    """Download by a pretended network: `replies` by host, (status, location, body)."""

    def reply(request):
        seen.append((request.url.host, "authorization" in request.headers))
        status, location, body = replies[request.url.host]
        return httpx2.Response(status, headers={"Location": location} if location else {}, content=body)

    with httpx2.Client(transport=httpx2.MockTransport(reply)) as session:
        download(session, FILE, target, headers={"authorization": "Bearer x"}, timeout=1)


@pytest.mark.parametrize("host", ["cdn-lfs.hf.co", "cas-bridge.xethub.hf.co", "cdn-lfs-us-1.huggingface.co"])
def test_the_storage_is_asked_without_the_token(tmp_path, host):
    seen: list[tuple[str, bool]] = []
    target = tmp_path / "in" / "models.parquet"
    asked({"hub.example": (302, f"https://{host}/x?signed=1", b""), host: (200, "", b"whole")}, target, seen)
    assert target.read_bytes() == b"whole"
    assert seen == [("hub.example", True), (host, False)]
    assert [path.name for path in target.parent.iterdir()] == ["models.parquet"]


@pytest.mark.parametrize(
    "location",
    [
        "http://cdn-lfs.hf.co/x",
        "https://cdn-lfs.hf.co:8443/x",
        "https://user@cdn-lfs.hf.co/x",
        "https://evilhf.co/x",
        "https://cdn-lfs.hf.co.evil.example/x",
        "https://evil.example/cdn-lfs.hf.co",
        "http://hub.example/x",
        "https://hub.example/x",
    ],
)
def test_nothing_is_kept_where_it_leads_elsewhere_or_in_a_circle(tmp_path, location):
    seen: list[tuple[str, bool]] = []
    with pytest.raises(LedAstray):
        asked({"hub.example": (302, location, b"")}, tmp_path / "in" / "f", seen)
    assert {host for host, _ in seen} == {"hub.example"}
    assert list((tmp_path / "in").iterdir()) == []


@pytest.mark.parametrize("status", [304, 401, 404, 500])
def test_an_answer_that_is_no_file_is_not_kept(tmp_path, status):
    with pytest.raises(httpx2.HTTPStatusError):
        asked({"hub.example": (status, "", b"no")}, tmp_path / "in" / "f", [])
    assert list((tmp_path / "in").iterdir()) == []
