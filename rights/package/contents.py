"""What stands in a package: each table's rows about the account, each field as the register says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lineage.hub.texts import LISTS, TEXTS
from lineage.models import Artifact
from lineage.naming import names_by_key
from rights.package.concerned import Concerned, concerned
from rights.package.rows import rows_of, texts_of_others
from rights.package.saying import STRANGER, Sayer
from rights.package.tables import Column, Row, Table
from rights.register import REGISTER, Classified, Shown, Subject, personal

TEXTS_OF_OTHERS = "lineage.Artifact.texts"


@dataclass(frozen=True, slots=True)
class Package:
    """What is held about one account at one moment. `names`: of whom, as far as the base knows. In one `language`."""

    names: tuple[str, ...]
    drawn_up_at: datetime
    language: str
    tables: tuple[Table, ...]
    artifacts: frozenset[int]
    authors: frozenset[int]

    @property
    def row_count(self) -> int:
        """How many rows stand in it."""
        return sum(len(table.rows) for table in self.tables)


def draw_up(*, account: str, at: datetime, references: Iterable[str] = ()) -> Package:
    """Collect every personal field held about the account, in the language in force. Changes and records nothing.

    What is restricted is in it too: it is the person's own. Other people's accounts are masked, but for organisations
    and for what the person's own cards say. `references`: further cases of the same person. Raises EffectRefused for
    what can be no account, KeysMissing.
    """
    whose = concerned(account, references)
    fields: dict[str, list[Classified]] = {}
    for field in fields_of_persons():
        fields.setdefault(field.model, []).append(field)
    tables = [_table(model, some, whose) for model, some in fields.items()]
    return Package(
        names=tuple(sorted(whose.held.accounts)),
        drawn_up_at=at,
        language=get_language() or "fr",
        tables=(*tables, _texts(fields["lineage.Artifact"], whose)),
        artifacts=whose.keys,
        authors=whose.authors,
    )


def fields_of_persons() -> list[Classified]:
    """The fields about holders of accounts, and about them as they write to us, in the order of the register."""
    theirs = {(field.model, field.name): field for who in (Subject.AUTHOR, Subject.WRITER) for field in personal(who)}
    return [field for key, field in REGISTER.items() if key in theirs]


def _table(model: str, fields: list[Classified], whose: Concerned) -> Table:
    kind = apps.get_model(model)
    rows = rows_of(model, whose)
    said = Sayer(rows, [kind._meta.get_field(field.name) for field in fields], whose)
    columns = [_column(kind, field) for field in fields]
    copied = [
        one for one in columns if one.shown == Shown.COPIED or (one.shown == Shown.DATED and said.is_date(one.name))
    ]
    kept = [one for one in columns if one in copied or not one.is_given]
    return _described(model, str(kind._meta.verbose_name), fields, kept, [said.row(row, copied) for row in rows])


def _texts(fields: list[Classified], whose: Concerned) -> Table:
    """What others' free texts say of the account: it stands in their rows, and is about this one."""
    found = dict(texts_of_others(whose))
    names = names_by_key(found, STRANGER)
    said = [field for field in fields if field.name in ("repo_id", *TEXTS, *LISTS)]
    columns = [_column(Artifact, field) for field in said]
    nothing: dict[str, Any] = {**dict.fromkeys(TEXTS, ""), **{name: [] for name in LISTS}}
    rows = [nothing | texts | {"repo_id": names[key]} for key, texts in found.items()]
    return _described(TEXTS_OF_OTHERS, _("texts of others that name the account"), said, columns, rows)


def _described(
    name: str, called: str, fields: list[Classified], columns: Iterable[Column], rows: Iterable[Row]
) -> Table:
    entry = fields[0].entry
    return Table(
        name=name,
        called=capfirst(called),
        category=entry.category,
        purpose=entry.use.purpose,
        recipients=entry.use.recipients,
        sources=tuple(dict.fromkeys(field.entry.source for field in fields)),
        kept=fields[0].retention,
        columns=tuple(columns),
        rows=tuple(rows),
    )


def _column(kind: type[models.Model], field: Classified) -> Column:
    column: Any = kind._meta.get_field(field.name)
    words = {str(value): str(word) for value, word in column.flatchoices}
    return Column(field.name, capfirst(str(column.verbose_name)), field.entry.shown, words)
