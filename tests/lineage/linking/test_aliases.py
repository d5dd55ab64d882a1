from datetime import timedelta

import pytest

from lineage.inquiries import record_answer
from lineage.linking import link
from lineage.linking.aliases import meanings
from lineage.linking.claims import Claim
from lineage.models import Alias, AliasVerdict, Artifact, Decision, HarvestRun, Sighting
from lineage.vocabulary import AliasOrigin, Kind, Presence
from tests.factories import AT, make_alias, make_artifact, make_run, make_user
from tests.lineage.linking.cards import aliases, card, edges

LATER = AT + timedelta(days=1)


def redirect(name: str, repo_id: str, *, at=AT, kind: Kind = Kind.DATASET) -> None:
    record_answer(kind=kind, name=name, answer="redirect", repo_id=repo_id, at=at)


def listed_by(source: HarvestRun.Source, artifact: Artifact, *, at) -> None:
    Sighting.objects.create(run=make_run(source=source, started_at=at), artifact=artifact)


def staff_say(name: str, artifact: Artifact | None, kind: Kind = Kind.MODEL) -> AliasVerdict:
    decision = Decision.ADD if artifact else Decision.REJECT
    return AliasVerdict.objects.create(
        kind=kind, name=name, artifact=artifact, decision=decision, reason="seen", decided_at=AT, decided_by=make_user()
    )


TAUGHT = {
    "one base, one plain tag": ([{"bases": ["old/m"], "tags": ["new/m"]}], {"old/m => new/m (card)"}),
    "a bare old name": ([{"bases": ["gpt-x"], "tags": ["new/m"]}], {"gpt-x => new/m (card)"}),
    "only another case": ([{"bases": ["New/M"], "tags": ["new/m"]}], {"New/M => new/m (card)"}),
    "one base said twice": (
        [{"bases": ["old/m as finetune", "old/m as merge"], "tags": ["new/m"]}],
        {"old/m => new/m (card)"},
    ),
    "one tag, two relations": (
        [{"bases": ["old/m"], "tags": ["new/m as finetune", "new/m as adapter"]}],
        {"old/m => new/m (card)"},
    ),
    "all agree": ([{"bases": ["old/m"], "tags": ["new/m"]}] * 2, {"old/m => new/m (card)"}),
    "the same name": ([{"bases": ["new/m"], "tags": ["new/m"]}], set()),
    "two bases": ([{"bases": ["old/m", "old/n"], "tags": ["new/m"]}], set()),
    "two plain tags": ([{"bases": ["old/m"], "tags": ["new/m", "new/n"]}], set()),
    "a tag the author may have typed": ([{"bases": ["old/m"], "typed": ["new/m"]}], set()),
    "one of two tags typed": ([{"bases": ["old/m"], "tags": ["new/m"], "typed": ["old/m"]}], set()),
    "cards that disagree": ([{"bases": ["old/m"], "tags": ["new/m"]}, {"bases": ["old/m"], "tags": ["new/n"]}], set()),
    "a placeholder": ([{"bases": ["undefined"], "tags": ["new/m"]}], set()),
    "a card of something gone": ([{"bases": ["old/m"], "tags": ["new/m"], "presence": Presence.GONE}], set()),
    "a base and no tag": ([{"bases": ["old/m"]}], set()),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "expected"), TAUGHT.values(), ids=TAUGHT)
def test_cards_teach_old_names(said, expected, at):
    for number, words in enumerate(said):
        card(f"org/child-{number}", **words)
    link(at=at)
    assert aliases() == expected


@pytest.mark.django_db
def test_a_listed_name_is_no_old_name(at):
    make_artifact("old/m")
    card("org/child", bases=["old/m"], tags=["new/m"])
    link(at=at)
    assert aliases() == set()
    assert edges() == {"old/m -[unspecified,declared]-> org/child", "new/m -[unspecified,resolved]-> org/child"}


@pytest.mark.django_db
def test_an_alias_ends_when_its_name_is_listed_and_begins_again_when_it_is_gone(at):
    card("org/child", bases=["old/m"], tags=["new/m"])
    link(at=at)
    old = make_artifact("old/m")
    link(at=LATER)
    assert aliases() == set()
    Artifact.objects.filter(pk=old.pk).update(presence=Presence.GONE, gone_since=LATER)
    link(at=LATER + timedelta(days=1))
    assert aliases() == {"old/m => new/m (card)"}
    assert list(Alias.objects.order_by("pk").values_list("held_from", "held_until")) == [
        (at, LATER),
        (LATER + timedelta(days=1), None),
    ]
    old.refresh_from_db()
    assert old.superseded_by is not None
    assert old.superseded_by.repo_id == "new/m"


@pytest.mark.django_db
def test_both_names_are_one_node_once_the_redirect_is_known(at):
    old = card("squad", kind=Kind.DATASET)
    card("rajpurkar/squad", kind=Kind.DATASET, sources=["squad"])
    card("org/a", datasets=["squad"])
    card("org/b", datasets=["rajpurkar/squad"])
    redirect("squad", "rajpurkar/squad")
    link(at=at)
    assert aliases() == {"squad => rajpurkar/squad (redirect)"}
    assert edges() == {
        "rajpurkar/squad -[trained_on,declared]-> org/a",
        "rajpurkar/squad -[trained_on,declared]-> org/b",
    }
    old.refresh_from_db()
    assert old.superseded_by is not None
    assert old.superseded_by.repo_id == "rajpurkar/squad"


