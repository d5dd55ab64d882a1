"""The words of the desk: what a case is about, and where each right in it stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How a case came in. The clock runs from receipt by any of them."""

    FORM = "form", _("form of this site")
    EMAIL = "email", _("e-mail")
    LETTER = "letter", _("letter")
    ON_SITE = "on_site", _("in person")
    OTHER = "other", _("another official channel")


class Requester(TextChoices):
    """For whom a person writes."""

    ONESELF = "oneself", _("for oneself")
    MANDATE = "mandate", _("by mandate")
    MINOR = "minor", _("for one's minor child")
    DECEASED = "deceased", _("for a deceased person, as heir")


class Right(TextChoices):
    """The rights of Arts 15 to 21 GDPR. Portability does not apply here, and is answered all the same."""

    ACCESS = "access", _("access")
    RECTIFICATION = "rectification", _("rectification")
    ERASURE = "erasure", _("erasure")
    RESTRICTION = "restriction", _("restriction")
    OBJECTION = "objection", _("objection")
    PORTABILITY = "portability", _("portability")


class State(TextChoices):
    """Which step one right of a case has reached."""

    RECEIVED = "received", _("received")
    VERIFIED = "verified", _("identity verified")
    DECIDED = "decided", _("decided")
    FULFILLED = "fulfilled", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")
    NOT_IDENTIFIED = "not_identified", _("not identified")
    REDIRECTED = "redirected", _("redirected")


class Decision(TextChoices):
    """What was decided: the outcome, apart from the step."""

    GRANTED = "granted", _("granted")
    PARTLY_GRANTED = "partly_granted", _("partly granted")
    REFUSED = "refused", _("refused")


class Ground(TextChoices):
    """Why a right is refused, in whole or in part."""

    NOT_APPLICABLE = "not_applicable", _("the right does not apply to this processing")
    UNFOUNDED = "unfounded", _("manifestly unfounded (Art. 12(5))")
    EXCESSIVE = "excessive", _("manifestly excessive (Art. 12(5))")
    OTHERS = "others", _("rights and freedoms of others")
    ORGANISATION = "organisation", _("an organisation's account: no person concerned")
    NOTHING_HELD = "nothing_held", _("nothing is held")
    RESEARCH = "research", _("exception: research (Art. 17(3)(d), 89)")
    PUBLIC_INTEREST = "public_interest", _("exception: public interest (Art. 17(3)(b), 21(1))")


class Identity(TextChoices):
    """Whether control of an account was shown."""

    UNCHECKED = "unchecked", _("not checked")
    CODE_ASKED = "code_asked", _("code handed out")
    CONFIRMED = "confirmed", _("confirmed")
    NOT_CONFIRMED = "not_confirmed", _("not confirmed")


class Proof(TextChoices):
    """By what control of an account was shown. No paper is kept."""

    CODE = "code", _("code found on the Hub")
    CHANNEL = "channel", _("channel known to be the account's")
    SEEN = "seen", _("document seen, not kept")


class Opinion(TextChoices):
    """What the data protection officer thinks. It decides nothing."""

    FAVOURABLE = "favourable", _("favourable")
    RESERVED = "reserved", _("favourable with reservations")
    UNFAVOURABLE = "unfavourable", _("unfavourable")


class LetterKind(TextChoices):
    """What a letter says. The text of each is a template by this name, in each language."""

    ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement of receipt")
    IDENTITY = "identity", _("how to show control of the account")
    QUESTION = "question", _("question that stops the clock")
    EXTENSION = "extension", _("extension by two months")
    ACCESS = "access", _("answer: access")
    RECTIFICATION = "rectification", _("answer: rectification")
    ERASURE = "erasure", _("answer: erasure")
    RESTRICTION = "restriction", _("answer: restriction")
    OBJECTION = "objection", _("answer: objection")
    PORTABILITY = "portability", _("answer: portability does not apply")
    REFUSAL = "refusal", _("refusal, in whole or in part")
    NOT_IDENTIFIED = "not_identified", _("not identified")
    REDIRECTION = "redirection", _("to whom to turn instead")
    LIFTING = "lifting", _("notice before a restriction is lifted")
    RECIPIENTS = "recipients", _("notice to recipients (Art. 19)")
    REFERRAL = "referral", _("answer to a referral")


class Way(TextChoices):
    """How a letter left."""

    MAIL = "mail", _("e-mail")
    POST = "post", _("post")
    HAND = "hand", _("handed over")


class Enclosure(TextChoices):
    """Which kinds of file may come with a letter: found from the content, never from the name."""

    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG picture")
    JPEG = "jpg", _("JPEG picture")
    TEXT = "txt", _("plain text")
    DOCX = "docx", _("Word text")
    ODT = "odt", _("OpenDocument text")
    MAIL = "eml", _("e-mail")
