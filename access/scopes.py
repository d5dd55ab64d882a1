"""What a token may be for. Each scope lets through some of what its account may do, never more."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.roles import SEE_PERSON_NAMES


class Scope(StrEnum):
    """The scopes of a token."""

    READ = "read"
    NAMES = "names"


LABELS: Mapping[Scope, Promise] = {
    Scope.READ: _("read the genealogy, names masked"),
    Scope.NAMES: _("see names, while a supervisor's leave to see names is in force"),
}
PERMISSIONS: Mapping[str, frozenset[str]] = {
    Scope.READ: frozenset({"lineage.view_genealogy"}),
    Scope.NAMES: frozenset({SEE_PERSON_NAMES}),
}


def let_through(scopes: Iterable[str]) -> frozenset[str]:
    """The permissions that these scopes let through together. A word that is no scope lets through nothing."""
    return frozenset().union(*(PERMISSIONS.get(scope, frozenset()) for scope in scopes))
