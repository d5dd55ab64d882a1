"""The alarms: those that stand, and those that were cleared."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from lineage import alarms
from lineage.admin.reading import ReadOnly
from lineage.models import Alarm


@admin.register(Alarm)
class AlarmAdmin(ReadOnly):
    """What is wrong, since when, and what to do."""

    list_display = ("kind", "raised_at", "cleared_at", "told_at")
    list_filter = ("kind", ("cleared_at", admin.EmptyFieldListFilter))
    fields = ("kind", "details", "to_do", "raised_at", "cleared_at", "told_at")

    @admin.display(description=gettext_lazy("what to do"))
    def to_do(self, alarm: Alarm) -> str:
        return alarms.advice(alarm.kind)
