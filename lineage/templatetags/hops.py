"""The rows of a trace's table."""

from collections.abc import Iterable, Iterator

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lineage.exports.rows import Row
from lineage.labels import number
from lineage.models import Artifact
from lineage.templatetags.written import Writer, marked, together

register = template.Library()


@register.simple_tag
def hop_rows(rows: Iterable[Row], artifact: Artifact, query: str) -> SafeString:
    """The rows of one page. `query`: the filters of the present address, which the question “why” is asked under."""
    return together(HopRows(artifact, query).of(rows))


class HopRows:
    """Writes hops one after the other, for one reader."""

    def __init__(self, artifact: Artifact, query: str) -> None:
        self.origin = artifact.pk
        self.writer = Writer()
        self.labels = self.writer.labels
        self.kinds, self.certainties = marked("kind"), marked("certainty")
        self.directly = format_html('<span class="muted">{}</span>', _("directly"))
        why, _target, rest = reverse("lineage:why", args=[artifact.pk, 0]).rpartition("0")
        self.why, self.rest = why, f"{rest}{escape(query)}"
        self.question = escape(_("Why?"))

    def of(self, rows: Iterable[Row]) -> Iterator[SafeString]:
        """Each row of the table."""
        for row in rows:
            hop = row.hop
            yield SafeString(
                f'<tr><th scope="row">{self.writer.link(hop.artifact_key, row.name)}</th>'
                f'<td>{self.kinds[hop.kind]}</td><td class="table__number">{hop.depth}</td>'
                f"<td>{self.labels[hop.relation]}</td><td>{self.certainties[hop.certainty]}</td>"
                f"<td>{self.certainties[hop.path_certainty]}</td><td>{self.via(row)}</td>"
                f'<td class="table__number">{_count(row.downloads)}</td>'
                f'<td class="table__number">{_count(row.likes)}</td><td>{self.evidence(row)}</td></tr>\n'
            )

    def via(self, row: Row) -> SafeString:
        """The step before; none of its own for what was made from the origin itself."""
        return self.directly if row.hop.via_key == self.origin else self.writer.link(row.hop.via_key, row.via_name)

    def evidence(self, row: Row) -> SafeString:
        """The way to the evidence; a dash for what is not shown."""
        if row.name == self.writer.hidden:
            return SafeString("–")
        return SafeString(
            f'<a href="{self.why}{row.hop.artifact_key}{self.rest}">{self.question}'
            f'<span class="visually-hidden"> {escape(row.name)}</span></a>'
        )


def _count(counter: int | None) -> str:
    """The number as it is written; text without markup."""
    return "–" if counter is None else number(counter)