LISTINGS = {
    "an earlier listing of the Hub": (HarvestRun.Source.HUB, AT - timedelta(hours=1), True),
    "a later listing of the Hub": (HarvestRun.Source.HUB, LATER, False),
    "a snapshot read later": (HarvestRun.Source.SNAPSHOT, LATER, True),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "started_at", "holds"), LISTINGS.values(), ids=LISTINGS)
def test_a_redirect_yields_only_to_a_newer_listing_of_the_hub_itself(source, started_at, holds, at):
    squad = make_artifact("squad", Kind.DATASET)
    redirect("squad", "rajpurkar/squad", at=at)
    listed_by(source, squad, at=started_at)
    link(at=LATER)
    assert aliases() == ({"squad => rajpurkar/squad (redirect)"} if holds else set())


SAYINGS = {
    "card": lambda: card("org/child", bases=["x"], tags=["c/m"]),
    "rename": lambda: make_alias("x", make_artifact("r/m", hub_id="a" * 24), origin=AliasOrigin.RENAME),
    "redirect": lambda: redirect("x", "d/m", kind=Kind.MODEL),
    "staff": lambda: staff_say("x", make_artifact("s/m")),
    "rejected": lambda: staff_say("x", None),
    "listed": lambda: make_artifact("x"),
    "gone": lambda: make_artifact("x", presence=Presence.GONE, gone_since=AT),
    "other-gone": lambda: make_artifact("x", presence=Presence.GONE, gone_since=AT, hub_id="b" * 24),
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ("card", "x => c/m (card)"),
        ("card rename", "x => r/m (rename)"),
        ("card rename redirect", "x => d/m (redirect)"),
        ("card rename redirect staff", "x => s/m (staff)"),
        ("card rename redirect rejected", None),
        ("staff listed", "x => s/m (staff)"),
        ("redirect listed", "x => d/m (redirect)"),
        ("rename listed", None),
        ("rename gone", "x => r/m (rename)"),
        ("rename other-gone", None),
    ],
)
def test_who_is_believed(known, expected, at):
    for word in known.split():
        SAYINGS[word]()
    link(at=at)
    assert aliases() == ({expected} if expected else set())


@pytest.mark.django_db
def test_a_rename_comes_back_when_what_outranked_it_is_withdrawn(at):
    make_alias("x", make_artifact("r/m"), origin=AliasOrigin.RENAME)
    verdict = staff_say("x", make_artifact("s/m"))
    link(at=at)
    assert aliases() == {"x => s/m (staff)"}
    verdict.delete()
    link(at=LATER)
    assert aliases() == {"x => r/m (rename)"}


@pytest.mark.django_db
def test_a_rename_does_not_remember_where_its_artifact_was_led_to(at):
    make_alias("x", make_artifact("r/m"), origin=AliasOrigin.RENAME)
    verdict = staff_say("r/m", make_artifact("s/m"))
    link(at=at)
    assert aliases() == {"x => s/m (staff)", "r/m => s/m (staff)"}
    verdict.delete()
    link(at=LATER)
    assert aliases() == {"x => r/m (rename)"}


@pytest.mark.django_db
def test_an_alias_follows_an_artifact_that_turned_out_to_be_another_and_ends_where_there_is_none(at):
    new = make_artifact("org/new")
    led_on = make_artifact("org/old", is_current=False, superseded_by=new, presence=Presence.MENTIONED)
    lost = make_artifact("org/lost", is_current=False, presence=Presence.GONE, gone_since=at)
    make_alias("x", led_on)
    make_alias("y", lost)
    staff_say("x", led_on)
    staff_say("y", lost)
    link(at=at)
    assert aliases() == {"x => org/new (staff)"}


@pytest.mark.django_db
def test_models_and_datasets_of_one_name_have_aliases_of_their_own(at):
    redirect("squad", "org/squad-data")
    redirect("squad", "org/squad-model", kind=Kind.MODEL)
    link(at=at)
    kinds = {(alias.kind, alias.artifact.kind, alias.artifact.repo_id) for alias in Alias.objects.live()}
    assert kinds == {("dataset", "dataset", "org/squad-data"), ("model", "model", "org/squad-model")}


@pytest.mark.django_db
def test_an_alias_known_from_later_on_never_ends_before_it_begins(at):
    alias = make_alias("x", make_artifact("r/m"), origin=AliasOrigin.CARD, held_from=LATER)
    link(at=at)
    alias.refresh_from_db()
    assert alias.held_until == LATER


CHAINS = {
    # claims, weakest origin last in the word; each letter is a name and the artifact that bears it
    "a>b": "a:b",
    "a>b b>c": "a:c b:c",
    "a>b b>c c>d": "a:d b:d c:d",
    "a>a": "",
    "a>b b>a": "a:b",  # the greatest name of equal claims is dropped
    "a>b! b>a": "a:b",
    "a>b b>a!": "b:a",
    "a>b b>c c>a": "a:c b:c",
    "x>a a>b b>a": "x:b a:b",
    "a>b! b>c c>a!": "a:b c:b",
}


@pytest.mark.parametrize(("drawn", "expected"), CHAINS.items(), ids=CHAINS)
def test_chains_lead_to_their_end_and_circles_are_broken_at_the_weakest(drawn, expected):
    """`!` marks a redirect; every other claim is a card's."""
    claims = {}
    for word in drawn.split():
        name, target = word.rstrip("!").split(">")
        origin = AliasOrigin.REDIRECT if word.endswith("!") else AliasOrigin.CARD
        claims["model", name] = Claim("model", name, target, origin)
    assert {f"{name}:{meaning.repo_id}" for (_, name), meaning in meanings(claims).items()} == set(expected.split())
    assert meanings(dict(reversed(claims.items()))) == meanings(claims)
