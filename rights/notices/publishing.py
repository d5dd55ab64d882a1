"""Writing a notice down, and making it public: from then on it stays as it is."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from rights import journal
from rights.models import Notice
from rights.notices.declaring import NoticeRefused, lacking, needed, said
from rights.notices.wording import drafted
from rights.period import legal_date
from rights.stored import row_of


@transaction.atomic
def record(*, notice: Notice, by: int, at: datetime) -> Notice:
    """Write a draft down: as the next version, or as it was changed. Raises NoticeRefused for one that is public."""
    if notice.pk is None:
        notice.version = (Notice.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    elif Notice.objects.published().filter(pk=notice.pk).exists():
        raise NoticeRefused(_("This notice is public already. Nothing was changed. Record a new version."))
    notice.published_at = None
    notice.save()
    redo = {"do": "rows", "rows": [row_of(notice)]}
    journal.enter(act="notice_drafted", by=by, at=at, reference="", details={"version": notice.version}, redo=redo)
    return notice


def drawn(*, in_force_from: date) -> Notice:
    """A draft, not written down yet, that says and declares what the register holds."""
    return Notice(in_force_from=in_force_from, text_fr=drafted("fr"), text_en=drafted("en"), **needed())


@transaction.atomic
def publish(*, notice: Notice, by: int, at: datetime) -> Notice:
    """Make a draft public: nobody changes it any more.

    Raises NoticeRefused where it is public already, lacks a text or a word of the register, or would begin in the past.
    """
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    _check(held, on=legal_date(at))
    held.published_at = at
    held.save(update_fields=["published_at"])
    details: dict[str, int | str] = {"version": held.version, "in_force_from": held.in_force_from.isoformat()}
    redo = {"do": "rows", "rows": [row_of(held)]}
    journal.enter(act="notice_published", by=by, at=at, reference="", details=details, redo=redo)
    return held


def _check(notice: Notice, *, on: date) -> None:
    if notice.published_at:
        raise NoticeRefused(_("This notice is public already. Nothing was changed. Record a new version."))
    if not notice.text_fr.strip() or not notice.text_en.strip():
        raise NoticeRefused(_("A notice is published in French and in English. Nothing was changed. Add the text."))
    if notice.in_force_from < on:
        raise NoticeRefused(
            _("A notice binds from the day it is public, not before. Nothing was changed. Choose today or a later day.")
        )
    if missing := lacking(notice):
        raise NoticeRefused(
            _("This notice does not declare: {words}. Nothing was changed. Add them.").format(words=said(missing))
        )
