"""What accounts are: the busiest first, once, a person's name only where the setting allows it."""

from datetime import timedelta

import pytest

from lineage import authors, pages
from lineage.models import Author
from lineage.vocabulary import AccountKind
from tests.factories import AT, make_artifact, make_author
from tests.hub_faults import rate_limited, server_error
from tests.hub_standin import HubStandIn, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(settings):
    with serving(HubStandIn()) as standin:
        settings.HF_ENDPOINT = standin.endpoint
        yield standin


def fill(at_most=None, at=AT):
    return authors.fill_kinds(pages.hub_client(lambda: at), clock=lambda: at, at_most=at_most)


def make_owner(name, repositories=0):
    author = make_author(name)
    for _ in range(repositories):
        make_artifact(author=author)
    return author


def kept(name):
    return Author.objects.values_list("kind", "full_name").get(name=name)


@pytest.mark.parametrize(
    ("allowed", "full_name"), [(False, ""), (True, "Someone Made Up")], ids=["names off", "names on"]
)
def test_a_full_name_is_kept_for_organisations_and_for_persons_only_where_allowed(hub, settings, allowed, full_name):
    settings.HARVEST_PERSON_NAMES = allowed
    make_owner("lab"), make_owner("someone")
    hub.organisations["lab"], hub.persons["someone"] = "The Lab", "Someone Made Up"
    assert fill().answered == 2
    assert kept("lab") == (AccountKind.ORGANISATION, "The Lab")
    assert kept("someone") == (AccountKind.PERSON, full_name)


def test_the_busiest_accounts_are_asked_about_first(hub):
    for name, repositories in (("few", 1), ("none", 0), ("many", 3), ("also-many", 3)):
        make_owner(name, repositories)
    fill(at_most=3)
    asked = [seen.path.split("/")[3] for seen in hub.seen if seen.path.startswith("/api/users/")]
    assert asked == ["also-many", "many", "few"]


def test_an_account_the_hub_does_not_know_is_asked_about_again_after_a_month(hub):
    make_owner("ghost")
    assert fill().answered == 1
    assert fill(at=AT + timedelta(days=29)).answered == 0
    assert fill(at=AT + timedelta(days=31)).answered == 1
    assert kept("ghost") == (AccountKind.UNKNOWN, "")


def test_a_known_account_is_not_asked_about_again(hub):
    make_author("lab", kind=AccountKind.ORGANISATION)
    assert fill().answered == 0
    assert hub.seen == []


def test_answers_before_a_wait_are_kept(hub):
    make_owner("first", 2), make_owner("second", 1)
    hub.organisations |= {"first": "First", "second": "Second"}
    hub.faults = lambda seen: rate_limited(120) if "second" in seen.path else None
    outcome = fill()
    assert (outcome.answered, outcome.wait_seconds) == (1, 120)
    assert kept("first") == (AccountKind.ORGANISATION, "First")
    assert kept("second") == (AccountKind.UNKNOWN, "")


def test_one_account_that_always_fails_does_not_hold_up_the_others(hub):
    make_owner("broken", 2), make_owner("second", 1)
    hub.organisations["second"] = "Second"
    hub.faults = lambda seen: server_error(500) if "broken" in seen.path else None
    outcome = fill()
    assert (outcome.answered, outcome.failed, outcome.gave_up) == (1, 1, False)
