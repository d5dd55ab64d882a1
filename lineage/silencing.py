"""Take out of free texts what names accounts that leave or are withheld: tags, facts, staff's reasons, statistics.

Where others wrote it, it comes back with the next record that may be stored: screening decides.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from lineage import corpora
from lineage.hub.texts import LISTS, TEXTS, facts_without
from lineage.models import AliasVerdict, Artifact, Corpus, DerivationVerdict, Statistic
from lineage.remains import BATCH, Remains, any_of

LEFT_OUT = "…"
STAFFS = ((DerivationVerdict, "reason"), (AliasVerdict, "reason"), (Corpus, "title"))


def written(gone: Remains) -> Iterator[tuple[Artifact, dict[str, Any]]]:
    """Others' artifacts whose free texts name the accounts, each with those texts as they are without them."""
    naming = gone.naming
    others = holding(_sought(gone)).exclude(pk__in=gone.keys)
    for artifact in others.only("pk", *TEXTS, *LISTS).order_by("pk").iterator():
        if changed := facts_without(artifact, naming):
            yield artifact, changed


def holding(sought: frozenset[str]) -> "QuerySet[Artifact]":
    """The artifacts in whose free texts one of these stands, be it within a longer word."""
    separated = [part for name in (*TEXTS, *LISTS) for part in (Cast(name, TextField()), Value(" "))]
    texts = Artifact.objects.annotate(text=Concat(*separated, output_field=TextField()))
    return texts.filter(_mentioning(sought, "text"))


def silence(gone: Remains, *, at: datetime) -> None:
    """Leave out what names the accounts, in the caller's own transaction."""
    for artifact, changed in list(written(gone)):
        corpora.mark(gone=[artifact.pk], fields=changed, at=at)
        # Without its digest the next record of it counts as new, and brings back what may be stored by then.
        Artifact.objects.filter(pk=artifact.pk).update(**changed, digest=b"")
    for model, field in STAFFS:
        _silence_staff(model._default_manager.filter(_mentioning(_sought(gone), field)), field, gone)
    _silence_statistics(gone)


def _silence_staff(rows: "QuerySet[Model]", field: str, gone: Remains) -> None:
    """What staff typed keeps its other words."""
    naming = gone.naming
    for row in rows:
        words = getattr(row, field).split(" ")
        setattr(row, field, " ".join(LEFT_OUT if naming(word) else word for word in words))
        row.save(update_fields=[field])


def _silence_statistics(gone: Remains) -> None:
    """A label that names the accounts is counted among the others until all is counted anew."""
    naming = gone.naming
    rows = Statistic.objects.annotate(text=Cast("counts", TextField())).filter(_mentioning(_sought(gone), "text"))
    for row in rows:
        kept = [(label, number) for label, number in row.counts if not naming(str(label))]
        row.others += sum(number for _label, number in row.counts) - sum(number for _label, number in kept)
        row.counts = kept
        row.save(update_fields=["counts", "others"])


def _sought(gone: Remains) -> frozenset[str]:
    return gone.accounts | gone.naming.repo_ids


def _mentioning(sought: frozenset[str], field: str) -> Q:
    """Where one of these stands; anywhere where they are too many to ask for."""
    if len(sought) > BATCH:
        return Q()
    return any_of(Q(**{f"{field}__icontains": text}) for text in sought)
