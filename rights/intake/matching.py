"""To which case or referral a letter belongs: by what it answers, by what its subject says, by who sent it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rights import threads
from rights.models import IncomingLetter, OutgoingLetter, Referral, RightsCase
from rights.sealed import mark

Matter = RightsCase | Referral
REFERENCE = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{4} ?){7}[0-9a-fA-F]{4}(?![0-9a-fA-F])")
NUMBER = re.compile(r"(?<!\d)(\d{3})[ \u00a0\u202f]?(\d{3})(?!\d)")


@dataclass(frozen=True, slots=True)
class Match:
    """Where a letter belongs. `certain`: it needs no agent to say so; `returned`: the letter of ours that came back."""

    matter: Matter
    certain: bool
    returned: OutgoingLetter | None = None


def match(*, sender: str, subject: str, follows: Iterable[str]) -> Match | None:
    """The case or referral that a letter answers; None for none.

    Certain where it came from the address of an open one. What a sender writes is believed no further.
    """
    seen = mark(sender)
    first: Matter | None = None
    for matter in _candidates(subject, follows):
        if seen and matter.contact_mark == seen and matter.closed_at is None:
            return Match(matter, certain=True)
        first = first or matter
    return Match(first, certain=False) if first else None


def match_return(message_id: str) -> Match | None:
    """What a mail of ours that came back was about. Only we make such a Message-ID, so it is certain."""
    about = threads.cited(message_id)
    if about is None:
        return None
    letter = OutgoingLetter.objects.filter(pk=about[1]).first() if about[0] == threads.LETTER else None
    matter = _about(*about)
    return Match(matter, certain=True, returned=letter) if matter else None


def _candidates(subject: str, follows: Iterable[str]) -> Iterator[Matter]:
    """The nearest first: what it answers, then what its subject cites."""
    for message_id in follows:
        about = threads.cited(message_id)
        matter = _about(*about) if about else _known(message_id)
        if matter:
            yield matter
    references = {"".join(found.split()).lower() for found in REFERENCE.findall(subject)}
    numbers = {"".join(pair) for pair in NUMBER.findall(subject)}
    for model in (RightsCase, Referral):
        yield from model._default_manager.filter(reference__in=references)
        yield from model._default_manager.filter(number__in=numbers)


def _about(what: str, key: int) -> Matter | None:
    if what == threads.LETTER:
        letter = OutgoingLetter.objects.select_related("case", "referral").filter(pk=key).first()
        return _of(letter)
    if what == threads.CASE:
        return RightsCase.objects.filter(pk=key).first()
    return Referral.objects.filter(pk=key).first()


def _known(message_id: str) -> Matter | None:
    """The case or referral of a letter that came in before."""
    letters = IncomingLetter.objects.filter(message_mark=mark(message_id)).exclude(message_mark="")
    return _of(letters.select_related("case", "referral").exclude(case=None, referral=None).first())


def _of(letter: IncomingLetter | OutgoingLetter | None) -> Matter | None:
    return (letter.case or letter.referral) if letter else None
