"""A dropped mail or a typed letter is kept sealed until an agent enters it; an answer joins its case by itself."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rights.desk.acts import ActRefused
from rights.desk.opening import LONGEST_MESSAGE
from rights.intake.enclosing import MEGABYTE, LeftOut, enclose, fingerprint, sorted_out
from rights.intake.entering import NO_STATUS, join, note_return
from rights.intake.matching import match, match_return
from rights.mail import BadMail, Fault, Mail, Part, read
from rights.mail.plain import one_line
from rights.models import IncomingLetter
from rights.sealed import mark
from rights.vocabulary import Channel

MOST_AT_ONCE = 20
FAULTS: Mapping[Fault, Promise] = {
    Fault.EMPTY: gettext_lazy("it is empty"),
    Fault.TOO_LARGE: gettext_lazy("it is too large"),
    Fault.TOO_NESTED: gettext_lazy("too many mails or parts are packed in one another"),
    Fault.TOO_MANY_HEADERS: gettext_lazy("its headers are too many or too long"),
    Fault.UNREADABLE: gettext_lazy("it cannot be read"),
    Fault.NO_MAIL: gettext_lazy("it is no mail (.eml)"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail. `joined`: it went to its case by itself; `was_known`: it was here before."""

    letter: IncomingLetter
    joined: bool = False
    was_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A letter as an agent types it in; `sender`: an e-mail or postal address."""

    channel: Channel
    received_at: datetime
    sender: str = ""
    name: str = ""
    text: str = ""
    files: tuple[Part, ...] = ()


@transaction.atomic
def drop(files: Sequence[Part], *, by: int, at: datetime) -> list[Taken]:
    """Take in these mails: all of them, or none. The same mail twice is one. Raises ActRefused naming what is wrong."""
    if len(files) > MOST_AT_ONCE:
        raise ActRefused(_("20 mails at once at most. Nothing was stored. Drop the others afterwards."))
    if sum(len(file.content) for file in files) > 2 * settings.ATTACHMENTS_MEGABYTES * MEGABYTE:
        raise ActRefused(_("These mails are too large together. Nothing was stored. Drop them one by one."))
    mails = [_read(file, number, at) for number, file in enumerate(files, start=1)]
    return [_taken(mail, by=by, at=at) for mail in mails]


@transaction.atomic
def type_in(typed: Typed, *, by: int, at: datetime) -> IncomingLetter:
    """Take in a letter that came on paper, with its scans.

    Raises ActRefused where a scan is not taken: nothing is kept.
    """
    if typed.received_at > at:
        raise ActRefused(_("The date of receipt is still to come. Nothing was stored. Enter the day it reached us."))
    taken, left = sorted_out(typed.files)
    if left:
        why = "; ".join(str(one) for one in left)
        raise ActRefused(_("Not every file is taken. Nothing was stored. {why}").format(why=why))
    if not typed.text.strip() and not taken:
        raise ActRefused(_("The letter has neither text nor a scan. Nothing was stored."))
    letter = IncomingLetter.objects.create(
        channel=typed.channel,
        received_at=typed.received_at,
        dropped_at=at,
        dropped_by_id=by,
        sender=typed.sender,
        sender_name=typed.name,
        text=typed.text,
    )
    enclose(letter, taken)
    return letter


def _read(file: Part, number: int, at: datetime) -> Mail:
    try:
        return read(file.content, at=at)
    except BadMail as bad:
        raise ActRefused(
            _("Mail {number} ({name}) is not taken: {why}. Nothing was stored, of the others neither.").format(
                number=number, name=one_line(file.name, most=120) or "–", why=FAULTS[bad.fault]
            )
        ) from None


def _taken(mail: Mail, *, by: int, at: datetime) -> Taken:
    content_mark = _content_mark(mail)
    known = IncomingLetter.objects.filter(content_mark=content_mark).first()
    if known:
        return Taken(known, was_known=True)
    try:
        with transaction.atomic():
            letter = _kept(mail, content_mark, by=by, at=at)
    except IntegrityError:  # another agent dropped it in the same moment
        return Taken(IncomingLetter.objects.get(content_mark=content_mark), was_known=True)
    return Taken(letter, joined=_joined(letter, mail, by=by, at=at))


def _kept(mail: Mail, content_mark: str, *, by: int, at: datetime) -> IncomingLetter:
    """The letter as it waits, with its files; of a mail that came back none, which were ours."""
    taken, left = sorted_out(() if mail.bounce else mail.parts)
    letter = IncomingLetter.objects.create(
        channel=Channel.EMAIL,
        received_at=mail.received_at,
        by_our_server=mail.by_our_server,
        dropped_at=at,
        dropped_by_id=by,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        text=mail.text[:LONGEST_MESSAGE],
        left_out="\n".join(_left_out(mail, left)),
        thread="\n".join([mail.bounce.message_id] if mail.bounce else mail.follows),
        message_mark=mark(mail.message_id),
        content_mark=content_mark,
        automatic=mail.automatic,
        returned_status=(mail.bounce.status or NO_STATUS) if mail.bounce else "",
    )
    enclose(letter, taken)
    return letter


def _joined(letter: IncomingLetter, mail: Mail, *, by: int, at: datetime) -> bool:
    """Whether it joined its case by itself: an answer from that person's address, or a mail of ours that came back."""
    if mail.bounce:
        returned = match_return(mail.bounce.message_id)
        if returned:
            note_return(incoming=letter, match=returned, by=by, at=at)
        return returned is not None
    found = match(sender=mail.sender, subject=mail.subject, follows=mail.follows)
    if found is None or not found.certain:
        return False
    kept = list(letter.attachments.values_list("pk", flat=True))
    join(incoming=letter, matter=found.matter, received_at=mail.received_at or at, kept=kept, by=by, at=at)
    return True


def _left_out(mail: Mail, left: Iterable[LeftOut]) -> list[str]:
    lines = [str(one) for one in left]
    if len(mail.text) > LONGEST_MESSAGE:
        lines.append(_("The text after its first 100,000 characters."))
    return lines


def _content_mark(mail: Mail) -> str:
    """The same for a mail and its copies, which other programs save with other line ends and headers of their own."""
    said: list[Any] = [mail.message_id, mail.sender, mail.subject, mail.text]
    said += [fingerprint(part.content) for part in mail.parts]
    if not mail.message_id:
        said.append(str(mail.received_at))
    return mark(fingerprint(json.dumps(said).encode()))
