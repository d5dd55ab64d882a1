"""The ledger of exports, for those who must tell recipients of an effect: who received what, until when."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lineage.admin.reading import ReadOnly
from lineage.disclosures import shown_keys
from lineage.models import Disclosure

MOST_KEYS = 1_000  # written out on an entry's page


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnly):
    """One line a file or dossier, the latest first. What it holds is cited by its keys, nothing is named."""

    list_display = ("at", "account", "form", "reference", "count", "kept_until")
    list_filter = ("form",)
    fields = ("at", "account", "form", "reference", "definition", "count", "kept_until", "artifacts_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        accounts = get_user_model().objects.filter(pk=OuterRef("user_key"))
        named = super().get_queryset(request).annotate(username=Subquery(accounts.values("username")[:1]))
        rows: QuerySet[Any] = named.defer("shown")  # megabytes, read for an entry's own page only
        return rows

    @admin.display(description=_("recipient"))
    def account(self, disclosure: Any) -> str:
        return disclosure.username or f"#{disclosure.user_key}"

    @admin.display(description=_("keys of the artifacts it holds"))
    def artifacts_shown(self, disclosure: Disclosure) -> str:
        keys = shown_keys(disclosure)
        more = ["…"] if len(keys) > MOST_KEYS else []
        return ", ".join([*map(str, keys[:MOST_KEYS]), *more])
