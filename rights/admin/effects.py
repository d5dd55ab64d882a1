"""What is restricted, corrected or in doubt: to read, and doubts to decide. Names as the reader may see them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from lineage.admin.reading import Named, Names, ReadOnly, artifact_link
from lineage.models import Artifact
from lineage.naming import Viewer, names_by_key, viewer_of
from rights import doubts
from rights.admin.notice import acting
from rights.effects import EffectRefused
from rights.models import NameDoubt, Rectification, Restriction, RightsCase

DECIDE = "rights.decide_namedoubt"


class OfACase(Named, ReadOnly):
    """Rows that cite a case by its reference; each read of them is recorded."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        cases = RightsCase.objects.unopened().filter(reference=OuterRef("reference")).values("pk")
        rows: QuerySet[Any] = super().get_queryset(request).annotate(case_key=Subquery(cases[:1]))
        return rows

    @admin.display(description=gettext_lazy("case"))
    def case(self, row: Any) -> SafeString:
        return case_link(row.reference, row.case_key)


def case_link(reference: str, key: int | None) -> SafeString:
    """A case's reference, linked to its page where it is one of this site's cases."""
    if key is None:
        return format_html("{}", reference or "–")
    return format_html('<a href="{}">{}</a>', reverse("admin:rights_rightscase_change", args=[key]), reference)


class OfAnArtifact(OfACase):
    """Rows that cite an artifact by its key; what is withheld is not named."""

    def artifacts_in_list(self, row: Any) -> Iterable[Artifact | None]:
        return (Artifact(pk=row.artifact_key),)  # its key is all that a consultation takes of it

    def names(self, rows: Sequence[Any], artifacts: Sequence[Artifact], viewer: Viewer) -> Names:
        named: dict[int | str, str] = {}
        named.update(names_by_key({row.artifact_key for row in rows}, viewer).items())
        return named

    @admin.display(description=gettext_lazy("artifact"))
    def artifact(self, row: Any) -> SafeString:
        return artifact_link(row, row.artifact_key)


@admin.register(Restriction)
class RestrictionAdmin(OfACase):
    """Lifted from the page of their case."""

    list_display = ("case", "began_at", "notice_sent_at", "lifted_at", "artifacts")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_display_links = ("began_at",)  # the first column leads elsewhere, and a link in a link is none
    fields = list_display

    @admin.display(description=gettext_lazy("artifacts"))
    def artifacts(self, restriction: Restriction) -> int:
        return len(restriction.artifact_keys)


@admin.register(Rectification)
class RectificationAdmin(OfAnArtifact):
    """Both values; where the Hub agrees by now, it may be closed from the page of its case."""

    list_display = ("artifact", "field", "value_shown", "hub_value_shown", "agreed", "case", "began_at", "closed_at")
    list_filter = ("agreed", "field", ("closed_at", admin.EmptyFieldListFilter))
    list_display_links = ("began_at",)
    fields = list_display

    @admin.display(description=gettext_lazy("corrected value"))
    def value_shown(self, row: Rectification) -> str:
        return _said(row.value)

    @admin.display(description=gettext_lazy("the Hub's value"))
    def hub_value_shown(self, row: Rectification) -> str:
        return _said(row.hub_value)


def _said(value: Any) -> str:
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value or "")) or "–"


@admin.register(NameDoubt)
class NameDoubtAdmin(OfAnArtifact):
    """Other people's names that hold an erased pseudonym: kept, or taken out once what that touches was seen."""

    list_display = ("artifact", "case", "raised_at")
    list_display_links = ("raised_at",)
    fields = list_display
    actions = ("keep", "take_out")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DECIDE)

    @admin.action(description=gettext_lazy("Keep: the name is somebody else's"), permissions=["decide"])
    def keep(self, request: HttpRequest, queryset: QuerySet[NameDoubt]) -> None:
        kept = sum(doubts.keep(doubt=doubt, by=acting(request), at=timezone.now()) for doubt in queryset)
        said = ngettext("{count} name kept; the journal says so.", "{count} names kept; the journal says so.", kept)
        messages.success(request, said.format(count=kept))

    @admin.action(description=gettext_lazy("Take out: the name means the erased person"), permissions=["decide"])
    def take_out(self, request: HttpRequest, queryset: QuerySet[NameDoubt]) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return self._asked_to_confirm(request, queryset)
        gone = 0
        for doubt in queryset:
            try:
                gone += doubts.take_out(doubt=doubt, by=acting(request), at=timezone.now())
            except EffectRefused as refused:
                messages.error(request, str(refused))
        said = ngettext("{count} artifact taken out.", "{count} artifacts taken out.", gone)
        messages.success(request, said.format(count=gone))
        return None

    def _asked_to_confirm(self, request: HttpRequest, queryset: QuerySet[NameDoubt]) -> HttpResponse:
        """What would leave, by name and in numbers.

        Reading the names was recorded with the list they were chosen from.
        """
        rows = list(queryset)
        names = names_by_key([row.artifact_key for row in rows], viewer_of(request.user))
        seen = [(names[row.artifact_key], doubts.preview(row, at=timezone.now())) for row in rows]
        context = {"title": gettext("Take out"), "rows": rows, "seen": seen, "opts": self.opts}
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/rights/namedoubt/take_out.html", context)
