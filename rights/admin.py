"""Project periods: outside them, nothing is harvested."""

from django.contrib import admin
from django.http import HttpRequest

from rights.models import ProjectPeriod


@admin.register(ProjectPeriod)
class ProjectPeriodAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Recorded and extended here; never deleted, since each shows of what the public was informed."""

    list_display = ("starts_on", "ends_on", "notice_reference", "informed_on")
    fields = ("starts_on", "ends_on", "notice_reference", "informed_on")

    def has_delete_permission(self, request: HttpRequest, obj: ProjectPeriod | None = None) -> bool:
        return False
