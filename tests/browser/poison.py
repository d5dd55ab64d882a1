"""Every text column of every row holds a payload: found through the models, so that a new column is poisoned too."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

APPS = ("access", "lineage", "rights")
# Columns that nobody chooses: words, keys and marks of our own, which the code reads back.
OURS = {
    "password", "token", "digest", "code", "code_hash", "sealed", "page", "session_data", "reference", "number",
    "contact_mark", "name_mark", "message_mark", "content_mark", "mark", "door", "sha256", "key_id", "fingerprint",
    "entry", "chain", "act", "hub_id", "gated", "slot", "cursor", "landmark", "path", "form", "period", "nodes",
    "language", "field", "returned_status", "Consultation.purpose", "Watch.purpose",
}  # fmt: skip
LISTS = {("lineage.Artifact", "tags"), ("lineage.Artifact", "languages")}


def poisoned(payloads: list[str], turn: int = 0) -> int:
    """Put payloads into every column that somebody outside may fill; returns how many rows were changed.

    One payload fills a short column, all together a long one. Another `turn` gives each column another one.
    """
    numbers, changed = count(turn), 0
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model._meta.proxy:
            continue
        for row in model._default_manager.order_by("pk"):
            for values in _values(model, payloads, numbers):
                changed += _put(model, row.pk, values)
    return changed


def _values(model: type[models.Model], payloads: list[str], numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    for field in model._meta.concrete_fields:
        payload = payloads[next(numbers) % len(payloads)]
        if (model._meta.label, field.name) in LISTS:
            yield {field.name: payloads}
        elif _is_free(field) and field.name == "repo_id":
            yield {"repo_id": f"owner/{payload}", "owner": "owner"}
        elif _is_free(field):
            longest = getattr(field, "max_length", None)
            yield {field.name: payload[:longest] if longest else " ".join([payload, *payloads])}


def _is_free(field: Any) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField)
    names = {field.name, f"{field.model.__name__}.{field.name}"}
    return is_text and not field.choices and not field.primary_key and OURS.isdisjoint(names)


def _put(model: type[models.Model], key: object, values: dict[str, Any]) -> int:
    """How many rows took it: append-only tables and constraints refuse some."""
    try:
        with transaction.atomic():
            return int(model._default_manager.filter(pk=key).update(**values))
    except DatabaseError:
        return 0
