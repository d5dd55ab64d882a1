from datetime import timedelta

import pytest

from lineage.inquiries import record_answer
from lineage.linking import link
from lineage.models import Artifact
from lineage.vocabulary import Kind, Presence
from tests.factories import AT, make_artifact, make_derivation
from tests.lineage.linking.cards import aliases, card, edges

LATER = AT + timedelta(days=1)

# (known, what org/child says) → (source, certainty); known: `id`, `id gone`, or `plain:id` on another's card
MEANT = {
    "a listed id": (["org/base"], {"bases": ["org/base"]}, ("org/base", "declared")),
    "an id nobody lists": ([], {"bases": ["org/base"]}, ("org/base", "declared")),
    "an id that is gone": (["org/base gone"], {"bases": ["org/base"]}, ("org/base", "declared")),
    "a plain tag": ([], {"tags": ["org/base"]}, ("org/base", "resolved")),
    "a plain tag without account": ([], {"tags": ["base"]}, ("base", "resolved")),
    "a bare name nobody knows": ([], {"bases": ["base"]}, None),
    "a bare name that is listed": (["base"], {"bases": ["base"]}, ("base", "declared")),
    "a bare name that is gone": (["base gone"], {"bases": ["base"]}, None),
    "a bare name the Hub resolved": (["plain:base"], {"bases": ["base"]}, ("base", "declared")),
    "a bare name in another case": (["BASE"], {"bases": ["base"]}, ("BASE", "inferred")),
    "a listed id in another case": (["Org/Base"], {"bases": ["org/base"]}, ("Org/Base", "inferred")),
    "two listed ids in other cases": (["Org/Base", "ORG/base"], {"bases": ["org/base"]}, ("org/base", "declared")),
    "the id itself and another case": (["org/base", "Org/Base"], {"bases": ["org/base"]}, ("org/base", "declared")),
    "another case is gone": (["Org/Base gone"], {"bases": ["org/base"]}, ("org/base", "declared")),
    "gone, and another case is listed": (
        ["org/base gone", "Org/Base"],
        {"bases": ["org/base"]},
        ("Org/Base", "inferred"),
    ),
    "another case the Hub resolved": (["plain:Org/Base"], {"bases": ["org/base"]}, ("Org/Base", "inferred")),
    "the id itself the Hub resolved": (
        ["plain:org/base", "Org/Base"],
        {"bases": ["org/base"]},
        ("org/base", "declared"),
    ),
    "a plain tag, and another case is listed": (["Org/Base"], {"tags": ["org/base"]}, ("org/base", "resolved")),
    "its own id in another case": ([], {"bases": ["ORG/child"]}, None),
    "an underscore is no wildcard": (["orgXbase"], {"bases": ["org_base"]}, None),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("known", "said", "expected"), MEANT.values(), ids=MEANT)
def test_what_a_mentioned_model_means(known, said, expected, at):
    for word in known:
        name, _, gone = word.partition(" ")
        if name.startswith("plain:"):
            card("org/other", tags=[name.removeprefix("plain:")])
        else:
            card(name, presence=Presence.GONE if gone else Presence.LISTED)
    card("org/child", **said)
    link(at=at)
    found = {edge for edge in edges() if edge.endswith("-> org/child")}
    assert found == ({f"{expected[0]} -[unspecified,{expected[1]}]-> org/child"} if expected else set())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "name", "expected"),
    [
        ([], "squad", "squad -[trained_on,declared]-> org/child"),
        ([], "org/data", "org/data -[trained_on,declared]-> org/child"),
        (["SQuAD"], "squad", "SQuAD -[trained_on,inferred]-> org/child"),
        (["squad"], "squad", "squad -[trained_on,declared]-> org/child"),
    ],
)
def test_what_a_mentioned_dataset_means(known, name, expected, at):
    for each in known:
        make_artifact(each, Kind.DATASET)
    make_artifact("squad", Kind.MODEL)  # a model of that name is no dataset
    card("org/child", datasets=[name])
    link(at=at)
    assert edges() == {expected}


@pytest.mark.django_db
def test_a_guess_at_an_old_name_means_what_that_name_means(at):
    card("org/teacher", bases=["Old/M"], tags=["new/m"])
    make_artifact("new/m")
    make_artifact("x/y")
    card("org/a", tags=["Old/M"])
    card("org/b", bases=["old/m"])
    link(at=at)
    assert aliases() == {"Old/M => new/m (card)"}
    assert "new/m -[unspecified,inferred]-> org/b" in edges()


@pytest.mark.django_db
def test_what_is_only_mentioned_gets_a_row_without_an_author_and_counts_once(at):
    card("org/a", bases=["someone/base"])
    card("org/b", bases=["someone/base"])
    assert link(at=at).mentioned == 1
    base = Artifact.objects.get(repo_id="someone/base")
    assert (base.presence, base.owner, base.author, base.hub_id) == (Presence.MENTIONED, "someone", None, "")


@pytest.mark.django_db
def test_what_nothing_names_any_more_is_deleted_unless_history_holds_it(at):
    child = card("org/child", bases=["org/once", "org/self-like"])
    link(at=at)
    make_artifact("org/never-used", presence=Presence.MENTIONED)
    past = make_artifact("org/past", presence=Presence.MENTIONED)
    make_derivation(past, child, held_until=at)
    child.mentions.all().delete()
    linked = link(at=LATER)
    assert (linked.swept, linked.edges_ended) == (1, 2)
    assert set(Artifact.objects.values_list("repo_id", flat=True)) == {
        "org/child",
        "org/once",
        "org/self-like",
        "org/past",
    }


@pytest.mark.django_db
def test_what_a_vacated_artifact_said_is_heard_no_more(at):
    card("org/child", tags=["org/base"], presence=Presence.GONE, is_current=False, hub_id="a" * 24)
    card("org/child", hub_id="b" * 24)
    link(at=at)
    assert edges() == set()
    assert not Artifact.objects.filter(repo_id="org/base").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Presence.LISTED, Presence.LISTED, {"org/a", "org/b"}),
        (Presence.GONE, Presence.LISTED, {"org/b"}),
        (Presence.GONE, Presence.GONE, {"org/a", "org/b"}),
        (Presence.LISTED, Presence.GONE, {"org/a", "org/b"}),
    ],
)
def test_an_old_gone_record_yields_to_the_listed_one(old, new, expected, at):
    card("old/m", tags=["org/a"], presence=old)
    card("new/m", tags=["org/b"], presence=new)
    record_answer(kind=Kind.MODEL, name="old/m", answer="redirect", repo_id="new/m", at=at)
    link(at=at)
    assert {edge.partition(" ")[0] for edge in edges() if edge.endswith("-> new/m")} == expected
