"""Derivations, aliases and what the Hub answered about names: computed, so that nobody edits them here."""

from collections.abc import Iterable

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lineage.admin.reading import Named, ReadOnly, artifact_link, shown
from lineage.models import Alias, Artifact, Derivation, NameInquiry


@admin.register(Derivation)
class DerivationAdmin(Named, ReadOnly):
    """The edges, past ones too. To add or reject one, record a verdict."""

    list_display = ("number", "of", "relation", "from_source", "certainty", "held_from", "held_until")
    list_filter = ("relation", "certainty", ("held_until", admin.EmptyFieldListFilter))
    list_select_related = ("source", "derived")
    fields = ("of", "relation", "from_source", "certainty", "held_from", "held_until")

    def artifacts_in_list(self, row: Derivation) -> Iterable[Artifact | None]:
        return row.source, row.derived

    @admin.display(description=_("number"))
    def number(self, derivation: Derivation) -> int:
        return derivation.pk

    @admin.display(description=_("derived"))
    def of(self, derivation: Derivation) -> SafeString:
        return artifact_link(derivation, derivation.derived_id)

    @admin.display(description=_("source"))
    def from_source(self, derivation: Derivation) -> SafeString:
        return artifact_link(derivation, derivation.source_id)


@admin.register(Alias)
class AliasAdmin(Named, ReadOnly):
    """Old names, past aliases too. To correct one, record a verdict."""

    list_display = ("old_name", "kind", "means", "origin", "held_from", "held_until")
    list_filter = ("kind", "origin", ("held_until", admin.EmptyFieldListFilter))
    list_select_related = ("artifact",)
    fields = ("old_name", "kind", "means", "origin", "held_from", "held_until")

    def artifacts_in_list(self, row: Alias) -> Iterable[Artifact | None]:
        return (row.artifact,)

    def repo_ids_in(self, row: Alias) -> Iterable[str]:
        return (row.name,)

    @admin.display(description=_("old name"))
    def old_name(self, alias: Alias) -> str:
        return shown(alias, alias.name)

    @admin.display(description=_("means"))
    def means(self, alias: Alias) -> SafeString:
        return artifact_link(alias, alias.artifact_id)


@admin.register(NameInquiry)
class NameInquiryAdmin(Named, ReadOnly):
    """What the Hub answered when asked what a bare name means."""

    list_display = ("asked_name", "kind", "answer", "means", "asked_at")
    list_filter = ("kind", "answer")
    list_select_related = ("artifact",)
    fields = ("asked_name", "kind", "answer", "means", "asked_at")

    def artifacts_in_list(self, row: NameInquiry) -> Iterable[Artifact | None]:
        return (row.artifact,)

    def repo_ids_in(self, row: NameInquiry) -> Iterable[str]:
        return (row.name,)

    @admin.display(description=_("name asked"))
    def asked_name(self, inquiry: NameInquiry) -> str:
        return shown(inquiry, inquiry.name)

    @admin.display(description=_("means"))
    def means(self, inquiry: NameInquiry) -> SafeString:
        return artifact_link(inquiry, inquiry.artifact_id)
