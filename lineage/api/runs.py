"""Harvests, what changed from one to another, and what the base as a whole can say."""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lineage import graph, relatives
from lineage.api import cursors
from lineage.api.listing import Listing, Rows
from lineage.api.operation import FIELDS, Operation, wanted_fields
from lineage.api.problems import Problem
from lineage.api.rows import Derivations
from lineage.api.schema import described
from lineage.api.shapes import DerivationShape, RunShape
from lineage.dossier.totals import coverage
from lineage.labels import choices
from lineage.models import Derivation, HarvestRun
from lineage.vocabulary import Certainty, Kind, Relation, RunState


class RunFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Of harvests."""

    state = filters.ChoiceFilter(choices=choices(RunState), label=gettext_lazy("Where it stands."))

    class Meta:
        model = HarvestRun
        fields: list[str] = []


class Runs(Rows):
    """Harvests name nobody: reading them is no read of personal data."""

    rows: ClassVar[QuerySet[Any]] = HarvestRun.objects.all()
    serializer_class = RunShape
    filterset_class = RunFilter

    def named(self, rows: Sequence[Model]) -> dict[str, Any]:
        """Nothing is named."""
        return {"names": {}}

    def record(self, *_told: Any, **_more: Any) -> None:  # type: ignore[override]
        """Nothing personal is shown."""


@described("harvests", gettext_lazy("Harvests, a page at a time"), gettext_lazy("When each ran, and what it counted."))
class RunList(Runs, Listing):
    """A page of them."""


@described(
    "harvest",
    gettext_lazy("One harvest"),
    gettext_lazy("When it ran, and what it counted."),
    answers=RunShape,
    fields=True,
    missing=True,
)
class RunOne(Operation):
    """By its key."""

    takes = (FIELDS,)

    def get(self, request: Request, key: int) -> Response:
        """The harvest; 404 where there is none."""
        run = HarvestRun.objects.filter(pk=key).first()
        if run is None:
            raise Http404
        return Response(RunShape(run, context={"wanted": wanted_fields(request, RunShape.Meta.fields)}).data)


class ChangeFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Of what changed."""

    relation = filters.ChoiceFilter(choices=choices(Relation), label=gettext_lazy("How it was made."))
    certainty = filters.ChoiceFilter(choices=choices(Certainty), label=gettext_lazy("How the edge is known."))
    kind = filters.ChoiceFilter("derived__kind", choices=choices(Kind), label=gettext_lazy("Kind of what was made."))

    class Meta:
        model = Derivation
        fields: list[str] = []


class ChangeShape(DerivationShape):
    """An edge that began or ended."""

    change = serializers.SerializerMethodField(help_text=gettext_lazy("“begun” or “ended”."))

    class Meta(DerivationShape.Meta):
        fields: tuple[str, ...] = ("change", *DerivationShape.Meta.fields)

    def get_change(self, edge: Derivation) -> str:
        since = self.context["since"]
        return "begun" if since is None or edge.held_from > since else "ended"


@described(
    "harvest_differences",
    gettext_lazy("What changed from one harvest to another, a page at a time"),
    gettext_lazy(
        "Edges that began or ended after the start of “since” (without it, the harvest before), up to the start of "
        "this one. An edge that did both is left out."
    ),
    parameters=[
        OpenApiParameter(
            "since",
            {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
            description=gettext_lazy("Key of the earlier harvest."),
        )
    ],
    missing=True,
)
class RunDifferences(Derivations, Listing):
    """The edges begun and ended between two harvests."""

    serializer_class = ChangeShape
    filterset_class = ChangeFilter

    def parameters(self) -> Collection[str]:
        """The filters, and the earlier harvest."""
        return {*super().parameters(), "since"}

    def get(self, request: Request, key: int) -> Response:  # type: ignore[override]
        """A page of changes, recorded."""
        return super().get(request)

    def get_queryset(self) -> QuerySet[Any]:
        """The edges with one of their two moments between the harvests."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        earlier, later = self.harvests
        until = Q(held_from__lte=later)
        since = earlier
        if since is None:
            return super().get_queryset().filter(until & (Q(held_until=None) | Q(held_until__gt=later)))
        begun = Q(held_from__gt=since) & until & (Q(held_until=None) | Q(held_until__gt=later))
        ended = Q(held_from__lte=since, held_until__gt=since, held_until__lte=later)
        return super().get_queryset().filter(begun | ended)

    def named(self, rows: Sequence[Model]) -> dict[str, Any]:
        """The names, and the moment from which changes count."""
        return {**super().named(rows), "since": self.harvests[0]}

    def definition(self) -> dict[str, object]:
        """What was asked, and the two moments."""
        earlier, later = self.harvests
        return {**super().definition(), "since": earlier and earlier.isoformat(), "until": later.isoformat()}

    @cached_property
    def harvests(self) -> Any:
        """The two starts; the earlier is None before the first. Raises Http404, or Problem for “since”."""
        run = HarvestRun.objects.ended_well().filter(pk=self.kwargs["key"], started_at__isnull=False).first()
        if run is None:
            raise Http404
        before = HarvestRun.objects.ended_well().filter(started_at__lt=run.started_at)
        asked = self.request.query_params.get("since", "")
        if asked:
            before = before.filter(pk=_key(asked))
            if not before.exists():
                said = _("No harvest of this key that ended well began before this one. Choose another as “since”.")
                raise Problem(HTTPStatus.NOT_FOUND, said)
        earlier = before.order_by("-started_at").first()
        return (earlier.started_at if earlier else None), run.started_at


def _key(text: str) -> int:
    """A key in an address. Raises Problem."""
    if not cursors.WHOLE.fullmatch(text):
        said = {"since": _("A whole number.")}
        raise Problem(HTTPStatus.BAD_REQUEST, _("The earlier harvest cannot be used."), said)
    return int(text)


class CoverageShape(serializers.Serializer[Any]):
    """What the base as a whole can and cannot say."""

    as_of = serializers.DateTimeField(allow_null=True, help_text=gettext_lazy("Start of the latest harvest linked in."))
    generation = serializers.IntegerField(help_text=gettext_lazy("Rises with each change of the genealogy."))
    models = serializers.IntegerField(help_text=gettext_lazy("Models listed on the Hub."))
    datasets = serializers.IntegerField(help_text=gettext_lazy("Datasets listed on the Hub."))
    silent_models = serializers.IntegerField(help_text=gettext_lazy("Listed models of which no source is known."))
    unnamed_models = serializers.IntegerField(
        help_text=gettext_lazy("Those among them whose card declares something that names nothing.")
    )
    unusable = serializers.DictField(
        child=serializers.IntegerField(), help_text=gettext_lazy("Values on cards that name nothing, by class.")
    )


@described(
    "coverage",
    gettext_lazy("What the base can and cannot say"),
    gettext_lazy("A model that declares no source may have been made from anything: a trace says “at least”."),
    answers=CoverageShape,
)
class CoverageOne(Operation):
    """Aggregates over the whole base: no read of personal data."""

    def get(self, request: Request) -> Response:
        """The figures as of the latest harvest."""
        now = graph.current()
        base, told = relatives.coverage(now), coverage(now)
        return Response(
            {
                "as_of": now.as_of,
                "generation": now.generation,
                "models": base.models,
                "datasets": base.datasets,
                "silent_models": base.silent_models,
                "unnamed_models": told.unnamed_models,
                "unusable": {word.value: count for word, count in told.unusable.items()},
            }
        )
