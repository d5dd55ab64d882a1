"""The nested list of a drawn family, written here because hundreds of rows by templates take ten times as long."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lineage.family import Branch
from lineage.templatetags.lineage import number
from lineage.templatetags.written import Writer, together
from lineage.vocabulary import Presence

register = template.Library()

NOTHING = SafeString("")
NO_SOURCE = SafeString(' data-relation="" data-certainty=""')
END = SafeString("</ul></details></li>")


@register.simple_tag
def branches(
    tree: Sequence[Branch], names: Mapping[int, str], query: str | None = None, lit: Collection[int] = ()
) -> SafeString:
    """The items of the list. `query`: the present address's question, to which a further key to open may be added.

    None where there is no such address: then links lead to the artifact's own page.
    """
    rows = Rows(names, query, lit)
    return together(part for branch in tree for part in rows.of(branch))


@register.simple_tag
def others(branch: Branch, names: Mapping[int, str]) -> SafeString:
    """The link to the children of this branch that are not drawn."""
    return Rows(names, None, ()).others(branch)


class Rows:
    """Writes branches one after the other, for one reader; what all rows share is looked up once."""

    def __init__(self, names: Mapping[int, str], query: str | None, lit: Collection[int]) -> None:
        self.names, self.query, self.lit = names, query, lit
        self.writer = Writer("branch", "trace")
        self.labels = self.writer.labels
        self.relations = {
            word: format_html(' <span class="muted tree__relation">{}</span>', label)
            for word, label in self.labels.items()
        }

    def of(self, branch: Branch) -> Iterator[SafeString]:
        """The item of one branch, left open where its children follow, and the ends of those that end with it."""
        yield self.start(branch)
        yield self.name(branch)
        yield self.said(branch)
        if branch.children or branch.drawn:
            yield self.opened(branch) if branch.drawn else self.closed(branch)
        if not branch.drawn:
            yield SafeString("</li>")
        for ended in branch.closes:
            yield self.end(ended)

    def start(self, branch: Branch) -> SafeString:
        """The beginning of the item, with what the picture reads from it."""
        key, source = branch.artifact.pk, branch.source
        marks = " ".join(["tree__focus"] * branch.is_focus + ["tree__lit"] * (key in self.lit))
        return format_html(
            "<li{}{}{}{}>",
            SafeString(f' id="node-{key}" data-key="{key}" data-children="{branch.children}"'),
            SafeString(f' data-relation="{source.relation}" data-certainty="{source.certainty}"')
            if source
            else NO_SOURCE,
            SafeString(
                f' data-also="{"".join(f"{other.key} " for other in branch.also)}"{" data-open" * branch.is_open}'
            ),
            SafeString(f' class="{marks}"') if marks else NOTHING,
        )

    def name(self, branch: Branch) -> SafeString:
        """What it is called; a link, but for the artifact whose page this is."""
        key = branch.artifact.pk
        if branch.is_focus:
            return format_html('<strong class="artifact__name" aria-current="true">{}</strong>', self.called(key))
        return self.link(key)

    def said(self, branch: Branch) -> SafeString:
        """Beside the name: whether the Hub still lists it, what it is to its source, its other sources."""
        artifact, parts = branch.artifact, []
        if artifact.presence != Presence.LISTED and not artifact.withheld_at:
            parts.append(format_html(' <span class="muted">({})</span>', self.labels[artifact.presence]))
        if branch.source:
            parts.append(self.relations[branch.source.relation])
        if branch.also:
            parts.append(self.also(branch))
        return together(parts)

    def also(self, branch: Branch) -> SafeString:
        """Its other sources, each a link."""
        sources = format_html_join(
            ", ", "{} ({})", ((self.link(source.key), self.labels[source.relation]) for source in branch.also)
        )
        left = branch.also_others
        more = ngettext("and %(counter)s other", "and %(counter)s others", left) % {"counter": left} if left else ""
        return format_html(' <span class="muted tree__also">· {} {} {}</span>', _("also from"), sources, more)

    def opened(self, branch: Branch) -> SafeString:
        """The beginning of the list of its children."""
        skipped = NOTHING
        if left := branch.skipped:
            words = ngettext("%(counter)s generation is not drawn", "%(counter)s generations are not drawn", left)
            skipped = format_html('<li class="muted">{}</li>', words % {"counter": left})
        return format_html("<details open>{}<ul>{}", self.summary(branch), skipped)

    def closed(self, branch: Branch) -> SafeString:
        """Its children, none of which is drawn: how many, and the way to them."""
        key = branch.artifact.pk
        folded = format_html('<p class="muted tree__folded">{}</p>', _folded(branch)) if branch.folded else NOTHING
        way = NOTHING
        if branch.others:
            address = f"{self.writer.page('artifact', key)}#family" if self.query is None else self.opening(key)
            way = format_html('<p><a href="{}">{}</a></p>', address, _("Show them"))
        return format_html(
            '<details data-branch="{}">{}{}{}</details>',
            self.writer.page("branch", key),
            self.summary(branch),
            folded,
            way,
        )

    def end(self, branch: Branch) -> SafeString:
        """After its last drawn child: those that are folded or not drawn, and the end of the list."""
        folded = NOTHING
        if branch.folded:
            folded = format_html('<li class="muted tree__folded">{}</li>', _folded(branch))
        left = format_html("<li>{}</li>", self.others(branch)) if branch.others else NOTHING
        return together((folded, left, END))

    def summary(self, branch: Branch) -> SafeString:
        """How many derivatives it has, and for those who hear the page, whose they are."""
        words = ngettext("%(number)s derivative", "%(number)s derivatives", branch.children)
        return format_html(
            '<summary>{} <span class="visually-hidden">({} {})</span></summary>',
            words % {"number": number(branch.children)},
            self.labels[branch.artifact.kind],
            self.called(branch.artifact.pk),
        )

    def others(self, branch: Branch) -> SafeString:
        """The link to its children that are not drawn: opened here, or in a trace where it is open already."""
        key = branch.artifact.pk
        if branch.is_open or self.query is None:
            address = f"{self.writer.page('trace', key)}?depth=1&kind={branch.artifact.kind}"
        else:
            address = self.opening(key)
        words = ngettext("+ %(number)s other", "+ %(number)s others", branch.others)
        return format_html(
            '<a class="tree__others" href="{}">{}</a>', address, words % {"number": number(branch.others)}
        )

    def link(self, key: int) -> SafeString:
        """An artifact's name, and its page where it may be shown."""
        return self.writer.link(key, self.called(key))

    def called(self, key: int) -> str:
        """The name under which a key is shown."""
        return self.names.get(key) or self.writer.hidden

    def opening(self, key: int) -> str:
        """The present address, with this branch opened too."""
        return f"{self.query}-{key}#node-{key}"


def _folded(branch: Branch) -> str:
    words = ngettext("%(number)s derivative is folded away", "%(number)s derivatives are folded away", branch.folded)
    return words % {"number": number(branch.folded)}
