"""Erasure and objection: everything of an account leaves, and never comes back."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lineage.amendments import Contracted, contract
from lineage.models import Artifact
from rights import exclusion, journal, scrubbing, suppressions
from rights.effects import rectification
from rights.effects.holdings import Holdings, check, holdings
from rights.effects.previews import confirmed, measured
from rights.models import NameDoubt, Rectification, Restriction
from rights.suppressions import Ground


@dataclass(frozen=True, slots=True)
class Removed(Contracted):
    """What left. `recipients`: keys of those who have a copy of it and are to be told (Art. 19)."""

    recipients: frozenset[int] = frozenset()


MOST_DOUBTS = 1000  # an everyday word is in more names than anybody can look at


def erase(*, account: str, reference: str, by: int, at: datetime, second: int | None = None) -> Removed:
    """Remove the account and all that names it, keep it away from every later harvest, and scrub what is left of it.

    `by` and `second` are keys of agents. Raises EffectRefused, KeysMissing; then nothing was changed.
    """
    return _remove(Ground.ERASURE, account=account, reference=reference, by=by, at=at, second=second)


def object_to(*, account: str, reference: str, by: int, at: datetime, second: int | None = None) -> Removed:
    """Grant an objection: the same as an erasure, on its own ground."""
    return _remove(Ground.OBJECTION, account=account, reference=reference, by=by, at=at, second=second)


@transaction.atomic
def _remove(ground: str, *, account: str, reference: str, by: int, at: datetime, second: int | None) -> Removed:
    exclusion.alone()
    held = holdings(account)
    check(held, reference=reference)
    seen = measured(held, at=at)
    confirmed(seen, by=by, second=second)
    gone = remove(held, ground=ground, reference=reference, at=at)
    details: dict[str, int | str] = seen.counts() | {"bridges": gone.bridges, "second": second or 0}
    redo = {"do": "remove", "ground": str(ground), **traits(held)}
    journal.enter(act=str(ground), by=by, at=at, reference=reference, details=details, redo=redo)
    transaction.on_commit(scrubbing.scrub)
    return Removed(**asdict(gone), recipients=seen.recipients)


def traits(held: Holdings) -> dict[str, Any]:
    """How what was held is recognised in an older backup, without a name: its keys, and its fingerprints."""
    return {"artifacts": sorted(held.remains.keys), "listed": suppressions.rows_of(held.names)}


def remove(held: Holdings, *, ground: str, reference: str, at: datetime) -> Contracted:
    """List and contract what is held, within an effect that stands alone; note the names that are in doubt."""
    _end_restrictions(held, at=at)
    suppressions.suppress(held.names, ground=ground, reference=reference, at=at)
    Rectification.objects.filter(artifact_key__in=held.remains.keys).delete()
    rectification.silence(held.remains.naming)
    gone = contract(artifacts=held.remains.keys, accounts=held.accounts, as_words=held.remains.as_words, at=at)
    NameDoubt.objects.filter(artifact_key__in=held.remains.keys).delete()
    NameDoubt.objects.bulk_create(
        (NameDoubt(reference=reference, artifact_key=key, raised_at=at) for key in doubts(held.accounts)),
        ignore_conflicts=True,
    )
    return gone


def doubts(accounts: Iterable[str]) -> list[int]:
    """Keys of artifacts whose name holds one of these accounts' names as a word of its own, at most 1,000 each."""
    found: set[int] = set()
    for account in accounts:
        word = re.compile(rf"(?<![a-z0-9]){re.escape(account.lower())}(?![a-z0-9])")
        named = Artifact.objects.filter(repo_id__icontains=account).order_by("pk").values_list("pk", "repo_id")
        found |= {key for key, repo_id in named[:MOST_DOUBTS] if word.search(repo_id.lower())}
    return sorted(found)


def _end_restrictions(held: Holdings, *, at: datetime) -> None:
    """What leaves is no longer restricted."""
    cases = suppressions.restricted_by(held.names)
    for restriction in Restriction.objects.in_force():
        if restriction.reference in cases or not held.remains.keys.isdisjoint(restriction.artifact_keys):
            restriction.lifted_at, restriction.artifact_keys = at, []
            restriction.save(update_fields=["lifted_at", "artifact_keys"])
