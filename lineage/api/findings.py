"""What a trace is asked besides its hops: who publishes them, and by which ways one of them is reached."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lineage.api import cursors
from lineage.api.schema import CONFLICT, described
from lineage.api.shapes import NodeShape, OwnerShape, Row, node
from lineage.api.traces import FILTERS, PAGE, TracePage, Tracing
from lineage.dossier.evidence import Evidence, evidence, texts_of
from lineage.dossier.paths import Link, shortest_ways
from lineage.dossier.publishers import Publisher, accounts, publishers
from lineage.exports.text import definition_of
from lineage.labels import choices
from lineage.models import Artifact
from lineage.naming import author_name, names_by_key, repo_ids_shown
from lineage.vocabulary import AccountKind, Certainty, Field, Relation

MOST_WAYS = 20  # told of all the shortest ones


class PublisherShape(serializers.Serializer[Any]):
    """An account and what it publishes of the trace."""

    author = OwnerShape(allow_null=True, help_text=_("Null for what the Hub never listed."))
    kind = serializers.ChoiceField(choices(AccountKind), help_text=_("Person or organisation; unknown until asked."))
    artifacts = serializers.IntegerField(help_text=_("How many hops are its own."))
    downloads = serializers.IntegerField(help_text=_("Of these, in the last 30 days, as the Hub counts."))


class PublishersShape(serializers.Serializer[Any]):
    """The accounts behind a trace."""

    accounts = serializers.DictField(
        child=serializers.IntegerField(), help_text=_("How many accounts there are of each kind.")
    )
    next = serializers.URLField(allow_null=True, help_text=cursors.LAST)
    results = PublisherShape(many=True, help_text=_("The accounts of the page."))


@described(
    "trace_publishers",
    _("The accounts behind a trace, a page at a time"),
    _("Organisations first, then persons and unknown ones, masked; the most downloaded first."),
    answers=PublishersShape,
    parameters=[*FILTERS, *PAGE],
    missing=True,
    marks=[CONFLICT],
)
class TracePublishers(TracePage):
    """A page of accounts."""

    def get(self, request: Request, key: int) -> Response:
        """The accounts of the page, recorded."""
        size, trace = cursors.size_of(request), self.walked(key)
        offset, found = self._offset(trace), publishers(trace)
        page, following = found[offset : offset + size], offset + size
        cursor = cursors.sealed(trace.graph.generation, following)
        told = [entry.author.pk for entry in page if entry.author]
        self.record([key], definition_of(trace) | {"authors": told}, reference=f"artifact:{key}")
        return Response(
            {
                "accounts": {kind.value: count for kind, count in accounts(found).items()},
                "next": cursors.next_address(request, cursor) if following < len(found) else None,
                "results": [self._row(entry) for entry in page],
            }
        )

    def _row(self, entry: Publisher) -> Row:
        author = entry.author
        owner = author and {"id": author.pk, "kind": author.kind, "name": author_name(author, self.viewer)}
        return {
            "author": owner,
            "kind": entry.kind.value,
            "artifacts": entry.artifacts,
            "downloads": entry.downloads,
        }


class SaidShape(serializers.Serializer[Any]):
    """One place in a record that gives the edge."""

    field = serializers.ChoiceField(choices(Field), help_text=_("Where in the record it stands."))
    target = serializers.CharField(help_text=_("The name written there, as whoever asks may read it."))
    relation = serializers.ChoiceField(choices(Relation), help_text=_("The relation it states."))
    resolved = serializers.BooleanField(help_text=_("The Hub itself resolved the name."))
    since = serializers.DateTimeField(allow_null=True, help_text=_("Start of the harvest that saw it first."))


class LinkEdgeShape(serializers.Serializer[Any]):
    """One relation between the two."""

    relation = serializers.ChoiceField(choices(Relation), help_text=_("How it was made."))
    certainty = serializers.ChoiceField(choices(Certainty), help_text=_("How the edge is known."))


class LinkShape(serializers.Serializer[Any]):
    """One step of a way: `derived` was made from `source`."""

    source = NodeShape(help_text=_("What it was made from."))  # type: ignore[assignment]
    derived = NodeShape(help_text=_("What was made from it."))
    edges = LinkEdgeShape(many=True, help_text=_("How the two are related, the surest first."))
    evidence = SaidShape(many=True, help_text=_("What stands in records that gives the edge."))


class PathsShape(serializers.Serializer[Any]):
    """The shortest ways between two artifacts."""

    origin = NodeShape(help_text=_("Where the ways begin."))
    target = NodeShape(help_text=_("Where they end."))
    more = serializers.BooleanField(help_text=_("Whether there are others of the same length that are not told."))
    paths = serializers.ListField(
        child=LinkShape(many=True), help_text=_("Each way as its steps, from the origin. Empty where none leads there.")
    )


@described(
    "paths",
    _("The shortest ways between two artifacts"),
    _("At most 20 ways of the shortest length, under the filters of a trace, each step with its evidence."),
    answers=PathsShape,
    parameters=FILTERS,
    missing=True,
)
class Paths(Tracing):
    """The ways from one artifact to another."""

    def get(self, request: Request, key: int, target: int) -> Response:
        """The ways, recorded."""
        trace = self.walked(key)
        reached = Artifact.objects.shown().filter(superseded_by=None, pk=target).first()
        if reached is None:
            raise Http404
        found = shortest_ways(trace, reached, limit=MOST_WAYS)
        pairs = {(link.source_key, link.derived_key) for way in found.ways for link in way}
        keys = {key, target, *(end for pair in pairs for end in pair)}
        self.record(keys, definition_of(trace) | {"target": target}, reference=f"artifact:{key}")
        told = _Told(keys, evidence(pairs), self)
        return Response(
            {
                "origin": told.node(key),
                "target": told.node(target),
                "more": found.more,
                "paths": [[told.link(link) for link in way] for way in found.ways],
            }
        )


class _Told:
    """Writes ways for whoever asks."""

    def __init__(self, keys: set[int], proofs: dict[tuple[int, int], Evidence], operation: Tracing) -> None:
        self._names = names_by_key(keys, operation.viewer)
        self._kinds = dict(Artifact.objects.filter(pk__in=keys).values_list("pk", "kind"))
        self._proofs = proofs
        self._texts = repo_ids_shown(texts_of(proofs.values()), operation.viewer)

    def node(self, key: int) -> Row:
        return node(key, self._kinds.get(key, ""), self._names)

    def link(self, link: Link) -> Row:
        proof = self._proofs[link.source_key, link.derived_key]
        return {
            "source": self.node(link.source_key),
            "derived": self.node(link.derived_key),
            "edges": [{"relation": relation.value, "certainty": sure.value} for relation, sure in link.edges],
            "evidence": [
                {
                    "field": said.field.value,
                    "target": self._texts[said.target],
                    "relation": said.relation.value,
                    "resolved": said.resolved,
                    "since": said.since,
                }
                for said in proof.said
            ],
        }
