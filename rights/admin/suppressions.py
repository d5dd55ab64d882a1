"""The suppression list: when each entry is to be looked at again, what it kept out, and “did you erase me?”."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rights.admin.effects import OfACase, case_link
from rights.deadlines import legal_date
from rights.desk.finding import suppressed
from rights.keyring import KeysMissing
from rights.models import RightsCase, Suppression


class ReviewFilter(admin.SimpleListFilter):
    """Those whose day of review has come: the name may belong to somebody else by now."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", gettext_lazy("to be looked at again"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(review_on__lte=legal_date(timezone.now())) if self.value() == "due" else queryset


@admin.register(Suppression)
class SuppressionAdmin(OfACase):
    """One line a fingerprint, which is not shown. A name that is typed arrives by POST and stands in no address."""

    list_display = ("number", "subject", "ground", "case", "since", "review_on", "hits", "learned")
    list_filter = (ReviewFilter, "ground", "subject", "learned")
    fields = ("subject", "ground", "case", "also_for", "since", "review_on", "hits", "learned", "key_id")
    change_list_template = "admin/rights/suppression/change_list.html"

    @admin.display(description=gettext_lazy("number"))
    def number(self, entry: Suppression) -> str:
        return f"#{entry.pk}"

    def get_urls(self) -> list[URLPattern]:
        find = self.admin_site.admin_view(self.find_view)
        return [path("find/", find, name="rights_suppression_find"), *super().get_urls()]

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """“Did you erase me?”: the cases that a typed account meets."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.method == "POST" and bool(request.POST.get("sought", "").strip())
        context = self.admin_site.each_context(request) | {
            "title": _("Did you erase me?"),
            "found": self._found(request) if asked else [],
            "asked": asked,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/rights/suppression/found.html", context)

    def _found(self, request: HttpRequest) -> list[dict[str, Any]] | None:
        """Each entry with its case; None where the list cannot be read, which is said."""
        try:
            entries = suppressed(request.POST["sought"], by=request.user, at=timezone.now())
        except KeysMissing as missing:
            messages.error(request, str(missing))
            return None
        references = {reference for entry in entries for reference in entry.references}
        cases = dict(RightsCase.objects.filter(reference__in=references).values_list("reference", "pk"))
        return [
            {"entry": entry, "cases": [case_link(one, cases.get(one)) for one in entry.references]} for entry in entries
        ]
