"""What Art. 15 GDPR has the person told beside the data, in the register's words and the language in force."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rights.package.tables import Table
from rights.register import REGISTER, Category, Subject


class Line(NamedTuple):
    """One thing that is said, and about what."""

    word: str
    said: str


class Section(NamedTuple):
    """Some lines under a title."""

    title: str
    lines: tuple[Line, ...]


def information(tables: Iterable[Table]) -> Iterator[Section]:
    """All of it: what goes for everything, then each category. `tables`: those of the package, for named recipients."""
    yield Section(_("About this copy"), tuple(_general()))
    yield Section(_("Your rights"), tuple(_rights()))
    yield Section(_("Who received copies"), tuple(_received(tables)))
    for category in Category:
        fields = [field for field in REGISTER.values() if field.entry.category == category]
        if any({Subject.AUTHOR, Subject.WRITER} & {*field.entry.use.subjects} for field in fields):
            use = fields[0].entry.use
            yield Section(
                capfirst(str(category.label)),
                (
                    Line(_("Purpose"), str(use.purpose.label)),
                    Line(_("Recipients"), _listed(recipient.label for recipient in use.recipients)),
                    Line(_("Sources"), _listed(field.entry.source.label for field in fields)),
                    Line(_("Kept"), _listed(field.retention.label for field in fields)),
                    Line(_("At an erasure"), _listed(field.entry.erasure.label for field in fields)),
                ),
            )


def _general() -> Iterator[Line]:
    yield Line(_("Controller"), _("CNIL, artificial intelligence department"))
    yield Line(_("Legal basis"), _("a task in the public interest, Art. 6(1)(e) GDPR"))
    yield Line(
        _("Where the data comes from"), _("the public listing of the Hugging Face Hub, and what is computed from it")
    )
    yield Line(_("Automated decisions"), _("none, and no profiling"))
    yield Line(_("Transfers outside the European Union"), _("none"))
    yield Line(
        _("Other people"),
        _(
            "Accounts of other people are replaced by a label that is the same throughout; organisations are named. "
            "What your own cards and tags say is given as you wrote it."
        ),
    )
    yield Line(
        _("What is not copied"),
        _(
            "Fields that protect the site or somebody else are named and not copied. Of reads and acts you are given "
            "the category and the date, and never the agent."
        ),
    )


def _rights() -> Iterator[Line]:
    yield Line(
        _("You may ask for"),
        _("the correction of data, its erasure, the restriction of its processing, and object to it at any time"),
    )
    yield Line(
        _("Portability"),
        _("does not apply to a task in the public interest; this copy can be read by machines all the same"),
    )
    yield Line(
        _("Complaint"),
        _("You may lodge a complaint with the CNIL or another supervisory authority, and go to court."),
    )


def _received(tables: Iterable[Table]) -> Iterator[Line]:
    """The recipients of exports, and when; staff of the department reads and is no recipient of its own."""
    found = {
        (str(row["user_key"]), str(row["at"])[:10])
        for table in tables
        if table.name == "lineage.Disclosure"
        for row in table.rows
    }
    for name, day in sorted(found, key=lambda one: one[::-1]):
        yield Line(day, name)
    if not found:
        yield Line(_("Exports"), _("none that may still be kept"))


def _listed(words: "Iterable[str | Promise]") -> str:
    return _("; ").join(dict.fromkeys(str(word) for word in words))
