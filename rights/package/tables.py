"""The shape of a package: tables with their columns, as the register describes them, and their rows as words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rights.register import Category, Purpose, Recipient, Retention, Shown, Source

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table: what it is called, how the register shows it, and its words by value, if it has any."""

    name: str
    called: str
    shown: Shown
    words: Mapping[str, str]

    @property
    def is_given(self) -> bool:
        """Whether its values stand in the rows."""
        return self.shown != Shown.DESCRIBED


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table about the account, with what the register says of them."""

    name: str
    called: str
    category: Category
    purpose: Purpose
    recipients: tuple[Recipient, ...]
    sources: tuple[Source, ...]
    kept: Retention
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def described(self) -> list[Column]:
        """The fields that are held and not copied."""
        return [column for column in self.columns if not column.is_given]

    @property
    def given(self) -> list[Column]:
        """The fields whose values are given."""
        return [column for column in self.columns if column.is_given]


def words_of(table: Table) -> Iterator[list[str]]:
    """The rows as words for a reader, in the order of the fields that are given."""
    for row in table.rows:
        yield [_words(column, row[column.name]) for column in table.given]


def _words(column: Column, value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return column.words.get(str(value), str(value))
