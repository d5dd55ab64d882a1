"""What was stored of an account before a harvest learned that it is a suppressed one under a new name."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import TextField, Value
from django.db.models.functions import StrIndex, Substr

from lineage.models import Artifact, Author, Mention
from rights import exclusion, journal, keyring, scrubbing
from rights.effects.erasure import remove, traits
from rights.effects.holdings import holdings
from rights.effects.restriction import hold
from rights.models import Suppression
from rights.suppressions import Ground

NOBODY = 0  # in the journal: the harvest itself


@transaction.atomic
def sweep_learned(*, at: datetime) -> int:
    """Give learned accounts the effect of the account they belong to; returns how many names were found stored."""
    exclusion.alone()
    pending = {row.fingerprint: row for row in Suppression.objects.unswept().select_for_update()}
    if not pending:
        return 0
    found = [(name, pending[mark]) for name, mark in _marks() if mark in pending]
    for name, entry in found:
        _settle(name, entry, at=at)
    Suppression.objects.filter(pk__in=[row.pk for row in pending.values()]).update(swept=True)
    transaction.on_commit(scrubbing.scrub)
    return len(found)


def _settle(name: str, entry: Suppression, *, at: datetime) -> None:
    held = holdings(name)
    if entry.ground == Ground.RESTRICTION:
        hold(held, cases=entry.references, at=at)
    else:
        remove(held, ground=entry.ground, reference=entry.reference, at=at)
    details: dict[str, int | str] = {"artifacts": len(held.remains.keys)}
    done = {"do": "hold", "cases": entry.references} if entry.ground == Ground.RESTRICTION else {"do": "remove"}
    redo = {**done, "ground": entry.ground, **traits(held)}
    journal.enter(act="new_name_swept", by=NOBODY, at=at, reference=entry.reference, details=details, redo=redo)


def _marks() -> Iterator[tuple[str, str]]:
    """Every account name that stands anywhere, with its fingerprint under the newest key."""
    newest = keyring.active()[-1]
    names = {folded: name for name in stored_names() if (folded := name.lower())}
    for name in names.values():
        yield name, newest.of_account(name)


def stored_names() -> Iterator[str]:
    """Every name of an account that an author, a repository or a mention bears."""
    yield from Author.objects.values_list("name", flat=True).iterator()
    yield from Artifact.objects.exclude(owner="").values_list("owner", flat=True).distinct().iterator()
    slash = StrIndex("target", Value("/"))
    owners = Mention.objects.filter(target__contains="/").annotate(
        owner=Substr("target", 1, slash - 1, output_field=TextField())
    )
    yield from owners.order_by().values_list("owner", flat=True).distinct().iterator()
