"""A notice as the register would write it (Arts 13 and 14 GDPR): for staff to complete before it is published."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from rights.notices.declaring import VOCABULARY, Words, needed
from rights.register import REGISTER, Retention


def drafted(language: str) -> str:
    """The text in this language: plain paragraphs, an empty line between two."""
    with translation.override(language):
        return "\n\n".join(_paragraphs(needed()))


def _paragraphs(words: Words) -> Iterator[str]:
    yield _(
        "The artificial intelligence department of the CNIL harvests what the Hugging Face Hub lists in public about "
        "models and datasets, and computes from it which were made from which."
    )
    yield _(
        "The controller is the CNIL. The legal basis is a task in the public interest (Art. 6(1)(e) GDPR). Nothing is "
        "decided automatically about anybody, and nothing is sent outside the European Union."
    )
    yield _("What it is held for: {words}.").format(words=_labels(words, "purposes"))
    yield _("What is held about persons: {words}.").format(words=_labels(words, "categories"))
    yield _("Where it comes from: {words}.").format(words=_labels(words, "sources"))
    yield _("Who sees it: {words}.").format(words=_labels(words, "recipients"))
    yield _("How long it is kept: {words}.").format(words=_kept())
    yield _(
        "You have the right of access to what is held about you, with a copy, and to its rectification, erasure and "
        "restriction; and you may object to being collected at all. The answer comes within one month and is free of "
        "charge. After an erasure or an objection, keyed fingerprints are kept so as not to collect you again."
    )
    yield _(
        "The CNIL's data protection officer answers your questions. You may lodge a complaint with a supervisory "
        "authority, and go to court."
    )


def _labels(words: Words, what: str) -> str:
    return _("; ").join(str(VOCABULARY[what](word).label) for word in words[what])


def _kept() -> str:
    used = {field.retention for field in REGISTER.values() if field.entry.is_personal}
    return _("; ").join(str(period.label) for period in Retention if period in used)
