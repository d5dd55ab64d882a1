"""The Hub's list pages, names and accounts over HTTP: the only module that knows huggingface_hub.

Raw pages through huggingface_hub's session, each under a deadline. Addresses hold names of people, so neither the
errors raised here nor what the libraries log ever shows one. The token goes to the configured endpoint alone.
"""

import logging
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import quote, urlencode

import httpx2
from django.utils.translation import gettext as _
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import get_session  # type: ignore[attr-defined]  # public, but lazily exported

from lineage.hub.answers import Answer, Meaning, Overview, Page
from lineage.hub.decoding import decode, decode_list
from lineage.hub.download import LedAstray, download, origin
from lineage.hub.facts import hub_id_of, text_of
from lineage.hub.names import is_account, is_repo_id
from lineage.hub.probe import EXPECTED, Differences, differences
from lineage.hub.waiting import announced, seconds_to_wait
from lineage.vocabulary import AccountKind, Kind

# httpx2 logs each address at INFO, which a worker shows; the names of people stand in addresses.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)

FOLDERS: Mapping[Kind, str] = {Kind.MODEL: "models", Kind.DATASET: "datasets"}
MOST_BYTES = 64 * 2**20  # of one answer, unpacked; a page of 1,000 records takes about 1 MB
MOST_REDIRECTS = 5
USUAL_WAIT = 60.0  # seconds, where a refusal does not say; the Hub counts requests in windows of 300 s
LONGEST_FULL_NAME = 256
LONGEST_BIO = 2_000
_NOT_PUBLIC = frozenset({401, 403, 404, 410, 451})
_TRY_LATER = frozenset({408, 425})
_EXPIRED = frozenset({400, 404, 410})
_DATASET_ADDRESS = re.compile(
    r"hf://datasets/([\w.-]+/[\w.-]+)(?:/([\w./-]+\.(?:parquet|jsonl|jsonl\.gz)))?/?", re.ASCII
)


class HubError(Exception):
    """The Hub did not answer as asked. Its text holds no name and no address."""


class HubUnavailable(HubError):
    """No whole answer came: no connection, too late, or the Hub is out of order. Worth another try."""


