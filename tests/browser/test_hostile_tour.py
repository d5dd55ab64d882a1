"""Every page of the site, discovered, with a payload in every text that somebody chose: none runs, no policy is broken.

In the suite each column holds one payload, and those of long texts all; `HOSTILE=whole` gives each column each of the
sixty.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from access.models import User
from access.roles import Role
from lineage import statistics
from tests.access.addresses import filled, routes
from tests.access.sign_in import verified_client
from tests.access.test_matrix import longest, outside_debug, values, written
from tests.browser.looks import listening
from tests.browser.poison import poisoned
from tests.browser.test_hostile import PAYLOADS, serious
from tests.factories import AT, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["outside_debug", "values"]  # the rows that stand in the addresses: a fixture
ALIVE = "document.querySelectorAll('[onerror],[onload],[onfocus],iframe,object,embed').length"
PIECES = {"artifact/<int:key>/branch/", "artifact/<int:key>/glimpse/"}  # of a page, fetched by its script
TURNS = range(len(PAYLOADS)) if os.environ.get("HOSTILE") == "whole" else [7]
VISITORS = (Role.SUPERVISOR, Role.DPO, Role.ADMINISTRATOR, Role.RESEARCHER)


@pytest.fixture
def clients(values: dict[str, dict[str, object]]) -> dict[str, Any]:
    """One of each role; the researcher is the one whose corpora, tokens and watches stand in the addresses."""
    owner = User.objects.with_role(Role.RESEARCHER).filter(api_tokens__isnull=False).get()
    return {role.value: verified_client(owner if role == Role.RESEARCHER else make_user("", role)) for role in VISITORS}


def answers(clients: dict[str, Any], values: dict[str, dict[str, object]]) -> Iterator[tuple[str, str, Any, bytes]]:
    """Each route, visitor and answer with its body.

    The table of who may what says whom it lets in: of the back office the first of them asks, of the other pages the
    researcher too, who has things there.
    """
    table = written()
    for route in routes():
        let_in = [name for name in clients if table[name][route]["GET"] == 200]
        for visitor in dict.fromkeys([*let_in[:1], *(name for name in let_in if name == Role.RESEARCHER)]):
            answer = clients[visitor].get(filled(route, longest(values, route)))
            body = b"".join(answer)
            assert answer.status_code == 200, route  # no page fails over them
            yield route, visitor, answer, body


@pytest.mark.parametrize("turn", TURNS)
def test_nothing_runs_on_any_page(
    turn: int, clients: dict[str, Any], values: dict[str, dict[str, object]], live_server: Any, new_context: Any
) -> None:
    assert poisoned(PAYLOADS, turn) > 60
    statistics.renew(as_of=AT)
    context, toured = new_context(), 0
    page, complaints = listening(context)

    def refused(dialog: Any) -> None:
        complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refused)
    for route, visitor, answer, body in list(answers(clients, values)):
        if b"<html" not in body[:2_000]:
            continue
        cookie = {"name": "sessionid", "value": clients[visitor].cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        complaints.clear()
        page.goto(live_server.url + answer.wsgi_request.get_full_path())
        assert serious(complaints) == [], route
        assert page.evaluate(ALIVE) == 0, route
        toured += 1
    assert toured > 60


def test_nothing_runs_in_any_file(clients: dict[str, Any], values: dict[str, dict[str, object]]) -> None:
    """What is no page is never taken for one, and would run nothing if it were."""
    poisoned(PAYLOADS)
    files = [
        (route, answer) for route, _visitor, answer, body in answers(clients, values) if b"<html" not in body[:2_000]
    ]
    assert len(files) > 25
    for route, answer in files:
        assert not answer.headers["Content-Type"].startswith("text/html") or route in PIECES, route
        assert answer.headers["X-Content-Type-Options"] == "nosniff", route
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], route
