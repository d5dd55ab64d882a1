"""What was granted is carried out from the case, on its own accounts only, by two where the impact is great."""

from typing import Any

import pytest

from lineage.models import Artifact
from rights.desk import carrying, identity, meanwhile, moves
from rights.desk.acts import ActRefused
from rights.effects import EffectRefused, Preview
from rights.models import AccessPackage, JournalEntry, Restriction, RightsRequest, Suppression
from rights.package import open_with
from rights.vocabulary import LetterKind, Right
from tests.factories import make_artifact, make_author
from tests.rights.desk.agents import fresh, make_agent, told, verified_case
from tests.rights.desk.cases import AT

pytestmark = pytest.mark.django_db
NAME = "made-up-person"


@pytest.fixture
def artifact():
    return make_artifact(f"{NAME}/m", author=make_author(NAME))


def granted(right, **more):
    case = verified_case(right, account=NAME, **more)
    moves.grant(case=case, right=right, by=make_agent(), at=AT)
    return fresh(case)


@pytest.mark.parametrize("right", [Right.ERASURE, Right.OBJECTION])
def test_the_account_leaves_and_never_comes_back(right, artifact):
    case = granted(right)
    carrying.carry_out(case=case, right=right, by=make_agent(), at=AT)
    assert not Artifact.objects.filter(pk=artifact.pk).exists()
    assert Suppression.objects.filter(reference=case.reference, ground=right).exists()
    assert RightsRequest.objects.get(case=case).effect_at == AT
    with pytest.raises(ActRefused, match="already"):
        carrying.carry_out(case=fresh(case), right=right, by=make_agent(), at=AT)


def test_above_the_threshold_a_second_agent_confirms(artifact, settings):
    settings.RIGHTS_SECOND_APPROVAL = 0
    case, first, second = granted(Right.ERASURE), make_agent(), make_agent()

    assert carrying.carry_out(case=case, right=Right.ERASURE, by=first, at=AT).awaits_second
    assert Artifact.objects.filter(pk=artifact.pk).exists()
    with pytest.raises(ActRefused, match="second agent"):
        carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=first, at=AT)
    carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=second, at=AT)

    assert not Artifact.objects.filter(pk=artifact.pk).exists()
    entry = JournalEntry.objects.get(act="erasure")
    assert (entry.by_key, entry.details["second"]) == (first, second)


def test_a_restriction_is_lifted_only_after_its_notice(artifact):
    case = granted(Right.RESTRICTION)
    carrying.carry_out(case=case, right=Right.RESTRICTION, by=make_agent(), at=AT)
    with pytest.raises(EffectRefused, match="told before"):
        meanwhile.lift_now(case=fresh(case), by=make_agent(), at=AT)
    with pytest.raises(ActRefused, match="No letter has left"):
        meanwhile.announce(case=fresh(case), by=make_agent(), at=AT)
    told(case, LetterKind.LIFTING)
    meanwhile.announce(case=fresh(case), by=make_agent(), at=AT)
    assert meanwhile.lift_now(case=fresh(case), by=make_agent(), at=AT) == 1
    assert Restriction.objects.in_force().count() == 0


def test_a_shared_account_waits_for_its_other_users(artifact):
    case = granted(Right.ERASURE)
    acts: dict[str, Any] = {"account": case.accounts.get().pk, "by": make_agent(), "at": AT}
    identity.mark_shared(case=case, is_shared=True, **acts)
    with pytest.raises(ActRefused, match="heard first"):
        carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=make_agent(), at=AT)
    identity.mark_shared(case=fresh(case), is_shared=False, **acts)
    carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=make_agent(), at=AT)


def test_only_artifacts_of_the_case_are_rectified(artifact):
    other = make_artifact("somebody-else/m", author=make_author("somebody-else"))
    case, by = granted(Right.RECTIFICATION), make_agent()
    correct: dict[str, Any] = {"field": "license", "value": "mit", "by": by, "at": AT}
    with pytest.raises(ActRefused, match="no confirmed account"):
        carrying.rectify(case=case, artifact_key=other.pk, **correct)
    carrying.rectify(case=fresh(case), artifact_key=artifact.pk, **correct)
    artifact.refresh_from_db()
    assert artifact.license == "mit"
    told(case, LetterKind.RECTIFICATION, Right.RECTIFICATION)
    moves.fulfil(case=fresh(case), right=Right.RECTIFICATION, told_at=AT, by=by, at=AT)


def test_the_copy_of_access_is_opened_with_the_code_that_is_kept_nowhere(artifact):
    case = granted(Right.ACCESS)
    [deposit] = carrying.hand_over(case=case, by=make_agent(), at=AT)
    assert open_with(token=deposit.package.token, code=deposit.code, at=AT)
    assert AccessPackage.objects.get().reference == case.reference
    assert RightsRequest.objects.get(case=case).effect_at == AT


@pytest.mark.parametrize("right", [Right.ERASURE, Right.OBJECTION])
def test_the_copy_is_drawn_up_before_what_it_holds_leaves(right, artifact):
    case = verified_case(Right.ACCESS, right, account=NAME)
    carry: dict[str, Any] = {"right": right, "by": make_agent(), "at": AT}
    for asked in (Right.ACCESS, right):
        moves.grant(case=fresh(case), right=asked, by=make_agent(), at=AT)
    with pytest.raises(ActRefused, match="copy first"):
        carrying.carry_out(case=fresh(case), **carry)
    assert Artifact.objects.filter(pk=artifact.pk).exists()

    carrying.hand_over(case=fresh(case), by=make_agent(), at=AT)
    carrying.carry_out(case=fresh(case), **carry)
    assert not Artifact.objects.filter(pk=artifact.pk).exists()


def test_nothing_is_carried_out_that_was_not_granted(artifact):
    case = verified_case(Right.ERASURE, account=NAME)
    with pytest.raises(ActRefused, match="Nothing is granted"):
        carrying.carry_out(case=case, right=Right.ERASURE, by=make_agent(), at=AT)
    assert Artifact.objects.filter(pk=artifact.pk).exists()


def test_previews_change_nothing_and_say_what_can_be_no_account(artifact):
    case = verified_case(Right.ERASURE, account=NAME)
    [(claim, preview)] = carrying.previews(case, at=AT)
    assert (claim.name, isinstance(preview, Preview) and preview.artifacts) == (NAME, 1)
    assert Artifact.objects.filter(pk=artifact.pk).exists()
