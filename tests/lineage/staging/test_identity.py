"""Who is who, and who holds which name, over runs and pages."""

import re
from collections import Counter
from itertools import permutations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineage.models import Artifact, Mention
from lineage.vocabulary import Presence
from tests.factories import make_mention
from tests.lineage.staging.pictures import drawn, play, record, start_run, store_pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("listings", "table"),
    [
        pytest.param("1:a", "1:a", id="new"),
        pytest.param("1:a d1:a", "1:a d1:a", id="a model and a dataset of one name and one _id"),
        pytest.param("1:a | 1:b", "1:b a=>1", id="renamed"),
        pytest.param("1:a | 1:b | 1:c", "1:c a=>1 b=>1", id="renamed twice"),
        pytest.param("1:a | 1:b | 1:a", "1:a b=>1", id="renamed and back"),
        pytest.param("1:a 2:b | 1:b 2:a", "1:b 2:a", id="swapped"),
        pytest.param("1:a 2:b | 1:b / 2:a", "1:b 2:a", id="swapped over two pages"),
        pytest.param("1:a 2:b 3:c | 1:b 2:c 3:d", "1:b 2:c 3:d a=>1", id="a chain of renames"),
        pytest.param("1:a 2:b 3:c | 3:a / 1:b / 2:c", "1:b 2:c 3:a", id="a circle of renames, page by page"),
        pytest.param("1:a | 2:a", "(1:a) 2:a", id="deleted and made again"),
        pytest.param("1:a | 2:a / 1:b", "1:b 2:a", id="its name taken, then seen under another"),
        pytest.param("1:a | 1:b / 2:a", "1:b 2:a", id="renamed, then its name taken"),
        pytest.param("2:a | 1:a", "(2:a) 1:a", id="an older repository renamed onto a name that was left"),
        pytest.param("-:a | 1:a", "1:a", id="its _id becomes known"),
        pytest.param("1:a | -:a", "1:a", id="a source without _id"),
        pytest.param("1:a | -:a | 1:b", "1:b a=>1", id="the _id outlasts a source without it"),
        pytest.param("-:a 1:b | 1:a", "(-:a) 1:a b=>1", id="renamed onto a listed name without _id"),
        pytest.param("~a 1:b | 1:a", "(~a) 1:a b=>1", id="renamed onto a name that was only mentioned"),
        pytest.param("~a | 1:a", "1:a", id="only mentioned, now listed"),
        pytest.param("~a | -:a", "-:a", id="only mentioned, now listed without _id"),
        pytest.param("1:a@1 1:b@2", "1:b a=>1", id="renamed between two pages"),
        pytest.param("-:a | 1:a@1 1:b@2", "1:b a=>1", id="an old row without _id, renamed between two pages"),
        pytest.param("-:a -:b | 1:a@1 1:b@2", "(-:a) 1:b a=>1", id="renamed between two pages onto a row without _id"),
        pytest.param("1:a 2:a", "(1:a) 2:a", id="two of one name: the younger holds it"),
        pytest.param("1:a / 2:a / 2:b@2", "1:a 2:b", id="the younger leaves: the elder holds the name again"),
        pytest.param("1:a | 2:a@1 2:b@2", "(1:a) 2:b a=>2", id="a name that was only passed through"),
        pytest.param("1:a | 2:a@1 2:b@2 / 1:a", "1:a 2:b", id="passed through, and still held"),
        pytest.param("1:a@2 / 1:b@1", "1:a b=>1", id="an older page comes late"),
        pytest.param("1:a 2:b | 2:a@2 1:a", "(1:a) 2:a b=>2", id="both under one name, one row there"),
    ],
)
def test_identity(listings, table):
    play(listings)

    assert drawn() == table


@pytest.mark.parametrize(
    ("before", "records"),
    [
        ("", "1:a@1 1:b@2 2:a@1"),
        ("1:a", "1:b@2 2:a@1 1:a@1"),
        ("1:a 2:b", "1:b 2:a@2 2:c@1"),
        ("-:a -:b", "1:a@1 1:b@3 2:b@1"),
        ("~a ~b", "1:a@1 1:b@2 2:a@3"),
        ("1:a 2:b 3:c", "1:c 2:c 3:c 3:a@2"),
        ("1:a", "2:a 2:b@2 3:a"),
    ],
)
def test_the_order_of_pages_does_not_matter(before, records):
    outcomes = set()
    for order in permutations(records.split()):
        with transaction.atomic():
            play(f"{before} | {' / '.join(order)}")
            outcomes.add(drawn_names())
            transaction.set_rollback(True)

    assert len(outcomes) == 1, outcomes


def drawn_names() -> str:
    """What a listing means: listed artifacts and live aliases, without the rows that lost their names."""
    return " ".join(word for word in drawn().split() if not word.startswith("("))


RECORDS = st.builds(
    "{}{}:{}@{}".format,
    st.sampled_from(["", "", "d"]),
    st.sampled_from("123"),
    st.sampled_from("abc"),
    st.sampled_from("12"),
)
NAMELESS = st.builds("-:{}@{}".format, st.sampled_from("abc"), st.sampled_from("123"))
LISTINGS = st.lists(RECORDS, max_size=6) | st.lists(NAMELESS, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=LISTINGS, listing=LISTINGS.filter(len), data=st.data())
def test_any_listing_in_any_order_and_pages_is_the_same(before, listing, data):
    def outcome(order):
        cuts = sorted(data.draw(st.sets(st.integers(1, len(order)))))
        pages = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
        with transaction.atomic():
            play(" ".join(before))
            facts = [[record(token, downloads=int(token[-1])) for token in page] for page in pages]
            store_pages(facts)
            seen = (without_shared(drawn_names(), [*before, *listing]), *standing())
            transaction.set_rollback(True)
        return seen

    assert outcome(listing) == outcome(data.draw(st.permutations(listing)))


def without_shared(names: str, records: list[str]) -> str:
    """Leaves open what an old name means that several bore: only that it has a meaning is settled."""
    bearers = Counter(name for _, name in {tuple(token.split("@")[0].split(":")) for token in records})
    return re.sub(r"(\w)=>d?\d", lambda match: match[1] if bearers[match[1]] > 1 else match[0], names)


def standing() -> list[tuple[object, ...]]:
    listed = Artifact.objects.filter(presence=Presence.LISTED)
    return sorted(listed.values_list("kind", "repo_id", "hub_id", "license", "counter__downloads", "is_current"))


def test_a_row_that_became_one_with_another_says_no_more_of_its_own():
    play("-:a 1:b")
    elder = Artifact.objects.get(repo_id="org/a")
    make_mention(elder, "org/base")

    play("1:a")

    elder.refresh_from_db()
    assert elder.superseded_by == Artifact.objects.get(repo_id="org/a", is_current=True)
    assert not Mention.objects.exists()


def test_a_repository_seen_again_after_it_was_gone_is_listed():
    play("1:a")
    Artifact.objects.update(presence=Presence.GONE, gone_since=start_run().started_at)

    play("1:a")

    artifact = Artifact.objects.get()
    assert (artifact.presence, artifact.gone_since) == (Presence.LISTED, None)
