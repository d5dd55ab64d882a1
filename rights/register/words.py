"""The words in which each field is classified, and what goes for a whole category of data."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    """Whose data it is."""

    AUTHOR = "author", _("holder of an account on the Hub")
    STAFF = "staff", _("holder of an account on this site")
    WRITER = "writer", _("person who writes to us")


class Category(TextChoices):
    """What kind of data it is."""

    HUB_ACCOUNT = "hub_account", _("account on the Hub")
    REPOSITORY = "repository", _("repositories of the account")
    LINEAGE = "lineage", _("what the repositories were made from, and what was made from them")
    SUPPRESSION = "suppression", _("fingerprints of whom not to collect")
    CASES = "cases", _("what was done about the rights of a person")
    CORRESPONDENCE = "correspondence", _("letters to us, and what was answered")
    REFERRALS = "referrals", _("letters to us about somebody's dataset or model")
    READS = "reads", _("reads and exports of the genealogy")
    VISITS = "visits", _("visits of the public form, counted against spam and guessing")
    SITE_ACCOUNT = "site_account", _("account on this site")
    SIGN_IN = "sign_in", _("sign-in and its protection")
    DRAFTS = "drafts", _("text that staff is writing")
    ACTS = "acts", _("what was decided or changed on this site")
    TECHNICAL = "technical", _("technical, about nobody")


class Purpose(TextChoices):
    """What it is held for."""

    GENEALOGY = "genealogy", _("to know how the models and datasets of the Hub derive from one another")
    RIGHTS = "rights", _("to honour the rights of the persons concerned")
    SECURITY = "security", _("to protect the site, and to show who read and changed what")
    RUNNING = "running", _("to run the site")


class Recipient(TextChoices):
    """Who gets to see it."""

    AGENTS = "agents", _("agents and supervisors of the AI department")
    RESEARCHERS = "researchers", _("researchers, with masked names unless a supervisor gave leave")
    DPO = "dpo", _("the data protection officer")
    ADMINISTRATORS = "administrators", _("administrators of the site")
    HOLDER = "holder", _("the holder of the account, and nobody else")


class Source(TextChoices):
    """Where it comes from."""

    HUB = "hub", _("the public listing of the Hub")
    RULE = "rule", _("computed from what the Hub lists")
    SITE = "site", _("recorded by this site")
    STAFF = "staff", _("typed by staff")
    WRITER = "writer", _("the person who writes to us")


class Shown(TextChoices):
    """How an answer to a request for access gives it."""

    COPIED = "copied", _("copied as it is held")
    DATED = "dated", _("as a category and a date")
    DESCRIBED = "described", _("described and not copied, because it protects the site or somebody else")
    NOT_PERSONAL = "not_personal", _("not given, because it is about nobody")


class Erasure(TextChoices):
    """What an erasure does to it."""

    DELETED = "deleted", _("deleted with its row")
    BRIDGED = "bridged", _("deleted, and replaced by an edge through an element not shown")
    MEANINGLESS = "meaningless", _("kept: once the rest is deleted, its keys lead to nobody")
    KEPT_TO_EXCLUDE = "kept_to_exclude", _("kept, so that the account is not collected again")
    KEPT_AS_PROOF = "kept_as_proof", _("kept until its period ends, as proof of what was done on this site")
    SEALED = "sealed", _("kept until its period ends: only the person's own code opens it")
    NONE = "none", _("nothing")


class Retention(TextChoices):
    """How long its row is kept."""

    PROJECT = "project", _("until the end of the project")
    NEXT_LISTING = "next_listing", _("until a later complete harvest")
    QUARANTINE = "quarantine", _("30 days")
    READS = "reads", _("12 months")
    PACKAGE = "package", _("30 days, for the person to fetch it")
    EXPORT = "export", _("until the recipient must have destroyed the copy")
    SESSION = "session", _("until the session ends, 10 hours at most")
    DRAFT = "draft", _("until the form is sent, seven days at most")
    COOL_OFF = "cool_off", _("until a failed sign-in no longer counts, one day at most")
    ACCOUNT = "account", _("as long as the account, then as long as what it did is kept")
    PROOF = "proof", _("five years, as proof that a right was honoured")
    CASE = "case", _("five years after the answer, as proof; 30 days where the address was never confirmed")
    REFERRAL = "referral", _("one year after it was closed; 30 days where the address was never confirmed")
    EXCLUSION = "exclusion", _("as long as the Hub may list the account, looked at again every three years")
    VISIT = "visit", _("until it no longer counts, two days at most")
    ALWAYS = "always", _("no limit, because it is about nobody")


@dataclass(frozen=True, slots=True)
class Use:
    """What goes for every field of one category. No `subjects`: about nobody."""

    subjects: tuple[Subject, ...]
    purpose: Purpose
    recipients: tuple[Recipient, ...]


GENEALOGY = Use((Subject.AUTHOR,), Purpose.GENEALOGY, (Recipient.AGENTS, Recipient.RESEARCHERS))
USES: Mapping[Category, Use] = {
    Category.HUB_ACCOUNT: GENEALOGY,
    Category.REPOSITORY: GENEALOGY,
    Category.LINEAGE: GENEALOGY,
    Category.SUPPRESSION: Use((Subject.AUTHOR,), Purpose.RIGHTS, (Recipient.AGENTS, Recipient.DPO)),
    # Whose rights, and who acted.
    Category.CASES: Use((Subject.AUTHOR, Subject.STAFF), Purpose.RIGHTS, (Recipient.AGENTS, Recipient.DPO)),
    Category.CORRESPONDENCE: Use(
        (Subject.WRITER, Subject.AUTHOR, Subject.STAFF), Purpose.RIGHTS, (Recipient.AGENTS, Recipient.DPO)
    ),
    # No holder of an account: whoever writes has their data in somebody else's dataset.
    Category.REFERRALS: Use((Subject.WRITER, Subject.STAFF), Purpose.RIGHTS, (Recipient.AGENTS, Recipient.DPO)),
    # Who read, and whose repositories were read.
    Category.READS: Use((Subject.STAFF, Subject.AUTHOR), Purpose.SECURITY, (Recipient.DPO,)),
    Category.VISITS: Use((Subject.WRITER,), Purpose.SECURITY, (Recipient.ADMINISTRATORS,)),
    Category.SITE_ACCOUNT: Use((Subject.STAFF,), Purpose.SECURITY, (Recipient.ADMINISTRATORS, Recipient.AGENTS)),
    Category.SIGN_IN: Use((Subject.STAFF,), Purpose.SECURITY, (Recipient.ADMINISTRATORS,)),
    Category.DRAFTS: Use((Subject.STAFF,), Purpose.RUNNING, (Recipient.HOLDER,)),
    Category.ACTS: Use((Subject.STAFF,), Purpose.SECURITY, (Recipient.AGENTS, Recipient.DPO, Recipient.ADMINISTRATORS)),
    Category.TECHNICAL: Use((), Purpose.RUNNING, ()),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """How one field is classified. What follows from its category is read there."""

    category: Category
    source: Source
    shown: Shown
    erasure: Erasure

    @property
    def use(self) -> Use:
        """Whose it is, what for, and who sees it."""
        return USES[self.category]

    @property
    def is_personal(self) -> bool:
        """Whether it is about a person, or leads to one."""
        return bool(self.use.subjects)


@dataclass(frozen=True, slots=True)
class Rows:
    """One table: how long its rows stay, and its fields, by how they are classified, as words of one string."""

    model: str
    retention: Retention
    fields: Mapping[Entry, str]


TECHNICAL = Entry(Category.TECHNICAL, Source.SITE, Shown.NOT_PERSONAL, Erasure.NONE)
