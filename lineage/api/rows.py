"""The other lists: edges, authors, families, old names, weekly counters."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from lineage.api.filters import AliasFilter, AuthorFilter, DerivationFilter, FamilyFilter, WeeklyCounterFilter
from lineage.api.listing import Listing, Rows, Stream
from lineage.api.operation import FIELDS, Operation, wanted_fields
from lineage.api.schema import described
from lineage.api.shapes import AliasShape, AuthorShape, DerivationShape, FamilyShape, WeeklyCounterShape
from lineage.models import Alias, Artifact, Author, Derivation, WeeklyCounter
from lineage.naming import names_by_key, repo_ids_shown

STREAMED = _("The same as JSON lines, without a cap. Recorded as an export, with you as its recipient.")


class Derivations(Rows):
    """Edges between artifacts that may be shown; traces also walk through what is not."""

    rows: ClassVar[QuerySet[Any]] = Derivation.objects.filter(
        source__withheld_at=None, derived__withheld_at=None
    ).select_related("source", "derived")
    cites = ("source_id", "derived_id")
    serializer_class = DerivationShape
    filterset_class = DerivationFilter


@described("derivations", _("Edges, a page at a time"), _("Who was made from what, how, and how that is known."))
class DerivationList(Derivations, Listing):
    """A page of them."""


@described("derivation_lines", _("Edges, streamed whole"), STREAMED)
class DerivationLines(Derivations, Stream):
    """All of them."""


def _owned() -> QuerySet[Any]:
    """How many standing artifacts each author owns, as a subquery: counted for the rows of a page alone."""
    owned = Artifact.objects.standing().shown().filter(author=OuterRef("pk")).order_by().values("author")
    return Author.objects.shown().annotate(
        artifacts_owned=Coalesce(Subquery(owned.annotate(n=Count("pk")).values("n")), 0)
    )


class Authors(Rows):
    """Accounts of whom nothing is withheld. No artifact is shown, so keys of authors are recorded."""

    rows: ClassVar[QuerySet[Any]] = _owned()
    serializer_class = AuthorShape
    filterset_class = AuthorFilter

    def told(self, rows: Sequence[Model]) -> list[dict[str, Any]]:
        """The rows; remembered, to be recorded."""
        self.keys = [row.pk for row in rows]
        return super().told(rows)

    def named(self, rows: Sequence[Model]) -> dict[str, Any]:
        """Their names need no further query."""
        return {}

    def definition(self) -> dict[str, object]:
        """What was asked, and which accounts were told."""
        return {**super().definition(), "authors": self.keys}


@described("authors", _("Authors, a page at a time"), _("Accounts that own listed artifacts; persons masked."))
class AuthorList(Authors, Listing):
    """A page of them."""


@described(
    "author",
    _("One author by its key"),
    _("Its artifacts: artifacts/?author="),
    answers=AuthorShape,
    fields=True,
    missing=True,
)
class AuthorOne(Operation):
    """By its key."""

    takes = (FIELDS,)

    def get(self, request: Request, key: int) -> Response:
        """The author; 404 where nothing that may be shown has this key."""
        author = _owned().filter(pk=key).first()
        if author is None:
            raise Http404
        context = {"wanted": wanted_fields(request, AuthorShape.Meta.fields), "viewer": self.viewer}
        data = AuthorShape(author, context=context).data
        self.record([], reference=f"author:{key}")
        return Response(data)


def _families() -> QuerySet[Any]:
    """The roots of families, with how many members each has."""
    members = Artifact.objects.standing().shown().filter(family=OuterRef("pk"))
    counted = members.order_by().values("family").annotate(n=Count("pk")).values("n")
    roots = Artifact.objects.standing().shown().filter(Exists(members))
    return roots.annotate(members=Coalesce(Subquery(counted), 0))


class Families(Rows):
    """Roots, and how many artifacts stand under each."""

    rows: ClassVar[QuerySet[Any]] = _families()
    cites = ("pk",)
    serializer_class = FamilyShape
    filterset_class = FamilyFilter


@described("families", _("Families, a page at a time"), _("The members of one: artifacts/?family="))
class FamilyList(Families, Listing):
    """A page of them."""


@described(
    "family",
    _("One family by the key of its root"),
    _("Its members: artifacts/?family="),
    answers=FamilyShape,
    fields=True,
    missing=True,
)
class FamilyOne(Operation):
    """By the key of its root."""

    takes = (FIELDS,)

    def get(self, request: Request, key: int) -> Response:
        """The family; 404 where this is no root of one."""
        root = _families().filter(pk=key).first()
        if root is None:
            raise Http404
        wanted = wanted_fields(request, FamilyShape.Meta.fields)
        data = FamilyShape(root, context={"wanted": wanted, "names": names_by_key([key], self.viewer)}).data
        self.record([key], reference=f"family:{key}")
        return Response(data)


class Aliases(Rows):
    """Old and short names of what may be shown."""

    rows: ClassVar[QuerySet[Any]] = Alias.objects.filter(artifact__withheld_at=None).select_related("artifact")
    cites = ("artifact_id",)
    serializer_class = AliasShape
    filterset_class = AliasFilter

    def named(self, rows: Sequence[Model]) -> dict[str, Any]:
        """Names, and old names as whoever asks may read them."""
        texts = repo_ids_shown([row.name for row in rows], self.viewer)  # type: ignore[attr-defined]
        return {**super().named(rows), "texts": texts}


@described("aliases", _("Old and short names, a page at a time"), _("And what each means today, with who says so."))
class AliasList(Aliases, Listing):
    """A page of them."""


@described("alias_lines", _("Old and short names, streamed whole"), STREAMED)
class AliasLines(Aliases, Stream):
    """All of them."""


class WeeklyCounters(Rows):
    """Counters by week of what may be shown."""

    rows: ClassVar[QuerySet[Any]] = WeeklyCounter.objects.filter(artifact__withheld_at=None)
    cites = ("artifact_id",)
    serializer_class = WeeklyCounterShape
    filterset_class = WeeklyCounterFilter

    def named(self, rows: Sequence[Model]) -> dict[str, Any]:
        """Nothing is named."""
        return {}


@described(
    "weekly_counters",
    _("Counters by week, a page at a time"),
    _("Downloads (of 30 days) and likes, as seen that week."),
)
class WeeklyCounterList(WeeklyCounters, Listing):
    """A page of them."""


@described("weekly_counter_lines", _("Counters by week, streamed whole"), STREAMED)
class WeeklyCounterLines(WeeklyCounters, Stream):
    """All of them."""
