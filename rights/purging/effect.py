"""Asking for a purge, and carrying it out once a second person confirms."""

import logging
from datetime import date, datetime

from django.contrib.admin.models import LogEntry
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from rights import exclusion, journal, scrubbing
from rights.models import JournalEntry, ProjectPeriod, Purge, Rectification, Restriction
from rights.period import legal_date
from rights.purging import places
from rights.purging.certificates import DIGEST, PURGED, drawn_up
from rights.purging.copies import tell
from rights.purging.extent import Extent, extent, tables
from rights.stored import row_of

logger = logging.getLogger(__name__)


class PurgeRefused(Exception):
    """The purge cannot be, or not so. Nothing was changed. The words are for staff."""


@transaction.atomic
def ask(*, by: int, at: datetime) -> Purge:
    """Ask for the purge of everything. Raises PurgeRefused where one waits already."""
    if Purge.objects.waiting(at).exists():
        raise PurgeRefused(_("A purge waits for its second person already. Nothing was changed."))
    purge = Purge.objects.create(asked_by_key=by, asked_at=at)
    redo = {"do": "rows", "rows": [row_of(purge)]}
    journal.enter(
        act="purge_asked", by=by, at=at, reference=_reference(purge), details={"rows": extent().rows}, redo=redo
    )
    return purge


def confirm(*, purge: Purge, by: int, at: datetime) -> Purge:
    """Carry it out, as the second person: rows, files, queue, caches, keys. Returns it with its certificate.

    Raises PurgeRefused for the person who asked, and where its time is over or it was carried out already.
    """
    with transaction.atomic():
        exclusion.alone()
        held = Purge.objects.select_for_update().waiting(at).filter(pk=purge.pk).first()
        if held is None:
            raise PurgeRefused(_("No purge waits to be confirmed any more. Nothing was changed. Ask for it again."))
        if held.asked_by_key == by:
            raise PurgeRefused(_("Somebody else has to confirm what you asked for. Nothing was changed."))
        _carry_out(held, by=by, at=at)
    clear_up()
    _tell(at=at)
    return held


def again(*, at: datetime) -> None:
    """Empty a restored base of what was purged, within the caller's transaction; `clear_up` does the rest."""
    _empty(at=at)


def clear_up() -> list[str]:
    """After the transaction: what lies outside the database, and what its files still hold. May be repeated."""
    left = places.clear()
    if left:
        logger.error("Not cleared by the purge: %s. Run “manage.py rights purge clear”.", ", ".join(left))
    scrubbing.scrub(whole=True)
    return left


def refusal(*, on: date) -> str | None:
    """Why nothing may be harvested on the day `on` (Paris): purged, and no period began since. None where it may."""
    last = Purge.objects.carried_out().order_by("confirmed_at").last()
    if last is None or last.confirmed_at is None:
        return None
    day = legal_date(last.confirmed_at)
    if ProjectPeriod.objects.in_force(on).filter(starts_on__gt=day).exists():
        return None
    return _(
        "The project was purged on {day}: nothing may be harvested. Nothing was changed. A new project begins with a "
        "period of its own that starts later, and with its own notice."
    ).format(day=day.isoformat())


def _carry_out(purge: Purge, *, by: int, at: datetime) -> None:
    removed: Extent = extent()
    _empty(at=at)
    last = JournalEntry.objects.order_by("number").last()
    head = f"{last.number}:{last.chain}" if last else "0:"
    purge.confirmed_by_key, purge.confirmed_at = by, at
    purge.certificate = drawn_up(purge, removed, by=by, at=at, head=head)
    purge.save()
    details: dict[str, int | str] = {DIGEST: purge.certificate[DIGEST], "rows": removed.rows}
    redo = {"do": "purge", "rows": [row_of(purge)]}
    journal.enter(act=PURGED, by=by, at=at, reference=_reference(purge), details=details, redo=redo)


def _empty(*, at: datetime) -> None:
    """Every row that leaves; proofs stay, without what was harvested."""
    delete_all(tables(leaving=True))
    LogEntry.objects.filter(content_type__app_label="lineage").delete()
    Rectification.objects.in_force().update(closed_at=at)
    Rectification.objects.update(value="", hub_value="", artifact_key=0)
    Restriction.objects.in_force().update(lifted_at=at)
    Restriction.objects.update(artifact_keys=[])


def delete_all(leaving: list[type[models.Model]]) -> None:
    """All rows of these tables at once, whatever refers to what among them."""
    names = [connection.ops.quote_name(model._meta.db_table) for model in leaving]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # else what this transaction wrote before would be in the way
            cursor.execute(f"TRUNCATE {', '.join(names)}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")  # until the commit, when none is left dangling
        for name in names:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608  names of our own tables


def _tell(*, at: datetime) -> None:
    """The purge stands even where no mail goes out: the list is there for a person."""
    try:
        tell(at=at)
    except OSError as failure:
        kind = type(failure).__name__
        logger.error("Recipients were not asked (%s): “manage.py rights purge copies” lists them.", kind)


def _reference(purge: Purge) -> str:
    return f"purge:{purge.pk}"
