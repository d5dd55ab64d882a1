"""Models and datasets, and the accounts that own them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lineage.admin.reading import Named, Names, ReadOnly, artifact_link, shown
from lineage.labels import LABELS
from lineage.models import Artifact, Author, DatasetArtifact, ModelArtifact
from lineage.naming import Viewer, author_full_name, author_name
from lineage.vocabulary import Kind, Unusable


class ArtifactAdmin(Named, ReadOnly):
    """One kind of artifact."""

    kind: Kind
    list_display = ("name", "presence", "license", "task", "downloads", "likes", "modified_at")
    list_filter = ("presence", "is_current", "disabled", "cycle_broken")
    list_select_related = ("counter",)
    fieldsets = (
        (None, {"fields": ("name", "account", "presence", "gone_since", "is_current", "means")}),
        (
            _("Facts from the Hub"),
            {
                "fields": (
                    *("hub_id", "created_at", "modified_at", "license", "task", "library", "languages", "tags"),
                    *("gated", "disabled", "size", "downloads", "likes"),
                )
            },
        ),
        (_("Computed"), {"fields": ("primary_parent", "root", "cycle_broken", "unusable_mentions")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(kind=self.kind, withheld_at=None)

    def view_on_site(self, obj: Artifact) -> str:
        """The artifact's page on the site, with its sources, derivatives and evidence."""
        return reverse("lineage:artifact", args=[obj.pk])

    def artifacts_in_list(self, row: Artifact) -> Iterable[Artifact | None]:
        return (row,)

    def artifacts_on_page(self, row: Artifact) -> Iterable[Artifact | None]:
        return row, row.parent, row.family, row.superseded_by

    def names(self, rows: Sequence[Any], artifacts: Sequence[Artifact], viewer: Viewer) -> Names:
        """Those of the artifacts; on a page of its own, also its account's, under the account's name."""
        named = dict(super().names(rows, artifacts, viewer))
        if len(rows) == 1 and rows[0].author is not None:
            named[rows[0].author.name] = author_name(rows[0].author, viewer)
        return named

    def reference(self, row: Artifact) -> str:
        return f"artifact:{row.pk}"

    @admin.display(description=_("name"))
    def name(self, artifact: Artifact) -> str:
        return shown(artifact, artifact.pk)

    @admin.display(description=_("author"))
    def account(self, artifact: Artifact) -> SafeString:
        if artifact.author is None:
            return format_html("{}", "–")
        address = reverse("lineage:author", args=[artifact.author.pk])
        return format_html('<a href="{}">{}</a>', address, shown(artifact, artifact.author.name))

    @admin.display(description=_("superseded by"))
    def means(self, artifact: Artifact) -> SafeString:
        return artifact_link(artifact, artifact.superseded_by_id)

    @admin.display(description=_("primary parent"))
    def primary_parent(self, artifact: Artifact) -> SafeString:
        return artifact_link(artifact, artifact.parent_id)

    @admin.display(description=_("family"))
    def root(self, artifact: Artifact) -> SafeString:
        return artifact_link(artifact, artifact.family_id)

    @admin.display(description=_("unusable mentions"))
    def unusable_mentions(self, artifact: Artifact) -> str:
        counts: Mapping[str, int] = artifact.unusable
        return ", ".join(f"{LABELS[Unusable(word)]}: {count}" for word, count in sorted(counts.items())) or "–"

    @admin.display(description=_("downloads"))
    def downloads(self, artifact: Artifact) -> int | None:
        return artifact.counter.downloads if hasattr(artifact, "counter") else None

    @admin.display(description=_("likes"))
    def likes(self, artifact: Artifact) -> int | None:
        return artifact.counter.likes if hasattr(artifact, "counter") else None


@admin.register(ModelArtifact)
class ModelArtifactAdmin(ArtifactAdmin):
    """The models."""

    kind = Kind.MODEL


@admin.register(DatasetArtifact)
class DatasetArtifactAdmin(ArtifactAdmin):
    """The datasets."""

    kind = Kind.DATASET


@admin.register(Author)
class AuthorAdmin(Named, ReadOnly):
    """The Hub accounts."""

    list_display = ("account", "kind", "display_name", "kind_checked_at")
    list_filter = ("kind",)
    fields = ("account", "kind", "display_name", "kind_checked_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the accounts of which something is withheld."""
        return super().get_queryset(request).filter(pk__in=Author.objects.shown())

    def view_on_site(self, obj: Author) -> str:
        """The author's page on the site, with what it owns."""
        return reverse("lineage:author", args=[obj.pk])

    def names(self, rows: Sequence[Any], artifacts: Sequence[Artifact], viewer: Viewer) -> Names:
        """The account's name by its key, its display name by its own name."""
        accounts: dict[int | str, str] = {author.pk: author_name(author, viewer) for author in rows}
        return accounts | {author.name: author_full_name(author, viewer) or "–" for author in rows}

    def list_definition(self, rows: Sequence[Any], changelist: ChangeList) -> dict[str, object]:
        """An author is no artifact: its key stands in the definition."""
        return super().list_definition(rows, changelist) | {"authors": [author.pk for author in rows]}

    @admin.display(description=_("account name"))
    def account(self, author: Author) -> str:
        return shown(author, author.pk)

    @admin.display(description=_("full name"))
    def display_name(self, author: Author) -> str:
        return shown(author, author.name)
