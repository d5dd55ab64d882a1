"""The journal of acts, to be read: what was done, when, by whom, in which case."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from rights.admin.effects import OfACase
from rights.admin.words import ACTS, act_words
from rights.models import JournalEntry


class ActFilter(admin.SimpleListFilter):
    """By what was done."""

    title = gettext_lazy("act")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        acts = JournalEntry.objects.order_by("act").values_list("act", flat=True).distinct()
        return [(act, str(ACTS.get(act, act))) for act in acts]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(act=self.value()) if self.value() else queryset


@admin.register(JournalEntry)
class JournalEntryAdmin(OfACase):
    """The latest first. The database refuses to change an entry; “rights verify-journal” shows that nobody did."""

    list_display = ("number", "at", "said", "agent", "case")
    list_filter = (ActFilter,)
    fields = ("number", "at", "act", "said", "agent", "case", "details", "chain")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        accounts = get_user_model()._default_manager.filter(pk=OuterRef("by_key")).values("username")
        rows: QuerySet[Any] = super().get_queryset(request).annotate(username=Subquery(accounts[:1]))
        return rows

    @admin.display(description=gettext_lazy("act"))
    def said(self, entry: JournalEntry) -> str:
        return act_words(entry)

    @admin.display(description=gettext_lazy("agent"))
    def agent(self, entry: Any) -> str:
        return entry.username or f"#{entry.by_key}"
