"""Project periods: outside them, nothing is harvested. The data protection officer gives an opinion on each."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from rights import journal
from rights.admin.notice import acting
from rights.models import ProjectPeriod
from rights.period import legal_date
from rights.stored import row_of

PERIOD = ("starts_on", "ends_on", "notice_reference", "informed_on")
OPINION = ("dpo_opinion", "dpo_opinion_on", "dpo_key")
GIVE_OPINION = "rights.give_opinion"


@admin.register(ProjectPeriod)
class ProjectPeriodAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Recorded and extended by a supervisor; never deleted, since each shows of what the public was informed."""

    list_display = (*PERIOD, "dpo_opinion_on")
    fields = (*PERIOD, *OPINION)

    def has_change_permission(self, request: HttpRequest, obj: ProjectPeriod | None = None) -> bool:
        return super().has_change_permission(request, obj) or request.user.has_perm(GIVE_OPINION)

    def has_delete_permission(self, request: HttpRequest, obj: ProjectPeriod | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: ProjectPeriod | None = None) -> Any:
        """The opinion is the officer's, everything else the supervisor's."""
        gives = request.user.has_perm(GIVE_OPINION)
        keeps = super().has_change_permission(request, obj)
        return (*(() if keeps else PERIOD), *(() if gives else ("dpo_opinion",)), "dpo_opinion_on", "dpo_key")

    def save_model(self, request: HttpRequest, obj: ProjectPeriod, form: Any, change: bool) -> None:  # noqa: FBT001
        now, by = timezone.now(), acting(request)
        if "dpo_opinion" in form.changed_data:
            obj.dpo_opinion_on, obj.dpo_key = (legal_date(now), by) if obj.dpo_opinion else (None, None)
        super().save_model(request, obj, form, change)
        details: dict[str, int | str] = {"period": obj.pk, "changed": ", ".join(sorted(form.changed_data))}
        redo = {"do": "rows", "rows": [row_of(obj)]}
        journal.enter(act="period_recorded", by=by, at=now, reference="", details=details, redo=redo)
