"""The names that a search looks within, kept apart: their long indexes would make each change of an artifact dear."""

from typing import Any

from django.db import models
from django.db.models.lookups import IContains
from django.utils.translation import gettext_lazy as _

from lineage.models.artifact import Artifact


class IndexedName(models.Model):
    """The name of one artifact, in a trigram index: that of `pg_trgm` on PostgreSQL, an FTS5 table on SQLite.

    Brought up to date at the end of each harvest by `lineage.name_index`. The column is called `rowid` because FTS5 has
    no other key; what is in the table, and both its shapes, stand in the migration.
    """

    artifact = models.OneToOneField(
        Artifact,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        db_column="rowid",
        related_name="indexed_name",
        help_text=_("Whose name it is."),
    )
    name = models.TextField(_("name"), help_text=_("Its repository id when the index was last brought up to date."))

    class Meta:
        verbose_name = _("indexed name")
        verbose_name_plural = _("indexed names")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


@models.TextField.register_lookup
class Holds(IContains):
    """`name__holds`: the text, of three characters or more, stands anywhere in the name, upper and lower case alike.

    On SQLite for columns of FTS5 tables with trigrams only.
    """

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return IContains(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, _params = self.process_lhs(compiler, connection)
        text = str(self.rhs).replace('"', '""')
        return f"{column} MATCH %s", [f'"{text}"']
