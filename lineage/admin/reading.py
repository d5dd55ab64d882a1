"""What the admin pages of the genealogy have in common: read-only, named for the viewer, each read recorded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lineage import consultations
from lineage.labels import ELEMENT_NOT_SHOWN
from lineage.models import Artifact, Consultation
from lineage.naming import Viewer, artifact_names, repo_ids_shown, viewer_of

MOST_LISTED = 10_000  # rows one may page through: beyond, a filter or the site's own search serves better
Names = Mapping[int | str, str]


class FirstRows(Paginator):  # type: ignore[type-arg]
    """Counts no further than it lets anyone page: counting millions of rows would take seconds each time."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:MOST_LISTED].count())


class Calm(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list that costs the same however long the table is. No search: typed names would stand in the address."""

    actions: Sequence[Any] | None = None
    list_per_page = 50
    ordering = ["-pk"]
    paginator = FirstRows
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by: ClassVar[tuple[str, ...]] = ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(Calm):
    """Rows that harvests write and nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Named(Calm):
    """Rows that name accounts: shown as the viewer may see them, and every read of them recorded."""

    def artifacts_in_list(self, row: Any) -> Iterable[Artifact | None]:
        """The artifacts whose names the row's line in the list shows. They must have been fetched with the row."""
        return ()

    def artifacts_on_page(self, row: Any) -> Iterable[Artifact | None]:
        """The artifacts whose names the row's own page shows."""
        return self.artifacts_in_list(row)

    def repo_ids_in(self, row: Any) -> Iterable[str]:
        """Names that the row itself holds, old or mentioned."""
        return ()

    def names(self, rows: Sequence[Any], artifacts: Sequence[Artifact], viewer: Viewer) -> Names:
        """What to show: artifacts by their key, names that rows hold by themselves."""
        held = [repo_id for row in rows for repo_id in self.repo_ids_in(row)]
        named: dict[int | str, str] = {}
        named.update(artifact_names(artifacts, viewer).items())
        named.update(repo_ids_shown(held, viewer).items())
        return named

    def list_definition(self, rows: Sequence[Any], changelist: ChangeList) -> dict[str, object]:
        """What a consultation says of a list: which one, and by which fields it was filtered."""
        return {"list": self.opts.model_name, "filtered_by": sorted(changelist.get_filters_params())}

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list's page, with the names of all its rows at once."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        artifacts = [artifact for row in rows for artifact in self.artifacts_in_list(row) if artifact]
        self._show(request, rows, artifacts)
        changelist.result_list = rows
        consultations.record(
            by=request.user,
            operation=Consultation.Operation.VIEW,
            at=timezone.now(),
            artifacts={artifact.pk for artifact in artifacts},
            definition=self.list_definition(rows, changelist),
        )
        return changelist

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """One row's page, with the names on it."""
        row = kwargs.get("obj")
        if row is not None:
            artifacts = [artifact for artifact in self.artifacts_on_page(row) if artifact]
            self._show(request, [row], artifacts)
            consultations.record(
                by=request.user,
                operation=Consultation.Operation.VIEW,
                at=timezone.now(),
                artifacts={artifact.pk for artifact in artifacts},
                reference=self.reference(row),
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def reference(self, row: Any) -> str:
        """How a consultation cites the row."""
        return f"{self.opts.model_name}:{row.pk}"

    def _show(self, request: HttpRequest, rows: Sequence[Any], artifacts: Sequence[Artifact]) -> None:
        names = self.names(rows, artifacts, viewer_of(request.user))
        for row in rows:
            row.names_shown = names


def shown(row: Any, key: int | str | None) -> str:
    """The name to show on a row for an artifact's key or a name it holds; "–" for none."""
    if key is None or key == "":
        return "–"
    names: Names = getattr(row, "names_shown", {})
    return names.get(key) or str(ELEMENT_NOT_SHOWN)


def artifact_link(row: Any, key: int | None) -> SafeString:
    """The same, linked to the artifact's page on the site."""
    if key is None:
        return format_html("{}", "–")
    return format_html('<a href="{}">{}</a>', reverse("lineage:artifact", args=[key]), shown(row, key))
