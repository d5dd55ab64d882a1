"""Control of an account is shown by a neutral code on the Hub, or by what an agent saw."""

import pytest

from lineage.pages import hub_client
from lineage.vocabulary import AccountKind, Kind, Presence
from rights.desk import identity, moves
from rights.desk.acts import ActRefused
from rights.desk.identity import Place, look_for_code
from rights.models import JournalEntry, Restriction
from rights.vocabulary import Identity, Proof, Requester, Right
from tests.factories import make_artifact, make_author
from tests.hub_standin import HubStandIn, serving
from tests.rights.desk.agents import confirmed_case, fresh, make_agent
from tests.rights.desk.cases import AT, make_case

pytestmark = pytest.mark.django_db
NAME = "made-up-person"


@pytest.fixture
def hub(settings):
    with serving(HubStandIn()) as standin:
        settings.HF_ENDPOINT = standin.endpoint
        standin.persons[NAME] = "Somebody"
        yield standin


def awaiting(right=Right.ACCESS):
    case = make_case(right, accounts=[NAME])
    code = identity.hand_out_code(case=case, account=case.accounts.get().pk, by=make_agent(), at=AT)
    return fresh(case), code


def test_the_code_is_found_in_the_bio_or_as_a_repository(hub):
    case, code = awaiting()
    claim = case.accounts.get()
    assert look_for_code(claim, client=hub_client()) is None
    hub.bios[NAME] = f"I like cats. {code}"
    assert look_for_code(claim, client=hub_client()) == Place.BIO
    hub.bios.clear()
    hub.shelves[Kind.DATASET].append({"id": f"{NAME}/{code}", "_id": "6" * 24})
    assert look_for_code(claim, client=hub_client()) == Place.REPOSITORY


def test_a_code_in_somebody_elses_bio_is_not_looked_at(hub):
    case, code = awaiting()
    hub.persons["other"], hub.bios["other"] = "Other", code
    assert look_for_code(case.accounts.get(), client=hub_client()) is None


def test_the_code_is_neutral_and_good_once():
    case, code = awaiting()
    assert "cnil" not in code.lower()
    identity.code_found(case=case, account=case.accounts.get().pk, place=Place.BIO, by=make_agent(), at=AT)
    claim = case.accounts.get()
    assert (claim.identity, claim.proof, claim.code) == (Identity.CONFIRMED, Proof.CODE, "")
    with pytest.raises(ActRefused, match="awaited"):
        identity.code_found(case=fresh(case), account=claim.pk, place=Place.BIO, by=make_agent(), at=AT)


def test_the_code_stops_no_clock():
    case, _code = awaiting()
    assert (case.due_on, case.questions.count()) == (case.latest_on, 0)


def test_a_copy_of_data_needs_more_proof_than_its_erasure():
    case = make_case(Right.ACCESS, Right.ERASURE, accounts=[NAME])
    by = make_agent()
    identity.vouch(case=case, account=case.accounts.get().pk, proof=Proof.CHANNEL, note="its address", by=by, at=AT)
    moves.verify(case=fresh(case), right=Right.ERASURE, by=by, at=AT)
    with pytest.raises(ActRefused, match="copy of data"):
        moves.verify(case=fresh(case), right=Right.ACCESS, by=by, at=AT)


@pytest.mark.parametrize("requester", [Requester.MANDATE, Requester.MINOR, Requester.DECEASED])
def test_a_representative_shows_their_quality_first(requester):
    case = confirmed_case(Right.ERASURE, requester=requester, representation="all rights, one year")
    with pytest.raises(ActRefused, match="mandate or quality"):
        moves.verify(case=case, right=Right.ERASURE, by=make_agent(), at=AT)
    identity.check_representation(case=fresh(case), by=make_agent(), at=AT)
    moves.verify(case=fresh(case), right=Right.ERASURE, by=make_agent(), at=AT)


def test_no_account_of_another_case_is_confirmed_from_here():
    case, other = make_case(Right.ACCESS, accounts=[NAME]), make_case(Right.ACCESS, accounts=["other"])
    with pytest.raises(ActRefused, match="not claimed"):
        identity.hand_out_code(case=case, account=other.accounts.get().pk, by=make_agent(), at=AT)


def test_an_organisation_is_recognised_in_any_case():
    make_author("Some-Lab", kind=AccountKind.ORGANISATION)
    assert identity.is_organisation(make_case(accounts=["some-lab"]).accounts.get())
    assert not identity.is_organisation(make_case(accounts=[NAME]).accounts.get())


@pytest.mark.parametrize(("right", "restricted"), [(Right.OBJECTION, 1), (Right.RECTIFICATION, 1), (Right.ERASURE, 0)])
def test_what_is_contested_is_restricted_once_control_is_shown_and_not_before(right, restricted):
    artifact = make_artifact(f"{NAME}/m", author=make_author(NAME), presence=Presence.LISTED)
    case = make_case(right, accounts=[NAME])
    assert Restriction.objects.count() == 0
    identity.vouch(case=case, account=case.accounts.get().pk, proof=Proof.SEEN, note="seen", by=make_agent(), at=AT)
    artifact.refresh_from_db()
    assert Restriction.objects.filter(reference=case.reference).count() == restricted
    assert (artifact.withheld_at is not None) is bool(restricted)


def test_an_organisation_is_not_restricted_and_the_journal_says_so():
    make_artifact("lab/m", author=make_author("lab", kind=AccountKind.ORGANISATION))
    confirmed_case(Right.OBJECTION, account="lab")
    assert not Restriction.objects.exists()
    assert JournalEntry.objects.filter(act="not_restricted_meanwhile").count() == 1
