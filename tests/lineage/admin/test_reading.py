"""The back office shows the genealogy, changes nothing of it, and remembers who read what."""

from datetime import timedelta

import pytest
from django.urls import reverse

from access import roles
from access.roles import Role
from lineage.models import (
    Alias,
    AliasVerdict,
    Author,
    Consultation,
    DatasetArtifact,
    Decision,
    Derivation,
    DerivationVerdict,
    HarvestRun,
    ModelArtifact,
    NameInquiry,
    Quarantine,
)
from lineage.naming import masked
from lineage.vocabulary import AccountKind, Kind
from tests.factories import AT, make_alias, make_artifact, make_author, make_derivation, make_run, make_user
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
PERSONAL = (ModelArtifact, DatasetArtifact, Author, Derivation, Alias, NameInquiry, DerivationVerdict, AliasVerdict)
ALL = (*PERSONAL, HarvestRun, Quarantine)


def address(model, page, *key):
    return reverse(f"admin:lineage_{model._meta.model_name}_{page}", args=key)


def one_of_each(number=0):
    """One row of every model, by model; names of made-up people."""
    person = make_author(f"jeanne{number}", kind=AccountKind.PERSON, full_name=f"Jeanne Exemple {number}")
    base = make_artifact(f"jeanne{number}/base", author=person, unusable={"path": 2})
    tuned = make_artifact(f"jeanne{number}/tuned", author=person, parent=base, family=base)
    data = make_artifact(f"jeanne{number}/data", Kind.DATASET, author=person)
    decided = {"decided_by": make_user(), "decided_at": AT, "reason": "seen", "decision": Decision.ADD}
    run = make_run()
    return {
        ModelArtifact: tuned,
        DatasetArtifact: data,
        Author: person,
        Derivation: make_derivation(base, tuned),
        Alias: make_alias(f"jeanne{number}/old", tuned),
        NameInquiry: NameInquiry.objects.create(
            kind="dataset", name=f"bare{number}", answer="redirect", artifact=data, asked_at=AT
        ),
        DerivationVerdict: DerivationVerdict.objects.create(source=base, derived=tuned, relation="merge", **decided),
        AliasVerdict: AliasVerdict.objects.create(
            kind="model", name=f"jeanne{number}/older", artifact=tuned, **decided
        ),
        HarvestRun: run,
        Quarantine: Quarantine.objects.create(run=run, kind="model", reason="not_a_record", seen_at=AT),
    }


@pytest.mark.parametrize("model", ALL)
def test_lists_and_pages_open(model):
    row, client = one_of_each()[model], signed_in()

    for page in (address(model, "changelist"), address(model, "change", row.pk), address(model, "history", row.pk)):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("model", PERSONAL)
def test_names_are_shown_to_those_who_may_see_them(model):
    row, client = one_of_each()[model], signed_in()

    for page in (address(model, "changelist"), address(model, "change", row.pk)):
        text = client.get(page).content.decode()
        assert "jeanne0" in text or "bare0" in text
        assert masked("jeanne0") not in text


@pytest.mark.parametrize("model", PERSONAL)
def test_names_are_masked_for_others(model, monkeypatch):
    agent = roles.PERMISSIONS[Role.AGENT] - {roles.SEE_PERSON_NAMES}
    monkeypatch.setattr(roles, "PERMISSIONS", {Role.AGENT: agent})
    row, client = one_of_each()[model], signed_in()

    for page in (address(model, "changelist"), address(model, "change", row.pk), address(model, "history", row.pk)):
        text = client.get(page).content.decode()
        assert "jeanne" not in text.lower()
        assert masked("jeanne0") in text or page.endswith("history/")


@pytest.mark.parametrize("model", PERSONAL)
def test_each_read_of_a_list_and_of_a_page_is_recorded(model):
    row, client = one_of_each()[model], signed_in()
    shown = 2 if model in (Derivation, DerivationVerdict) else 1

    client.get(address(model, "changelist"))

    entry = Consultation.objects.get()
    assert entry.operation == "view"
    assert entry.definition["list"] == model._meta.model_name
    assert entry.count == {Author: 0, ModelArtifact: 2}.get(model, shown)
    assert entry.definition.get("authors") == ([row.pk] if model is Author else None)

    client.get(address(model, "change", row.pk))

    kind = "artifact" if model in (ModelArtifact, DatasetArtifact) else model._meta.model_name
    assert Consultation.objects.latest("pk").reference == f"{kind}:{row.pk}"


