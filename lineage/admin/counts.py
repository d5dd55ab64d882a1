"""What each of a harvest's counts is called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: Mapping[str, Promise] = {
    "pages": _("pages stored"),
    "rows": _("records read"),
    "created": _("artifacts seen for the first time"),
    "updated": _("artifacts updated"),
    "unchanged": _("records that changed nothing"),
    "renamed": _("artifacts renamed"),
    "displaced": _("artifacts that lost their name to another"),
    "gone": _("artifacts no longer listed"),
    "authors": _("authors seen for the first time"),
    "counters": _("artifacts whose downloads or likes changed"),
    "mentions_added": _("mentions added"),
    "mentions_changed": _("mentions changed"),
    "mentions_removed": _("mentions removed"),
    "unlinked": _("rows by which linking may change something"),
    "edges_begun": _("derivations begun"),
    "edges_ended": _("derivations ended"),
    "edges_reassessed": _("derivations known otherwise than before"),
    "aliases_begun": _("aliases begun"),
    "aliases_ended": _("aliases ended"),
    "mentioned": _("artifacts named for the first time, and not listed"),
    "swept": _("artifacts that nobody names any more"),
    "placed": _("artifacts with another parent or family"),
    "cycles_broken": _("circles of parents broken"),
    "quarantined": _("records in quarantine"),
    "set_aside": _("records kept without an odd value"),
    "pages_given_up": _("pages given up"),
    "dropped": _("records the policy kept out"),
    "dropped_mentions": _("mentions the policy kept out"),
    "changed": _("rows changed in all"),
}


def count_lines(counts: Mapping[str, int]) -> list[tuple[Promise | str, int]]:
    """The counts that are not 0, in a fixed order, each with its name; those without a name last, as they are."""
    known = [(LABELS[name], counts[name]) for name in LABELS if counts.get(name)]
    return [*known, *((name, number) for name, number in sorted(counts.items()) if name not in LABELS and number)]
