"""Corrected values against what harvests bring: records are rewritten before they are stored."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lineage.hub.records import HubRecord
from lineage.models import Artifact
from rights.models import Rectification

QUERY_SIZE = 500


def applied(records: Sequence[HubRecord]) -> Sequence[HubRecord]:
    """The records with the corrected values in place; what the Hub says, and whether it agrees by now, is kept."""
    rectifications = list(Rectification.objects.in_force())
    if not rectifications:
        return records
    found = _found(rectifications)
    return [_corrected(record, found.of(record)) for record in records]


def outline() -> list[tuple[object, ...]]:
    """Which values are corrected: it changes whenever a record may have to be rewritten otherwise."""
    return list(Rectification.objects.in_force().order_by("pk").values_list("pk", "artifact_key", "field", "value"))


@dataclass
class Found:
    """Rectifications by kind and `_id` of their artifact, and by kind and name; `without_id`: those without."""

    by_hub_id: dict[tuple[str, str], list[Rectification]] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Rectification]] = field(default_factory=dict)
    without_id: dict[tuple[str, str], list[Rectification]] = field(default_factory=dict)

    def of(self, record: HubRecord) -> list[Rectification]:
        """Those of a record's own repository: another one may have taken the name."""
        name = (record.kind, record.repo_id)
        if not record.hub_id:
            return self.by_name.get(name, [])
        return self.by_hub_id.get((record.kind, record.hub_id)) or self.without_id.get(name, [])


def _found(rectifications: Iterable[Rectification]) -> Found:
    by_key: dict[int, list[Rectification]] = defaultdict(list)
    for rectification in rectifications:
        by_key[rectification.artifact_key].append(rectification)
    keys, found = sorted(by_key), Found()
    for start in range(0, len(keys), QUERY_SIZE):
        some = Artifact.objects.current().filter(pk__in=keys[start : start + QUERY_SIZE])
        for key, kind, hub_id, repo_id in some.values_list("pk", "kind", "hub_id", "repo_id"):
            found.by_name[kind, repo_id] = by_key[key]
            if hub_id:
                found.by_hub_id[kind, hub_id] = by_key[key]
            else:
                found.without_id[kind, repo_id] = by_key[key]
    return found


def _corrected(record: HubRecord, rectifications: Iterable[Rectification]) -> HubRecord:
    for rectification in rectifications:
        said = plain(getattr(record, rectification.field))
        agrees = said == rectification.value
        if (said, agrees) != (rectification.hub_value, rectification.agreed):
            rectification.hub_value, rectification.agreed = said, agrees
            rectification.save(update_fields=["hub_value", "agreed"])
        value: dict[str, Any] = {rectification.field: _as_read(rectification.value)}
        record = replace(record, **value)
    return record


def plain(value: object) -> object:
    """A fact as JSON holds it."""
    return list(value) if isinstance(value, tuple) else value


def _as_read(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
