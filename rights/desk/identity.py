"""Whether whoever asks controls the account: by a neutral code on the Hub, or by what an agent saw."""

import secrets
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from lineage.hub.answers import Answer
from lineage.hub.client import HubClient
from lineage.models import Author
from lineage.vocabulary import AccountKind, Kind
from rights.desk import meanwhile
from rights.desk.acts import ActRefused, entered, take
from rights.models import ClaimedAccount, RightsCase, RightsRequest
from rights.vocabulary import Identity, Proof, Requester, Right

CODE_BYTES = 8
ENOUGH = {Right.ACCESS: (Proof.CODE, Proof.SEEN)}  # a copy of data needs more proof than its erasure


class Place(StrEnum):
    """Where the code was found."""

    BIO = "bio"
    REPOSITORY = "repository"


@transaction.atomic
def hand_out_code(*, case: RightsCase, account: int, by: int, at: datetime) -> str:
    """A new one-time word for the person to place on the Hub. It names nobody and stops no clock."""
    held = take(case)
    claim = _claim(held, account)
    code = f"check-{secrets.token_hex(CODE_BYTES)}"
    claim.code = code
    claim.identity, claim.code_asked_at = Identity.CODE_ASKED, at
    claim.proof, claim.settled_at, claim.settled_by = "", None, None
    claim.save(update_fields=["code", "identity", "code_asked_at", "proof", "settled_at", "settled_by"])
    entered(held, "code_handed_out", by=by, at=at, account=claim.pk)
    return code


def look_for_code(claim: ClaimedAccount, *, client: HubClient) -> Place | None:
    """Where the account shows its code today: in its bio, or as the name of a public repository. None: nowhere.

    Writes nothing. Raises what the client raises.
    """
    if not claim.code:
        return None
    if claim.code in client.bio(claim.name):
        return Place.BIO
    for kind in Kind:
        if client.meaning(kind, f"{claim.name}/{claim.code}").answer == Answer.SAME:
            return Place.REPOSITORY
    return None


@transaction.atomic
def code_found(*, case: RightsCase, account: int, place: Place, by: int, at: datetime) -> None:
    """Control was shown by the code. The code is forgotten: it is good once."""
    held = take(case)
    claim = _claim(held, account)
    if claim.identity != Identity.CODE_ASKED:
        raise ActRefused(_("No code is awaited for this account. Nothing was changed."))
    _settle(held, claim, Proof.CODE, str(place), by=by, at=at)


@transaction.atomic
def vouch(*, case: RightsCase, account: int, proof: str, note: str, by: int, at: datetime) -> None:
    """An agent saw by other means that the person controls the account; no paper is kept, only what was seen."""
    held = take(case)
    claim = _claim(held, account)
    if proof not in (Proof.CHANNEL, Proof.SEEN) or not note.strip():
        raise ActRefused(_("Say what was seen, and by which means. Nothing was changed."))
    _settle(held, claim, proof, note.strip(), by=by, at=at)


@transaction.atomic
def deny(*, case: RightsCase, account: int, note: str, by: int, at: datetime) -> None:
    """Control was not shown."""
    held = take(case)
    claim = _claim(held, account)
    if not note.strip():
        raise ActRefused(_("Say why, in a few words. Nothing was changed."))
    ClaimedAccount.objects.filter(pk=claim.pk).update(
        identity=Identity.NOT_CONFIRMED, proof="", note=note.strip(), settled_at=at, settled_by=by
    )
    entered(held, "account_not_confirmed", by=by, at=at, account=claim.pk)


@transaction.atomic
def mark_shared(*, case: RightsCase, account: int, is_shared: bool, by: int, at: datetime) -> None:
    """Note whether several persons use the account: then the others are heard before anything is done to it."""
    held = take(case)
    claim = _claim(held, account)
    ClaimedAccount.objects.filter(pk=claim.pk).update(is_shared=is_shared)
    entered(held, "account_shared", by=by, at=at, account=claim.pk, shared=int(is_shared))


@transaction.atomic
def check_representation(*, case: RightsCase, by: int, at: datetime) -> None:
    """The mandate, parenthood or inheritance was seen. No copy is kept."""
    held = take(case)
    if held.requester == Requester.ONESELF or not held.representation:
        raise ActRefused(_("There is no representation to check. Nothing was changed. Write down what it covers."))
    RightsCase.objects.filter(pk=held.pk).update(representation_checked_at=at)
    entered(held, "representation_checked", by=by, at=at, requester=held.requester)


def check_proof(case: RightsCase, request: RightsRequest) -> None:
    """Raise ActRefused where what was shown is not enough for this right."""
    if case.requester != Requester.ONESELF and case.representation_checked_at is None:
        raise ActRefused(_("The mandate or quality of who writes was not checked. Nothing was changed."))
    shown = [claim for claim in case.accounts.all() if claim.identity == Identity.CONFIRMED]
    if not shown:
        raise ActRefused(_("Control of no account was shown yet. Nothing was changed. Confirm one first."))
    enough = ENOUGH.get(Right(request.right))
    if enough and not any(claim.proof in enough for claim in shown):
        raise ActRefused(_("A copy of data needs the code on the Hub, or a document seen. Nothing was changed."))


def is_organisation(claim: ClaimedAccount) -> bool:
    """Whether what we hold of this account says that it is an organisation's, which has no such rights."""
    return Author.objects.filter(name__iexact=claim.name, kind=AccountKind.ORGANISATION).exists()


def _claim(case: RightsCase, account: int) -> ClaimedAccount:
    if case.closed_at is not None:
        raise ActRefused(_("This case is closed. Nothing was changed. Reopen a right first."))
    claim = case.accounts.filter(pk=account).first()
    if claim is None:
        raise ActRefused(_("This account is not claimed in this case. Nothing was changed."))
    return claim


def _settle(case: RightsCase, claim: ClaimedAccount, proof: str, note: str, *, by: int, at: datetime) -> None:
    if claim.identity == Identity.CONFIRMED:
        raise ActRefused(_("This account is confirmed already. Nothing was changed."))
    ClaimedAccount.objects.filter(pk=claim.pk).update(
        identity=Identity.CONFIRMED, proof=proof, note=note, code="", settled_at=at, settled_by=by
    )
    entered(case, "account_confirmed", by=by, at=at, account=claim.pk, proof=proof)
    meanwhile.restrict_contested(case, claim, by=by, at=at)
