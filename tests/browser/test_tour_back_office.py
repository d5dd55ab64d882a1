"""A tour of the back office, discovered from the addresses of the site, each about a real row, by whoever may open it.

In the suite one page of each kind is seen in one look; `make tour` shows every page in every look.
"""

from typing import Any

import pytest
from django.test import Client

from access.roles import Role
from tests.access.addresses import filled, routes
from tests.access.sign_in import verified_client
from tests.access.test_matrix import longest, values
from tests.browser.looks import IS_WHOLE, LOOKS, TEXTS, assert_looks_right, listening, untranslated
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["values"]  # the rows that stand in the addresses: a fixture
VISITORS = (Role.SUPERVISOR, Role.DPO, Role.ADMINISTRATOR)
OF_EACH_KIND = (
    "admin/",
    "admin/rights/",
    "admin/lineage/modelartifact/",
    "admin/lineage/modelartifact/<path:object_id>/change/",
    "admin/lineage/harvestrun/",
    "admin/lineage/consultation/",
    "admin/lineage/derivationverdict/add/",
    "admin/lineage/derivationverdict/<path:object_id>/delete/",
    "admin/rights/rightscase/",
    "admin/rights/rightscase/<path:object_id>/change/",
    "admin/rights/projectperiod/add/",
    "admin/rights/suppression/",
    "admin/access/user/<path:object_id>/change/",
    "admin/django_celery_beat/periodictask/<path:object_id>/change/",
)


@pytest.fixture
def back_office(live_server: Any, values: dict[str, dict[str, object]]) -> dict[str, tuple[str, str]]:
    """Address and session of each page of the back office, by its route."""
    clients = [verified_client(make_user("", role)) for role in VISITORS]
    asked = [route for route in routes() if route.startswith("admin/")] if IS_WHOLE else OF_EACH_KIND
    addresses = {route: filled(route, longest(values, route)) for route in asked}
    found = {route: (address, opened(clients, address)) for route, address in addresses.items()}
    return {route: (address, cookie) for route, (address, cookie) in found.items() if cookie}


def opened(clients: list[Client], address: str) -> str:
    """The session of the first of these that is answered by a page."""
    for client in clients:
        answer = client.get(address)
        if answer.status_code == 200 and b"<html" in answer.getvalue():
            return client.cookies["sessionid"].value
    return ""


@pytest.mark.parametrize("looks", [[look] for look in LOOKS] if IS_WHOLE else [LOOKS])
def test_every_page_in_its_looks(
    looks: list[tuple[str, str, int]], back_office: dict[str, tuple[str, str]], new_context: Any, live_server: Any
) -> None:
    assert set(OF_EACH_KIND) <= back_office.keys()
    english, pages = untranslated(), list(back_office.items())
    for turn, (language, scheme, width) in enumerate(looks):
        context = new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        page, complaints = listening(context)
        for name, (address, cookie) in pages if IS_WHOLE else pages[turn :: len(looks)]:
            for key, value in (("sessionid", cookie), ("django_language", language)):
                context.add_cookies([{"name": key, "value": value, "url": live_server.url}])
            complaints.clear()
            page.goto(live_server.url + address)
            assert complaints == [], name  # before the program that looks for faults adds styles of its own
            assert_looks_right(page, name, language, set() if "/notice/" in name else english)  # a notice is bilingual
        context.close()


def test_without_scripts_every_text_of_every_page_is_there(
    back_office: dict[str, tuple[str, str]], new_context: Any, live_server: Any
) -> None:
    pages = {scripts: new_context(java_script_enabled=scripts).new_page() for scripts in (True, False)}
    for name, (address, cookie) in back_office.items():
        told = {}
        for scripts, page in pages.items():
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page.goto(live_server.url + address)
            told[scripts] = set(page.evaluate(TEXTS))
        assert told[True] - told[False] == set(), name
