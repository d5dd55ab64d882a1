"""Artifacts: a list, one by its key, one by its kind and name."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lineage import lookup
from lineage.api.filters import ArtifactFilter
from lineage.api.listing import Listing, Rows, Stream, artifact_context
from lineage.api.operation import FIELDS, Operation, wanted_fields
from lineage.api.problems import Problem
from lineage.api.schema import described
from lineage.api.shapes import ArtifactShape
from lineage.labels import choices
from lineage.models import Artifact
from lineage.naming import repo_ids_shown
from lineage.vocabulary import Kind


class Artifacts(Rows):
    """Every artifact that stands and may be shown, mentioned ones included."""

    rows: ClassVar[QuerySet[Any]] = Artifact.objects.standing().shown().select_related("author", "counter")
    cites = ("pk",)
    serializer_class = ArtifactShape
    filterset_class = ArtifactFilter

    def named(self, rows: Sequence[Model]) -> dict[str, Any]:
        """Names and free texts."""
        return artifact_context(list(rows), self)  # type: ignore[arg-type]


@described(
    "artifacts",
    gettext_lazy("Artifacts, a page at a time"),
    gettext_lazy("Models and datasets in the order of their keys: what stands throughout a walk is met exactly once."),
)
class ArtifactList(Artifacts, Listing):
    """A page of them."""


@described(
    "artifact_lines",
    gettext_lazy("Artifacts, streamed whole"),
    gettext_lazy("The same as JSON lines, without a cap. Recorded as an export, with you as its recipient."),
)
class ArtifactLines(Artifacts, Stream):
    """All of them."""


class LookUpShape(serializers.Serializer[Any]):
    """What is looked up."""

    kind = serializers.ChoiceField(choices(Kind), help_text=gettext_lazy("Model or dataset."))
    repo_id = serializers.RegexField(
        r"^[!-~]+\Z", max_length=256, help_text=gettext_lazy("Owner and name, exactly as the Hub spells or spelled it.")
    )


class One(Operation):
    """What answers about one artifact share."""

    takes = (FIELDS,)

    def answered(self, artifact: Artifact) -> Response:
        """All that is told of it, recorded."""
        wanted = wanted_fields(self.request, ArtifactShape.Meta.fields)
        context = {"wanted": wanted, "viewer": self.viewer, **artifact_context([artifact], self)}
        data = ArtifactShape(artifact, context=context).data
        self.record([artifact.pk], reference=f"artifact:{artifact.pk}")
        return Response(data)


@described(
    "artifact",
    gettext_lazy("One artifact by its key"),
    gettext_lazy("A key whose name means another artifact by now is redirected to that one."),
    answers=ArtifactShape,
    fields=True,
    missing=True,
    moved=True,
)
class ArtifactOne(One):
    """By its key."""

    def get(self, request: Request, key: int) -> HttpResponseBase:
        """The artifact; 404 where nothing that may be shown has this key."""
        artifact = Artifact.objects.shown().select_related("author", "counter").filter(pk=key).first()
        if artifact is None:
            raise Http404
        if artifact.superseded_by_id is not None:
            return HttpResponseRedirect(reverse("api:artifact", args=[lookup.meant(artifact).pk]))
        return self.answered(artifact)


@described(
    "artifact_look_up",
    gettext_lazy("One artifact by its kind and name"),
    gettext_lazy(
        "Old and short names are followed. The name travels in the body, so that no address or log holds it. Where "
        "names are masked for you, an account that is masked cannot be looked up by its name: the answer is 404, as "
        "for a name nobody bears."
    ),
    asks=LookUpShape,
    answers=ArtifactShape,
    fields=True,
    missing=True,
    verb="post",
)
class ArtifactLookUp(One):
    """By its name."""

    def post(self, request: Request) -> Response:
        """The artifact that this name means."""
        asked = LookUpShape(data=request.data)
        asked.is_valid(raise_exception=True)
        kind, name = Kind(asked.validated_data["kind"]), asked.validated_data["repo_id"].strip()
        found = lookup.find(kind, name) if self._is_clear(name) else None
        if found is None:
            said = _(
                "No {kind} that may be shown to you bears or bore this name. "
                "Check its spelling: upper and lower case count."
            )
            raise Problem(HTTPStatus.NOT_FOUND, said.format(kind=kind.value))
        return self.answered(Artifact.objects.select_related("author", "counter").get(pk=found.pk))

    def _is_clear(self, name: str) -> bool:
        """Whether this reader would be shown the name as it is: else finding it would give it away."""
        return repo_ids_shown([name], self.viewer)[name] == name
