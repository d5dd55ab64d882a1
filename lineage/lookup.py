"""Which artifact a typed name means, and which names come near one that means none."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import chain

from django.db.models import QuerySet
from django.db.models.functions import Lower

from lineage.models import Alias, Artifact
from lineage.vocabulary import Kind

CANDIDATES = 200  # names read from the index for each prefix
SHORTEST_WITHIN = 3  # characters; the trigram index finds nothing by fewer
LEAST_LIKENESS = 0.5  # of 1; below it a name is no help
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what no database takes, so no artifact bears it


def find(kind: Kind, name: str) -> Artifact | None:
    """The artifact this name means: the one that bears it, or the one a live alias points to; None where unknown.

    What is withheld is not known to anybody.

    Ids are case-sensitive, as on the Hub. Where the name is known to mean another artifact, that one is returned.
    """
    name = name.strip()
    if UNSTORABLE.search(name):
        return None
    bearer = Artifact.objects.current().of_kind(kind).filter(repo_id=name).first()
    if bearer is None:
        alias = Alias.objects.live().filter(kind=kind, name=name).select_related("artifact").first()
        bearer = alias.artifact if alias else None
    found = bearer and meant(bearer)
    return found if found is not None and found.withheld_at is None else None


def meant(artifact: Artifact) -> Artifact:
    """The artifact that this one's name means today: itself, unless superseded. Follows a line to its end."""
    followed = {artifact.pk}
    while artifact.superseded_by is not None and artifact.superseded_by.pk not in followed:
        artifact = artifact.superseded_by
        followed.add(artifact.pk)
    return artifact


def nearest(kind: Kind, name: str, limit: int = 5) -> list[str]:
    """At most `limit` names of artifacts of this kind that look like `name`, the likest first.

    Only names that an index finds by a beginning are looked at, so it stays quick in a big base.
    """
    folded = UNSTORABLE.sub("", name).strip().lower()
    candidates = set(chain.from_iterable(_candidates(kind, folded))) if folded else set()
    likeness = {candidate: _likeness(folded, candidate.lower()) for candidate in candidates}
    near = (candidate for candidate in candidates if likeness[candidate] >= LEAST_LIKENESS)
    return nlargest(limit, sorted(near), key=lambda candidate: likeness[candidate])


def _candidates(kind: Kind, folded: str) -> Iterator["QuerySet[Artifact, str]"]:
    """Names that begin like the typed one, and names of any owner whose own part begins or ends like it."""
    names = Artifact.objects.current().shown().of_kind(kind).values_list("repo_id", flat=True)
    by_beginning = names.alias(folded=Lower("repo_id")).order_by("folded")
    for prefix in _beginnings(folded, shortest=1):
        beyond = prefix[:-1] + chr(min(ord(prefix[-1]) + 1, 0x10FFFF))
        yield by_beginning.filter(folded__gte=prefix, folded__lt=beyond)[:CANDIDATES]
    own = folded.rpartition("/")[2]
    for prefix in _beginnings(own, shortest=SHORTEST_WITHIN):
        yield names.filter(repo_id__icontains=f"/{prefix}")[:CANDIDATES]
    if len(own) // 2 >= SHORTEST_WITHIN:
        yield names.filter(repo_id__iendswith=own[len(own) // 2 :])[:CANDIDATES]


def _beginnings(text: str, *, shortest: int) -> list[str]:
    """The whole text, three quarters, half and a quarter of it, as far as they are long enough."""
    lengths = {len(text) * quarters // 4 for quarters in (1, 2, 3, 4)}
    return [text[:length] for length in sorted(lengths, reverse=True) if length >= shortest]


def _likeness(typed: str, name: str) -> float:
    """From 0 to 1; a name under another owner, or typed without one, is nearly as like as the same name."""
    whole = SequenceMatcher(None, typed, name).ratio()
    bare = SequenceMatcher(None, typed.rpartition("/")[2], name.rpartition("/")[2]).ratio()
    return max(whole, 0.95 * bare)
