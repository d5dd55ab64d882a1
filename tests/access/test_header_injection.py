"""Texts that would break a header, a cookie or a log line in two, in every field and address."""

import io
import logging

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from access.roles import Role
from genealogy_site.logs import NamelessFormatter
from tests.access.addresses import filled, routes
from tests.access.sign_in import verified_client
from tests.factories import make_artifact, make_author, make_derivation, make_user

pytestmark = pytest.mark.django_db
MARK = "X-Injected"
BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "\n\n",
    "%0d%0a",
    "%0D%0A%09",
    "%0a",
    "%0d",
    "%250d%250a",
    "\\r\\n",
    "\u560d\u560a",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\r\n ",
    "\r\n\t",
    "%E5%98%8D%E5%98%8A",
]
PAYLOADS = [f"/{text}{MARK}: 1{text}Set-Cookie: {MARK}=1" for text in BREAKS]
FIELDS = (  # of every form and every address of the site
    *("next", "language", "s", "text", "page", "p", "q", "o", "e", "direction", "certainty", "depth", "kind", "order"),
    *("relation", "username", "password", "code", "key", "old_password", "new_password1", "new_password2", "reason"),
    *("account", "purpose", "ends_at_0", "ends_at_1", "repo_id", "name", "action", "_selected_action", "_popup"),
    *("groups", "email", "starts_on", "ends_on", "notice_reference", "source", "derived", "decision", "_to_field"),
)
HEADERS = ("referer", "accept-language", "x-forwarded-for", "x-requested-with", "user-agent", "origin", "x-real-ip")


def test_there_are_twenty():
    assert len(set(PAYLOADS)) == 20


@pytest.fixture
def rows():
    author = make_author("made-up-person")
    node = make_artifact("made-up-person/m", author=author)
    make_derivation(node, make_artifact("made-up-person/n"))
    return {"key": node.pk, "target": node.pk, "object_id": node.pk, "suffix": "csv"}


@pytest.fixture
def logged():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(NamelessFormatter("{message}", style="{"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def whole(answer):
    """No header of ours was broken, and none was made by the payload; the site did not fail."""
    assert answer.status_code < 500
    assert MARK not in answer.headers
    assert MARK not in answer.cookies
    for name, text in answer.headers.items():
        assert not {"\r", "\n"} & set(f"{name}{text}")
    for cookie in answer.cookies.values():
        assert not {"\r", "\n"} & set(cookie.OutputString())
    b"".join(answer)


def ours():
    return [route for route in routes() if not route.startswith("admin/")]


def back_office():
    return [route for route in routes() if route.startswith("admin/")]


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_pages(payload, rows, logged):
    """Every page by GET and POST, the text in every parameter and field at once."""
    fields = dict.fromkeys(FIELDS, payload)
    account = make_user("", Role.SUPERVISOR)
    for route in ours():
        client = verified_client(account)  # some of these end the session
        whole(client.get(filled(route, rows), fields))
        whole(client.post(filled(route, rows), fields))
    assert MARK not in logged.getvalue()


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_back_office(number, rows):
    """Each of its addresses with some of the payloads, so that every address and every payload has its turn."""
    fields = dict.fromkeys(FIELDS, PAYLOADS[number])
    client = verified_client(make_user("", Role.SUPERVISOR, Role.ADMINISTRATOR))
    for route in back_office()[number :: len(PAYLOADS)]:
        whole(client.get(filled(route, rows), fields))
        whole(client.post(filled(route, rows), fields))


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
@pytest.mark.parametrize("before", ["", "http://testserver", "/account", "//evil.example"])
def test_where_one_is_sent_next(payload, before):
    """After a change of language and at sign-in, with right words: to our own pages only."""
    account, wanted = make_user(password="x" * 20), before + payload
    language = Client().post(reverse("set_language"), {"language": "en", "next": wanted})
    entered = Client().post(f"{reverse('login')}", {"username": account.username, "password": "x" * 20, "next": wanted})
    refused = Client().get(reverse("account"), {"next": wanted})
    for answer in (language, entered, refused):
        whole(answer)
        target = answer.headers.get("Location", "/")
        assert target.startswith(("/", "http://testserver/"))
        assert not target.startswith("//")


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_cookies_and_headers(payload):
    client = verified_client(make_user("", Role.AGENT))
    received = payload.encode().decode("latin-1")  # as a server hands headers on
    client.cookies[site.LANGUAGE_COOKIE_NAME] = received
    headers = dict.fromkeys(HEADERS, received)
    for name in ("lineage:search", "account", "login", "set_language", "health"):
        whole(client.get(reverse(name), headers=headers))
        whole(client.post(reverse(name), {"language": "fr"}, headers=headers))


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_an_address_of_nobodys(payload, logged):
    whole(verified_client(make_user()).get(f"/artifact{payload}"))
    whole(Client().get(f"/artifact{payload}"))
    assert MARK not in logged.getvalue()
