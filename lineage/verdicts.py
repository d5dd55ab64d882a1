"""What staff decide about edges and aliases: kept apart from what harvests say, and stronger.

Each decision is in force when its function returns; nothing is kept of one that raises.
"""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from lineage.hub.names import is_repo_id
from lineage.linking import relink
from lineage.lookup import meant
from lineage.models import Alias, AliasVerdict, Artifact, Decision, DerivationVerdict
from lineage.vocabulary import AliasOrigin, Kind, Relation

logger = logging.getLogger(__name__)

RELATIONS: dict[tuple[str, str], tuple[Relation, ...]] = {
    (Kind.MODEL, Kind.MODEL): (
        Relation.FINETUNE,
        Relation.ADAPTER,
        Relation.QUANTIZED,
        Relation.MERGE,
        Relation.UNSPECIFIED,
    ),
    (Kind.DATASET, Kind.MODEL): (Relation.TRAINED_ON,),
    (Kind.DATASET, Kind.DATASET): (Relation.EXTENDED_FROM,),
}
LONGEST_REASON = 2000


class VerdictRefused(Exception):
    """A verdict that cannot stand. Nothing was changed. The words are for staff and hold no name from the Hub."""


@transaction.atomic
def add_derivation(
    *, source: Artifact, derived: Artifact, relation: Relation, reason: str, by: AbstractBaseUser, at: datetime
) -> DerivationVerdict:
    """State that `derived` was made from `source`, whatever the cards say. Replaces an earlier verdict on the same.

    Raises VerdictRefused for an edge to itself, a relation that cannot be between the two, or no reason.
    """
    return _decide_derivation(Decision.ADD, source, derived, Relation(relation), reason, by, at)


@transaction.atomic
def reject_derivation(
    *, source: Artifact, derived: Artifact, relation: Relation | None, reason: str, by: AbstractBaseUser, at: datetime
) -> DerivationVerdict:
    """State that cards are wrong to say that `derived` was made so from `source`; `relation` None means in any way.

    Raises VerdictRefused as `add_derivation` does.
    """
    return _decide_derivation(Decision.REJECT, source, derived, relation, reason, by, at)


@transaction.atomic
def withdraw_derivation_verdict(*, verdict: DerivationVerdict, by: AbstractBaseUser, at: datetime) -> None:
    """Take a verdict on an edge back: what harvests say is in force again."""
    logger.info("verdict on derivation %s withdrawn by user %s", verdict.pk, by.pk)
    verdict.delete()
    relink(at=at)


@transaction.atomic
def mean_alias(
    *, kind: Kind, name: str, artifact: Artifact, reason: str, by: AbstractBaseUser, at: datetime
) -> AliasVerdict:
    """State that the name means `artifact`, also where an artifact of that name is listed.

    Raises VerdictRefused for a name that is no repository id, for an artifact of another kind or of that very name,
    where the name would mean itself through other verdicts, or without a reason.
    """
    if meant(artifact).kind != kind:
        raise VerdictRefused(
            _("A name of a model can only mean a model, of a dataset a dataset. Nothing was changed. Check the kind.")
        )
    if meant(artifact).repo_id == name:
        raise VerdictRefused(
            _("This is the artifact's own name. Nothing was changed. Reject the name instead, if cards misread it.")
        )
    verdict = _decide_alias(Decision.ADD, kind, name, artifact, reason, by, at)
    if not Alias.objects.live().filter(kind=kind, name=name, origin=AliasOrigin.STAFF).exists():
        raise VerdictRefused(
            _("With other verdicts, the name would mean itself. Nothing was changed. Withdraw the other verdict first.")
        )
    return verdict


@transaction.atomic
def reject_alias(*, kind: Kind, name: str, reason: str, by: AbstractBaseUser, at: datetime) -> AliasVerdict:
    """State that the name is no old name of anything, whatever the Hub, renames or cards say.

    Raises VerdictRefused for a name that is no repository id, or without a reason.
    """
    return _decide_alias(Decision.REJECT, kind, name, None, reason, by, at)


@transaction.atomic
def withdraw_alias_verdict(*, verdict: AliasVerdict, by: AbstractBaseUser, at: datetime) -> None:
    """Take a verdict on a name back: what harvests say is in force again."""
    logger.info("verdict on alias %s withdrawn by user %s", verdict.pk, by.pk)
    verdict.delete()
    relink(at=at)


def _decide_derivation(
    decision: Decision,
    source: Artifact,
    derived: Artifact,
    relation: Relation | None,
    reason: str,
    by: AbstractBaseUser,
    at: datetime,
) -> DerivationVerdict:
    _check_edge(source, derived, relation)
    verdict, _created = DerivationVerdict.objects.update_or_create(
        source=source,
        derived=derived,
        relation=relation or "",
        defaults=_decided(decision, reason, by, at),
    )
    relink(at=at)
    return verdict


def _decide_alias(
    decision: Decision,
    kind: Kind,
    name: str,
    artifact: Artifact | None,
    reason: str,
    by: AbstractBaseUser,
    at: datetime,
) -> AliasVerdict:
    if not is_repo_id(name):
        raise VerdictRefused(
            _("This is no possible repository id. Nothing was changed. Give it as on the Hub, without an address.")
        )
    verdict, _created = AliasVerdict.objects.update_or_create(
        kind=kind, name=name, defaults={"artifact": artifact} | _decided(decision, reason, by, at)
    )
    relink(at=at)
    return verdict


def _decided(decision: Decision, reason: str, by: AbstractBaseUser, at: datetime) -> dict[str, Any]:
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise VerdictRefused(
            _("A verdict needs a reason, of at most {limit} characters. Nothing was changed.").format(
                limit=LONGEST_REASON
            )
        )
    return {"decision": decision, "reason": reason, "decided_at": at, "decided_by": by}


def _check_edge(source: Artifact, derived: Artifact, relation: Relation | None) -> None:
    if meant(source) == meant(derived):
        raise VerdictRefused(_("An artifact cannot be made from itself. Nothing was changed. Choose two artifacts."))
    if not (meant(source).is_current and meant(derived).is_current):
        raise VerdictRefused(
            _("One of the two lost its name to another repository. Nothing was changed. Choose the present one.")
        )
    possible = RELATIONS.get((source.kind, derived.kind), ())
    if not possible or (relation is not None and relation not in possible):
        raise VerdictRefused(
            _("This relation cannot be between these two kinds. Nothing was changed. Choose another relation.")
        )
