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
from lineage.templatetags.written import Writer, together
from lineage.vocabulary import Certainty

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
        self.kinds = {word: _marked("kind", word, label) for word, label in self.labels.items()}
        self.certainties = {str(word): _marked("certainty", word, self.labels[word]) for word in Certainty}
        self.directly = format_html('<span class="muted">{}</span>', _("directly"))
        why, _target, rest = reverse("lineage:why", args=[artifact.pk, 0]).rpartition("0")
        self.why, self.rest = why, f"{rest}{escape(query)}"
        self.question = escape(_("Why?"))

    def of(self, rows: Iterable[Row]) -> Iterator[SafeString]:
        """Each row of the table."""
        for row in rows:
            hop = row.hop
            yield format_html(
                '<tr><th scope="row">{}</th><td>{}</td><td class="table__number">{}</td><td>{}</td><td>{}</td>'
                '<td>{}</td><td>{}</td><td class="table__number">{}</td><td class="table__number">{}</td>'
                "<td>{}</td></tr>\n",
                self.writer.link(hop.artifact_key, row.name),
                self.kinds[hop.kind],
                hop.depth,
                self.labels[hop.relation],
                self.certainties[hop.certainty],
                self.certainties[hop.path_certainty],
                self.directly if hop.via_key == self.origin else self.writer.link(hop.via_key, row.via_name),
                _count(row.downloads),
                _count(row.likes),
                self.evidence(hop.artifact_key, row.name),
            )

    def evidence(self, key: int, name: str) -> SafeString | str:
        """The way to the evidence; a dash for what is not shown."""
        if name == self.writer.hidden:
            return "–"
        address = SafeString(f"{self.why}{key}{self.rest}")
        return format_html('<a href="{}">{}<span class="visually-hidden"> {}</span></a>', address, self.question, name)


def _count(counter: int | None) -> str:
    return "–" if counter is None else number(counter)


def _marked(what: str, word: str, label: str) -> SafeString:
    return format_html('<span class="{} {}--{}">{}</span>', what, what, word, label)
