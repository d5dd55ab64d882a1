"""A restricted account is shown nowhere, its rows stay as they are, and lifted it comes back whole."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from access.roles import Role
from lineage import canonical, exports
from lineage.lookup import find, nearest
from lineage.models import Alias, Artifact, Author, Counter, Derivation, Mention
from lineage.naming import STAFF_ON_SERVER, artifact_name, names_by_key, repo_ids_shown
from lineage.search import search
from lineage.tracing import trace_from
from lineage.vocabulary import AliasOrigin, Kind
from rights.effects import EffectRefused, announce_lifting, erase, lift, restrict, reveal
from rights.models import JournalEntry, Restriction, Suppression
from tests.factories import AT, make_alias
from tests.lineage.linking.cards import edges
from tests.lineage.readers import signed_in
from tests.rights.listing import record
from tests.rights.test_erasure import HUB, harvest

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def restriction():
    harvest(*HUB)
    make_alias("earlier/one", Artifact.objects.get(repo_id="dev/one"), origin=AliasOrigin.RENAME)
    return restrict(account="Dev", reference="case-1", by=7, at=LATER)


def own_rows():
    owned = Artifact.objects.filter(owner__iexact="dev")
    return [
        list(rows.order_by("pk").values())
        for rows in (
            owned,
            Mention.objects.filter(artifact__in=owned),
            Counter.objects.filter(artifact__in=owned),
            Alias.objects.filter(artifact__in=owned),
            Author.objects.filter(name="dev"),
        )
    ]


def lifted(restriction):
    """Both steps."""
    announce_lifting(restriction=restriction, by=7, at=LATER)
    return lift(restriction=restriction, by=7, at=LATER)


def test_its_rows_and_all_edges_stay_through_thirty_harvests(restriction):
    harvest(*HUB, day=0)
    rows, before = own_rows(), edges()
    assert len(before) == 4
    changed = record("dev/one", "2", "org/base", license="other", downloads=9)
    for day in range(1, 31):
        harvest(HUB[0], changed, *HUB[3:], record("dev/new", "9"), record("renamed/two", "3"), day=day)
    assert own_rows() == rows
    assert edges() == before
    assert not Artifact.objects.filter(repo_id__in=["dev/new", "renamed/two"]).exists()


@pytest.mark.parametrize(
    "text", ["dev/one", "dev/two", "DEV/one", "earlier/one"], ids=["own", "its other", "other case", "old name"]
)
@pytest.mark.usefixtures("restriction")
def test_no_name_of_it_is_shown_or_found(text):
    assert "dev" not in repo_ids_shown([text], STAFF_ON_SERVER)[text].lower()
    assert find(Kind.MODEL, text) is None
    found = search(text, STAFF_ON_SERVER)
    assert not found
    assert not [name for name in nearest(Kind.MODEL, text) if name.startswith("dev/")]


@pytest.mark.usefixtures("restriction")
def test_everywhere_it_is_an_element_not_shown():
    for artifact in Artifact.objects.withheld():
        assert artifact_name(artifact, STAFF_ON_SERVER) == "element not shown"
        assert names_by_key([artifact.pk], STAFF_ON_SERVER) == {artifact.pk: "element not shown"}
    assert artifact_name(Artifact.objects.get(repo_id="org/base"), STAFF_ON_SERVER) == "org/base"
    assert not [line for line in canonical.lines() if "dev/" in line]
    assert Artifact.objects.get(repo_id="lab/leaf").tags == ["dev"]  # an everyday word


@pytest.mark.parametrize("form", exports.Format)
@pytest.mark.usefixtures("restriction")
def test_an_export_walks_through_it_and_does_not_name_it(form):
    trace = trace_from(Artifact.objects.get(repo_id="org/base"))
    assert len(trace) == 3
    body = b"".join(exports.stream(trace, form, lambda keys: names_by_key(keys, STAFF_ON_SERVER)))
    assert b"dev/" not in body


@pytest.mark.usefixtures("restriction")
def test_the_command_names_nothing_of_it():
    out = io.StringIO()
    call_command("trace", "model", "org/base", stdout=out)
    assert "dev/" not in out.getvalue()
    assert "lab/leaf" in out.getvalue()


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
@pytest.mark.usefixtures("restriction")
def test_pages_of_it_are_not_there_and_pages_of_others_do_not_name_it(role):
    client = signed_in(role)
    one, leaf = Artifact.objects.get(repo_id="dev/one"), Artifact.objects.get(repo_id="lab/leaf")
    for name in ("lineage:artifact", "lineage:trace"):
        assert client.get(reverse(name, args=[one.pk])).status_code == 404
        page = client.get(reverse(name, args=[leaf.pk]))
        assert page.status_code == 200
        assert "dev/" not in page.content.decode().replace("<bdi>", "").lower()
    assert client.get(reverse("lineage:author", args=[Author.objects.get(name="dev").pk])).status_code == 404


class TestLifting:
    def test_takes_two_steps(self, restriction):
        with pytest.raises(EffectRefused, match="told"):
            lift(restriction=restriction, by=7, at=LATER)
        announce_lifting(restriction=restriction, by=7, at=LATER)
        assert lift(restriction=restriction, by=7, at=LATER) == 3
        assert [entry.act for entry in JournalEntry.objects.order_by("pk")] == [
            "restriction",
            "restriction_notice",
            "restriction_lifted",
        ]

    def test_brings_it_back_whole(self, restriction):
        with_it = own_rows()
        announce_lifting(restriction=restriction, by=7, at=LATER)
        lift(restriction=restriction, by=7, at=LATER)
        for artifact in with_it[0]:
            artifact["withheld_at"] = None
        assert own_rows() == with_it
        assert not Suppression.objects.exists()
        again = harvest(*HUB, record("dev/new", "9"), day=1)
        assert (again.created, again.updated) == (1, 1)  # and what others wrote of it
        assert Artifact.objects.get(repo_id="lab/leaf").tags == ["dev", "dev/one"]
        assert find(Kind.MODEL, "dev/one") is not None

    @pytest.mark.parametrize("changed", [False, True], ids=["as it was", "changed meanwhile"])
    def test_leaves_the_base_as_if_it_had_never_been(self, changed):
        """Own records, words of others, tags, edges that hold and edges that held: equal byte for byte."""
        assert _after_a_week(restricted=True, changed=changed) == _after_a_week(restricted=False, changed=changed)

    def test_ends_once(self, restriction):
        announce_lifting(restriction=restriction, by=7, at=LATER)
        lift(restriction=restriction, by=7, at=LATER)
        with pytest.raises(EffectRefused, match="ended"):
            lift(restriction=restriction, by=7, at=LATER)

    def test_does_not_undo_another_case(self, restriction):
        other = restrict(account="dev", reference="case-2", by=7, at=LATER)
        announce_lifting(restriction=other, by=7, at=LATER)
        assert lift(restriction=other, by=7, at=LATER) == 0
        assert Artifact.objects.withheld().count() == 3

    @pytest.mark.parametrize("first_lifted", [0, 1], ids=["the first case", "the second case"])
    def test_keeps_the_account_away_while_another_case_restricts_it(self, restriction, first_lifted):
        cases = [restriction, restrict(account="dev", reference="case-2", by=7, at=LATER)]
        lifted(cases[first_lifted])
        harvest(*HUB, record("dev/new", "9"), record("renamed/two", "3"), day=1)
        assert not Artifact.objects.filter(repo_id__in=["dev/new", "renamed/two"]).exists()
        assert Artifact.objects.withheld().count() == 3
        assert set(Suppression.objects.values_list("reference", flat=True)) == {cases[1 - first_lifted].reference}

        lifted(cases[1 - first_lifted])
        assert not Artifact.objects.withheld().exists()
        assert not Suppression.objects.exists()

    def test_keeps_away_an_account_of_whom_nothing_was_held(self):
        cases = [restrict(account="nobody", reference=f"case-{number}", by=7, at=LATER) for number in (1, 2)]
        lifted(cases[0])
        harvest(record("nobody/new", "9"), day=1)
        assert not Artifact.objects.exists()
        lifted(cases[1])
        harvest(record("nobody/new", "9"), day=2)
        assert Artifact.objects.get().repo_id == "nobody/new"

    def test_lets_a_new_name_learned_meanwhile_be_both_cases(self, restriction):
        other = restrict(account="dev", reference="case-2", by=7, at=LATER)
        harvest(record("renamed/two", "3"), record("renamed/fresh", "7"), day=1)
        lifted(restriction)
        harvest(record("renamed/fresh", "7"), day=2)
        assert not Artifact.objects.filter(owner="renamed").exists()
        lifted(other)
        assert not Suppression.objects.exists()


class TestReveal:
    def test_one_element_for_its_case_with_a_motive(self, restriction):
        key = Artifact.objects.get(repo_id="dev/one").pk
        said = reveal(restriction=restriction, artifact_key=key, motive="to answer the person", by=7, at=LATER)
        assert said == "dev/one"
        assert JournalEntry.objects.latest("pk").details == {"artifact": key, "motive": "to answer the person"}

    @pytest.mark.parametrize(("repo_id", "motive"), [("dev/one", " "), ("dev/one", "for Dev"), ("lab/leaf", "why")])
    def test_else_nothing(self, restriction, repo_id, motive):
        key = Artifact.objects.get(repo_id=repo_id).pk
        with pytest.raises(EffectRefused, match="shown"):
            reveal(restriction=restriction, artifact_key=key, motive=motive, by=7, at=LATER)


def test_an_erasure_ends_it(restriction):
    erase(account="dev", reference="case-2", by=7, at=LATER)
    assert not Artifact.objects.withheld().exists()
    assert not Restriction.objects.in_force().exists()
    harvest(*HUB, day=1)
    assert not Artifact.objects.filter(owner="dev").exists()


def test_an_erasure_ends_it_where_nothing_was_held():
    restrict(account="nobody", reference="case-1", by=7, at=LATER)
    erase(account="Nobody", reference="case-2", by=7, at=LATER)
    assert not Restriction.objects.in_force().exists()
    assert set(Suppression.objects.values_list("ground", "reference")) == {("erasure", "case-2")}


def test_a_case_restricts_once(restriction):
    with pytest.raises(EffectRefused, match="in force"):
        restrict(account="dev", reference=restriction.reference, by=7, at=LATER)


def _after_a_week(*, restricted, changed):
    """The base after harvests in which the account's edges came and went; restricted from day two to day five."""
    dev = {"tags": ("dev", "fr"), "license": "mit", "downloads": 9, "likes": 2}
    first = (*HUB[:2], record("dev/two", "3", "dev/one", "org/base", datasets=["Dev/data"], **dev), *HUB[3:])
    second = (*HUB[:2], record("dev/two", "3", "dev/one", datasets=["Dev/data"], **dev), *HUB[3:])
    with transaction.atomic():
        harvest(*first)
        harvest(*second, day=1)
        assert Derivation.objects.exclude(held_until=None).exists()
        make_alias("earlier/one", Artifact.objects.get(repo_id="dev/one"), origin=AliasOrigin.RENAME)
        if restricted:
            held = restrict(account="Dev", reference="case-1", by=7, at=AT + timedelta(days=1, hours=1))
        third = (*second[:-1], record("lab/devices", "6", "dev/one")) if changed else second
        for day in (2, 3, 4):
            harvest(*third, day=day)
        if restricted:
            lifted(held)
        harvest(*third, day=5)
        found = _everything(with_days=not changed)
        transaction.set_rollback(True)
    return found


def _everything(*, with_days):
    """The canonical form, and what none of its lines shows.

    `with_days`: since when, where nothing changed out of sight.
    """
    edge = ("source__repo_id", "derived__repo_id", "relation", "certainty")
    days = ("held_from", "held_until") if with_days else ("held_until",)
    said = ("artifact__repo_id", "field", "target", "target_kind", "relation", "position", "resolved")
    return (
        list(canonical.lines()),
        sorted(map(str, Derivation.objects.values_list(*edge, *days))),
        sorted(map(str, Mention.objects.values_list(*said))),
        sorted(map(str, Alias.objects.values_list("name", "artifact__repo_id", "origin"))),
        sorted(map(str, Counter.objects.values_list("artifact__repo_id", "downloads", "likes"))),
        sorted(map(str, Artifact.objects.values_list("repo_id", "withheld_at", "parent__repo_id", "family__repo_id"))),
    )
