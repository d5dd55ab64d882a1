"""A reader's own list: what they marked, and what they looked at last in this session."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from lineage.models import Artifact, Star

MOST_STARS = 50  # of one account
MOST_RECENT = 8
RECENT = "recent_artifacts"  # keys, in the session: they end with it


class TooManyStars(Exception):
    """The account has as many stars as there may be; nothing was changed."""


@transaction.atomic
def toggle(*, artifact: Artifact, by: int, at: datetime) -> bool:
    """Mark the artifact for the account `by` (key), or take its mark away. Returns whether it is marked now.

    Raises TooManyStars.
    """
    if Star.objects.filter(user=by, artifact=artifact).delete()[0]:
        return False
    if Star.objects.filter(user=by).count() >= MOST_STARS:
        raise TooManyStars
    Star.objects.get_or_create(user_id=by, artifact=artifact, defaults={"at": at})
    return True


def starred(by: int) -> list[Artifact]:
    """What the account marked and may still be shown, the latest first. One query."""
    shown = Star.objects.filter(user=by, artifact__withheld_at=None).select_related("artifact")
    return [star.artifact for star in shown.order_by("-at", "-pk")]


def marked_by(account: int) -> Exists:
    """Whether the account marked an artifact, to annotate artifacts with."""
    return Exists(Star.objects.filter(user=account, artifact=OuterRef("pk")))


def looked_at(session: MutableMapping[str, Any], key: int) -> None:
    """Put the artifact first among those looked at in this session."""
    former = [other for other in session.get(RECENT, []) if other != key]
    if session.get(RECENT, [None])[0] != key:
        session[RECENT] = [key, *former][:MOST_RECENT]


def recent(session: MutableMapping[str, Any]) -> list[Artifact]:
    """What was looked at in this session and may still be shown, the latest first. One query where there was any."""
    keys = session.get(RECENT, [])
    found = Artifact.objects.shown().in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]