class RateLimited(HubError):
    """The Hub asks to wait `wait_seconds` before the next request."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__(f"the Hub asks to wait {wait_seconds:.0f} s")
        self.wait_seconds = wait_seconds


class BadPage(HubError):
    """An answer came, and it is not what was asked for: never to be read as an empty page."""


class CursorExpired(HubError):
    """The Hub no longer knows where this page starts: the listing has to begin again."""


class _Response(NamedTuple):
    status: int
    headers: httpx2.Headers
    url: httpx2.URL
    body: bytes


class Budget(Protocol):
    """Requests that may still be sent, shared by everybody who asks this endpoint."""

    def take(self) -> float:
        """Take one request; 0, or how many seconds there will be none."""
        ...

    def announce(self, left: int, seconds: float) -> None:
        """The Hub said that so many requests are left for so many seconds."""
        ...


class HubClient:
    """Asks one endpoint. Holds no connection of its own: it may be made anew for each task.

    `timeout`: seconds for connecting and for each silence; twice that for a whole answer. `budget`: None to ask
    without looking at what others ask. Every method raises HubUnavailable, RateLimited or BadPage.
    """

    def __init__(
        self,
        endpoint: str,
        token: str = "",
        timeout: float = 30.0,
        page_size: int = 1000,
        budget: Budget | None = None,
    ) -> None:
        self._budget = budget
        self._endpoint = httpx2.URL(endpoint.rstrip("/"))
        self._token = token.strip()
        # gzip unpacks at most a thousandfold, so that the bound on a body holds.
        self._headers = {"user-agent": "genealogy", "accept-encoding": "gzip"}
        if self._token:
            self._headers["authorization"] = f"Bearer {self._token}"
        self._timeout = timeout
        self._page_size = page_size

    def first_url(self, kind: Kind) -> str:
        """The address of the first list page.

        Sorted by date of creation, which never changes: rows do not move between pages while they are read.
        """
        fields = [name for name in EXPECTED[kind] if name not in ("_id", "id")]
        query = urlencode({"limit": self._page_size, "sort": "createdAt", "expand": fields}, doseq=True)
        return f"{self._endpoint}/api/{FOLDERS[kind]}?{query}"

    def page(self, url: str) -> Page:
        """One list page. Raises CursorExpired where the Hub no longer knows the address of a later page."""
        response = self._get(self._own(url, self._endpoint))
        if response.status in _EXPIRED and "cursor" in response.url.params:
            raise CursorExpired("the Hub no longer knows this page")
        _expect_ok(response)
        try:
            records = decode_list(_text(response))
        except ValueError:
            raise BadPage("the answer is no whole JSON list") from None
        total = response.headers.get("x-total-count", "")
        return Page(
            records=records,
            next_url=self._next(response),
            total=int(total) if total.isascii() and total.isdigit() and len(total) < 12 else None,
            wait_seconds=seconds_to_wait(response.headers) or 0.0,
        )

    def meaning(self, kind: Kind, name: str) -> Meaning:
        """What a name means today. A redirect counts even where the repository it leads to is not public."""
        if not is_repo_id(name):
            return Meaning(Answer.ABSENT)
        response = self._get(self._address(f"/api/{FOLDERS[kind]}/{quote(name)}"))
        if response.status in _NOT_PUBLIC:
            moved = _named_by(response.url, kind)
            return Meaning(Answer.REDIRECT, moved) if moved and moved != name else Meaning(Answer.ABSENT)
        said = _object(response)
        repo_id = said.get("id")
        if not isinstance(repo_id, str) or not is_repo_id(repo_id):
            raise BadPage("the answer names no repository")
        if said.get("private") is True:
            return Meaning(Answer.ABSENT)
        return Meaning(Answer.SAME if repo_id == name else Answer.REDIRECT, repo_id, hub_id_of(said.get("_id")))

    def overview(self, name: str) -> Overview:
        """Whether an account is a person or an organisation, and its full name; unknown where it is neither."""
        places = (("users", AccountKind.PERSON), ("organizations", AccountKind.ORGANISATION))
        for folder, kind in places if is_account(name) else ():
            response = self._get(self._address(f"/api/{folder}/{quote(name)}/overview"))
            if response.status not in _NOT_PUBLIC:
                return Overview(kind, text_of(_object(response).get("fullname"), LONGEST_FULL_NAME))
        return Overview(AccountKind.UNKNOWN)

    def bio(self, name: str) -> str:
        """What a person wrote about themself on their account's page; "" for an account that is not public."""
        if not is_account(name):
            return ""
        response = self._get(self._address(f"/api/users/{quote(name)}/overview"))
        return "" if response.status in _NOT_PUBLIC else text_of(_object(response).get("details"), LONGEST_BIO)

    def probe(self, kind: Kind) -> Differences:
        """Read the first list page and compare its fields with those the parser reads."""
        return differences(self.page(self.first_url(kind)).records, kind)

    def snapshot_files(self, address: str) -> list[str]:
        """The files of models and datasets in a snapshot on the Hub (`hf://datasets/org/name[/file]`).

        Raises BadPage where the address is no such dataset or holds no such file.
        """
        repo_id, file = _snapshot_address(address)
        if file:
            return [file]
        response = self._get(self._address(f"/api/datasets/{quote(repo_id)}"))
        siblings = _object(response).get("siblings")
        names = (
            [one.get("rfilename") for one in siblings if isinstance(one, dict)] if isinstance(siblings, list) else []
        )
        files = sorted(name for name in names if name in ("models.parquet", "datasets.parquet"))
        if not files:
            raise BadPage(_("That dataset holds neither models.parquet nor datasets.parquet. Nothing was read."))
        return files

    def download_snapshot(self, address: str, folder: Path) -> list[Path]:
        """Download the files of a snapshot into `folder`; returns them."""
        repo_id, _file = _snapshot_address(address)
        return [self._download(repo_id, name, folder) for name in self.snapshot_files(address)]

    def _download(self, repo_id: str, name: str, folder: Path) -> Path:
        words = _("The download failed ({reason}). Nothing was kept; try again, or download it by hand.")
        address = self._address(f"/datasets/{quote(repo_id)}/resolve/main/{quote(name)}")
        path = folder / name
        try:
            download(get_session(), address, path, headers=self._headers, timeout=self._timeout)
        except LedAstray as refusal:
            raise BadPage(str(refusal)) from None
        except (OfflineModeIsEnabled, httpx2.HTTPError, httpx2.StreamError, OSError) as failure:
            raise HubUnavailable(words.format(reason=type(failure).__name__)) from None
        return path

    def _address(self, path: str) -> httpx2.URL:
        return httpx2.URL(f"{str(self._endpoint).rstrip('/')}{path}")

    def _own(self, url: str, base: httpx2.URL) -> httpx2.URL:
        """The address, if it is one of the endpoint's own. Raises BadPage: elsewhere the token would leak."""
        try:
            address = base.join(url)
        except (httpx2.InvalidURL, ValueError):
            raise BadPage("the address cannot be read") from None
        if origin(address) != origin(self._endpoint) or address.userinfo:
            raise BadPage("the address leaves the configured endpoint")
        return address

    def _next(self, response: _Response) -> str | None:
        links = httpx2.Response(200, headers=response.headers).links
        return str(self._own(links["next"]["url"], response.url)) if "next" in links else None

    def _get(self, url: httpx2.URL) -> _Response:
        """The answer, redirects within the endpoint followed. Raises for what is no answer at all."""
        for _hop in range(MOST_REDIRECTS + 1):
            response = self._send_within_budget(url)
            target = response.headers.get("location")
            if response.status == 429:
                raise self._refusal(response)
            if response.status >= 500 or response.status in _TRY_LATER:
                raise HubUnavailable(f"the Hub answers {response.status}")
            if not (300 <= response.status < 400 and target):
                return response
            url = self._own(target, response.url)
        raise BadPage("the Hub redirects in a circle")

    def _send_within_budget(self, url: httpx2.URL) -> _Response:
        """Raises RateLimited, without asking, while nothing is left of the budget."""
        if self._budget is not None and (seconds := self._budget.take()):
            raise RateLimited(seconds)
        response = self._send(url)
        if self._budget is not None and (said := announced(response.headers)):
            self._budget.announce(*said)
        return response

    def _refusal(self, response: _Response) -> RateLimited:
        """Too many requests, of whoever shares the budget: nobody asks before the time is over."""
        seconds = seconds_to_wait(response.headers) or USUAL_WAIT
        if self._budget is not None:
            self._budget.announce(0, seconds)
        return RateLimited(seconds)

    def _send(self, url: httpx2.URL) -> _Response:
        try:
            session: httpx2.Client = get_session()
            with session.stream(
                "GET", url, headers=self._headers, follow_redirects=False, timeout=self._timeout
            ) as response:
                return _Response(response.status_code, response.headers, url, self._body(response))
        except OfflineModeIsEnabled:
            raise HubUnavailable("HF_HUB_OFFLINE is set: the Hub may not be asked") from None
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as failure:
            raise HubUnavailable(f"no whole answer came ({type(failure).__name__})") from None

    def _body(self, response: httpx2.Response) -> bytes:
        """The whole body. A timeout counts each silence only, so a body that drips is cut off here."""
        deadline = time.monotonic() + 2 * self._timeout
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise BadPage("the answer is too long")
            if time.monotonic() > deadline:
                raise HubUnavailable("the answer came too slowly")
        return bytes(body)


def _expect_ok(response: _Response) -> None:
    if response.status != 200:
        raise BadPage(f"the Hub answers {response.status}")


def _text(response: _Response) -> str:
    return response.body.decode(errors="replace")


def _object(response: _Response) -> dict[object, object]:
    """The JSON object of an answer. Raises BadPage where it is none."""
    _expect_ok(response)
    try:
        said = decode(_text(response))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise BadPage("the answer is no JSON object")
    return said


def _named_by(url: httpx2.URL, kind: Kind) -> str:
    """The repository id in an address of the API; "" where it names none."""
    name = url.path.partition(f"/api/{FOLDERS[kind]}/")[2]
    return name if is_repo_id(name) else ""


def _snapshot_address(address: str) -> tuple[str, str | None]:
    found = _DATASET_ADDRESS.fullmatch(address)
    if not found or ".." in address:
        words = _("A snapshot's address reads hf://datasets/OWNER/NAME or hf://datasets/OWNER/NAME/FILE.parquet.")
        raise BadPage(words)
    return found[1], found[2]
