"""Old names of renamed repositories become aliases; linking ends those whose name is listed again."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import Q

from lineage.models import Alias
from lineage.staging.identity import Repository
from lineage.vocabulary import AliasOrigin

STRONGER = (AliasOrigin.STAFF, AliasOrigin.REDIRECT)
QUERY_SIZE = 200  # names in one query: SQLite bounds the depth of a condition
EARLIEST = datetime.min.replace(tzinfo=UTC)


def write(renames: Iterable[tuple[str, Repository]], *, at: datetime) -> int:
    """Leave an alias for each name that nobody holds now; returns how many were begun.

    Staff and the Hub's own redirects know better. Where two repositories of one run bore a name, the younger's it is.
    """
    meant: dict[tuple[str, str], Repository] = {}
    for name, repository in renames:
        key = (repository.kind, name)
        meant[key] = max(meant.get(key, repository), repository, key=lambda candidate: candidate.youth)
    live = _live(meant)
    begun = [key for key, repository in meant.items() if key not in live or _gives_way(live[key], repository)]
    Alias.objects.filter(pk__in=[live[key].pk for key in begun if key in live]).update(held_until=at)
    Alias.objects.bulk_create(
        Alias(kind=kind, name=name, artifact_id=meant[kind, name].key, origin=AliasOrigin.RENAME, held_from=at)
        for kind, name in begun
    )
    return len(begun)


def _gives_way(alias: Alias, to: Repository) -> bool:
    """A card's word always; an earlier rename only to a younger repository."""
    if alias.origin in STRONGER:
        return False
    if alias.origin == AliasOrigin.CARD:
        return True
    youth = (alias.artifact.created_at or EARLIEST, alias.artifact.hub_id)
    return alias.artifact_id != to.key and youth < to.youth


def _live(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Alias]:
    names, live = sorted(names), {}
    for start in range(0, len(names), QUERY_SIZE):
        wanted = Q()
        for kind, name in names[start : start + QUERY_SIZE]:
            wanted |= Q(kind=kind, name=name)
        for alias in Alias.objects.live().filter(wanted).select_related("artifact"):
            live[alias.kind, alias.name] = alias
    return live
