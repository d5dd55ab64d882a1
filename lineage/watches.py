"""Watches: somebody is told of every change that a harvest brings to the trace of an artifact.

Kept as numbers and harvests; which artifacts they are is read from the history when the page is opened, so that an
erasure reaches all of it.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from lineage import alarms, history
from lineage.consultations import STUDY
from lineage.lookup import meant
from lineage.models import Artifact, HarvestRun, Watch, WatchedChange
from lineage.vocabulary import Direction

logger = logging.getLogger(__name__)


def begin(artifact: Artifact, *, by: AbstractBaseUser, at: datetime, direction: Direction, purpose: str = "") -> Watch:
    """Watch the artifact from the latest harvest on; the same watch again changes nothing.

    `purpose`: the opaque reference of the case it is watched for; "" for none.
    """
    fresh = {"set_at": at, "seen_run": alarms.last_good()}
    watch, _is_new = Watch.objects.get_or_create(
        holder_id=by.pk, artifact=artifact, direction=direction, purpose=purpose or STUDY, defaults=fresh
    )
    return watch


def end(key: int, *, by: AbstractBaseUser) -> bool:
    """End one's own watch, with what was noted. Returns whether there was one."""
    return bool(Watch.objects.filter(pk=key, holder_id=by.pk).delete()[0])


def note(run: HarvestRun, *, at: datetime) -> int:
    """After a harvest was linked: note what it changed under each watched artifact, and tell.

    Returns how many changes.
    """
    noted = 0
    for watch in Watch.objects.live().exclude(seen_run=run).select_related("artifact", "holder", "seen_run"):
        change = _note(watch, run, at=at)
        if change is not None:
            noted += 1
            _tell(change)
    return noted


@transaction.atomic
def _note(watch: Watch, run: HarvestRun, *, at: datetime) -> WatchedChange | None:
    before, watch.seen_run = watch.seen_run, run
    watch.save(update_fields=["seen_run"])
    if before is None:
        return None
    found = history.changes(meant(watch.artifact), before=before, after=run, direction=Direction(watch.direction))
    if not found:
        return None
    counts = {name: len(keys) for name, keys in found.lists().items()}
    return WatchedChange.objects.create(watch=watch, before=before, after=run, noted_at=at, **counts)


def _tell(change: WatchedChange) -> None:
    """By mail where an address is known; the page tells anyway. Numbers alone: a mail travels in the open."""
    holder = change.watch.holder
    address = getattr(holder, "email", "")
    if not address:
        return
    words = _(
        "Your watch number {number}: {appeared} appeared, {left} left, {reparented} changed parent, {unlisted} left "
        "the Hub's catalogue. Sign in and open “My watches” to see which."
    ).format(
        number=change.watch_id,
        appeared=change.appeared,
        left=change.left,
        reparented=change.reparented,
        unlisted=change.unlisted,
    )
    try:
        send_mail(_("Genealogy: a watched trace changed"), words, settings.DEFAULT_FROM_EMAIL, [address])
    except OSError as failure:
        logger.warning("The mail of watch %s could not be sent (%s)", change.watch_id, type(failure).__name__)
