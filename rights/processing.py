"""The record of processing activities (Art. 30 GDPR), read out of the register: what is stored is what it says."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rights.models import ProjectPeriod
from rights.register import REGISTER, Category, Classified


def record(*, on: date) -> Iterator[str]:
    """The lines of the record as it stands on the day `on`, in Markdown, in the language in force."""
    yield "# " + _("Record of processing activities (Art. 30 GDPR)")
    yield ""
    yield from _items(
        (_("As of"), on.isoformat()),
        (_("Controller"), _("CNIL, artificial intelligence department")),
        (_("Legal basis"), _("a task in the public interest, Art. 6(1)(e) GDPR")),
        (_("Period and notice"), _periods(on)),
        (_("Transfers outside the European Union"), _("none")),
        (
            _("Security"),
            _("roles and a second factor; masked names; a log of every read; keys apart from the database"),
        ),
    )
    for category in Category:
        fields = [field for field in REGISTER.values() if field.entry.category == category]
        if any(field.entry.is_personal for field in fields):
            yield from _section(category, fields)


def _section(category: Category, fields: list[Classified]) -> Iterator[str]:
    use = fields[0].entry.use
    yield ""
    yield f"## {capfirst(str(category.label))}"
    yield ""
    yield from _items(
        (_("Persons concerned"), _listed(subject.label for subject in use.subjects)),
        (_("Purpose"), str(use.purpose.label)),
        (_("Recipients"), _listed(recipient.label for recipient in use.recipients)),
        (_("Sources"), _listed(field.entry.source.label for field in fields)),
        (_("Kept"), _listed(field.retention.label for field in fields)),
        (_("At an erasure"), _listed(field.entry.erasure.label for field in fields)),
    )
    for model in dict.fromkeys(field.model for field in fields):
        yield "- " + _("{word}: {said}").format(word=_table(model), said=_columns(model, fields))


def _periods(on: date) -> str:
    periods = ProjectPeriod.objects.in_force(on)
    return _listed(f"{period} ({period.notice_reference})" for period in periods) or _("none in force")


def _table(model: str) -> str:
    return capfirst(str(apps.get_model(model)._meta.verbose_name))


def _columns(model: str, fields: list[Classified]) -> str:
    meta = apps.get_model(model)._meta
    names = [field.name for field in fields if field.model == model]
    return _listed(_column(meta.get_field(name)) for name in names)


def _column(field: Any) -> str:
    """What a column is called; one that cites another table, and was given no name of its own, by that table's."""
    said = str(field.verbose_name)
    unnamed = field.related_model and said == field.name.replace("_", " ")
    return str(field.related_model._meta.verbose_name) if unnamed else said


def _listed(words: "Iterable[str | Promise]") -> str:
    """Each of them once, in order."""
    return _("; ").join(dict.fromkeys(str(word) for word in words))


def _items(*pairs: tuple[str, str]) -> Iterator[str]:
    return ("- " + _("**{word}**: {said}").format(word=word, said=said) for word, said in pairs)