def test_a_filter_is_recorded_by_its_field_without_its_value():
    signed_in().get(address(ModelArtifact, "changelist"), {"presence__exact": "gone"})

    assert Consultation.objects.get().definition == {"list": "modelartifact", "filtered_by": ["presence__exact"]}


def test_harvests_are_no_personal_data():
    row, client = one_of_each()[HarvestRun], signed_in()

    client.get(address(HarvestRun, "change", row.pk))

    assert not Consultation.objects.exists()


@pytest.mark.parametrize("model", ALL)
@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
def test_nobody_edits(model, role):
    row, client = one_of_each()[model], signed_in(role)
    decides = role == Role.SUPERVISOR and model in (DerivationVerdict, AliasVerdict)

    assert client.post(address(model, "change", row.pk), {"reason": "x"}).status_code == 403
    assert client.get(address(model, "add")).status_code == (200 if decides else 403)
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == (302 if decides else 403)


@pytest.mark.parametrize("model", ALL)
@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.DPO, None])
def test_other_roles_do_not_get_in(model, role):
    row, client = one_of_each()[model], signed_in(role)

    for page in (address(model, "changelist"), address(model, "change", row.pk)):
        answer = client.get(page)
        assert answer.status_code == 403
        assert b"jeanne" not in answer.content


@pytest.mark.parametrize("model", ALL)
def test_a_list_asks_the_database_as_often_for_many_rows(model, django_assert_max_num_queries, connection_queries):
    client = signed_in()
    one_of_each()
    few = connection_queries(lambda: client.get(address(model, "changelist")))
    for number in range(1, 8):
        one_of_each(number)

    with django_assert_max_num_queries(few):
        client.get(address(model, "changelist"))


@pytest.fixture
def connection_queries(django_assert_max_num_queries):
    def count(act):
        with django_assert_max_num_queries(100) as queries:
            act()
        return len(queries)

    return count


def test_a_list_is_never_counted_to_its_end(monkeypatch):
    monkeypatch.setattr("lineage.admin.reading.MOST_LISTED", 3)
    monkeypatch.setattr("lineage.admin.reading.Calm.list_per_page", 2)
    for _ in range(8):
        make_artifact()
    client = signed_in()

    text = client.get(address(ModelArtifact, "changelist")).content.decode()

    assert "p=2" in text
    assert "p=3" not in text
    assert client.get(address(ModelArtifact, "changelist"), {"p": 9}).status_code == 302


@pytest.mark.parametrize("model", ALL)
def test_no_typed_name_in_an_address(model):
    one_of_each()

    text = signed_in().get(address(model, "changelist")).content.decode()

    assert 'name="q"' not in text


def test_an_artifact_page_leads_to_the_page_of_the_site_and_tells_what_is_computed():
    row = one_of_each()[ModelArtifact]

    text = signed_in().get(address(ModelArtifact, "change", row.pk)).content.decode()

    assert reverse("lineage:artifact", args=[row.pk]) in text
    assert reverse("lineage:artifact", args=[row.parent_id]) in text
    assert (
        "path of a file or folder: 2"
        in signed_in().get(address(ModelArtifact, "change", row.parent_id)).content.decode()
    )


def test_each_kind_has_its_own_list():
    rows, client = one_of_each(), signed_in()

    assert client.get(address(DatasetArtifact, "change", rows[ModelArtifact].pk)).status_code == 302
    assert "jeanne0/data" not in client.get(address(ModelArtifact, "changelist")).content.decode()


def test_past_edges_are_told_apart():
    edge = one_of_each()[Derivation]
    Derivation.objects.update(held_until=edge.held_from + timedelta(days=1))

    text = signed_in().get(address(Derivation, "changelist"), {"held_until__isempty": "1"}).content.decode()

    assert "jeanne0/tuned" not in text
