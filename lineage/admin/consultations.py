"""The log of reads, for the data protection officer: who read what and when, never counted by agent."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lineage.admin.reading import ReadOnly
from lineage.consultations import shown_keys
from lineage.models import Consultation


@admin.register(Consultation)
class ConsultationAdmin(ReadOnly):
    """One line a read, the latest first. What was read is cited by its key, nothing is named."""

    list_display = ("at", "account", "operation", "purpose", "reference", "count")
    list_filter = ("operation",)
    fields = ("at", "account", "operation", "purpose", "reference", "definition", "count", "artifacts_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        accounts = get_user_model().objects.filter(pk=OuterRef("user_key"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(username=Subquery(accounts.values("username")[:1]))
        return rows

    @admin.display(description=_("account"))
    def account(self, consultation: Any) -> str:
        return consultation.username or f"#{consultation.user_key}"

    @admin.display(description=_("keys of the artifacts shown"))
    def artifacts_shown(self, consultation: Consultation) -> str:
        return ", ".join(map(str, shown_keys(consultation))) or "–"
