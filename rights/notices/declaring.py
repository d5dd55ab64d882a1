"""What a notice must declare, read out of the register, and what one in force lacks."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from rights.models import Notice
from rights.register import REGISTER, Category, Entry, Purpose, Recipient, Source

VOCABULARY: Mapping[str, type[TextChoices]] = {
    "categories": Category,
    "sources": Source,
    "recipients": Recipient,
    "purposes": Purpose,
}
Words = dict[str, list[str]]


class NoticeRefused(Exception):
    """The notice cannot be so. Nothing was changed. The words are for staff."""


def needed(entries: Iterable[Entry] | None = None) -> Words:
    """The words about persons that these entries use, or all of the register: what a notice must declare."""
    held = [field.entry for field in REGISTER.values()] if entries is None else list(entries)
    about_persons = [entry for entry in held if entry.is_personal]
    used: dict[str, set[str]] = {
        "categories": {entry.category for entry in about_persons},
        "sources": {entry.source for entry in about_persons},
        "recipients": {recipient for entry in about_persons for recipient in entry.use.recipients},
        "purposes": {entry.use.purpose for entry in about_persons},
    }
    return {what: [word for word in VOCABULARY[what].values if word in used[what]] for what in VOCABULARY}


def lacking(notice: Notice) -> Words:
    """The words that the register uses and this notice does not declare; nothing where it declares all."""
    declared = notice.declared
    missing = {what: [word for word in words if word not in declared[what]] for what, words in needed().items()}
    return {what: words for what, words in missing.items() if words}


def refusal(*, on: date) -> str | None:
    """Why nothing may be harvested on the day `on`, as far as the notice goes; None where it declares all."""
    notice = Notice.objects.in_force(on)
    if notice is None:
        return _(
            "No information notice is in force on {day}: nothing may be harvested. Nothing was changed. Publish one in "
            "the admin (Rights, Information notices); “manage.py rights notice draft” prints what it must declare."
        ).format(day=on.isoformat())
    missing = lacking(notice)
    if not missing:
        return None
    return _(
        "The information notice in force (version {version}) does not declare: {words}. Nothing may be harvested. "
        "Nothing was changed. Publish a version that does; “manage.py rights notice draft” prints what it must declare."
    ).format(version=notice.version, words=said(missing))


def said(words: Mapping[str, Iterable[str]]) -> str:
    """Words for staff: each with what it is and how it is called on pages."""
    kinds = {
        "categories": _("category"),
        "sources": _("source"),
        "recipients": _("recipient"),
        "purposes": _("purpose"),
    }
    return _("; ").join(
        _("{kind} {word} ({label})").format(kind=kinds[what], word=word, label=VOCABULARY[what](word).label)
        for what, some in words.items()
        for word in some
    )
