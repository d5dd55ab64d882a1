"""The keys that the database does not check (ADR 0045): does each lead to a row?"""

from django.apps import apps
from django.db.models import Exists, ForeignKey, OuterRef


def unchecked_keys():
    """Every column, discovered, that points to another table without a constraint of the database."""
    own = [model for app in ("lineage", "rights", "access") for model in apps.get_app_config(app).get_models()]
    return [
        field
        for model in own
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, ForeignKey) and not field.db_constraint  # type: ignore[attr-defined]
    ]


def leading_nowhere():
    """The unchecked columns that hold a key of no row."""
    return [str(field) for field in unchecked_keys() if _dangling(field).exists()]


def _dangling(field):
    there = field.related_model._base_manager.filter(pk=OuterRef(field.attname))
    return field.model._base_manager.filter(~Exists(there), **{f"{field.name}__isnull": False})
