"""A file of the Hub, streamed to disk: redirects only to the Hub's own storage, and there without the token."""

from collections.abc import Mapping
from pathlib import Path

import httpx2

MOST_REDIRECTS = 5
STORAGE = (".hf.co", ".huggingface.co")  # under which the Hub keeps the bytes of its files, always by https


class LedAstray(Exception):
    """A redirect leads neither within the endpoint nor to the Hub's storage. Its text holds no address."""


def download(
    session: httpx2.Client, url: httpx2.URL, target: Path, *, headers: Mapping[str, str], timeout: float
) -> None:
    """Write what lies at `url` to `target`, whole or not at all.

    `headers` may hold the token: they go to the origin of `url` alone. `timeout`: seconds for each silence. Raises
    LedAstray, and what the session raises; httpx2.HTTPStatusError for an answer that is no file.
    """
    endpoint, part = url, target.with_name(f"{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            own = dict(headers) if origin(url) == origin(endpoint) else {}
            with session.stream("GET", url, headers=own, follow_redirects=False, timeout=timeout) as response:
                if not response.has_redirect_location:
                    _write(response, part)
                    part.replace(target)
                    return
                url = _led(url, response.headers["location"], endpoint)
        raise LedAstray("the Hub redirects in a circle")
    finally:
        part.unlink(missing_ok=True)


def origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port, to tell whether two addresses are one server's."""
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def _led(url: httpx2.URL, location: str, endpoint: httpx2.URL) -> httpx2.URL:
    """Where a redirect leads, if it may be followed."""
    try:
        target = url.join(location)
    except (httpx2.InvalidURL, ValueError):
        raise LedAstray("the address cannot be read") from None
    is_storage = target.scheme == "https" and target.host.endswith(STORAGE) and target.port in (None, 443)
    if target.userinfo or not (is_storage or origin(target) == origin(endpoint)):
        raise LedAstray("the file lies outside the Hub")
    return target


def _write(response: httpx2.Response, part: Path) -> None:
    """The body, to the last byte that was promised. Raises for an answer that is no file."""
    response.raise_for_status()
    with part.open("wb") as file:
        for piece in response.iter_bytes():
            file.write(piece)
