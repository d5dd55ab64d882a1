"""The schedules in the back office: when each task runs, and whether it does.

In place of the library's own pages, whose inline scripts the content policy stops and whose fields have no labels.
"""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

# What migrations put in: kept in English, shown in the reader's language.
NAMES = (
    gettext_noop("Accounts: forget old sessions and failed sign-ins"),
    gettext_noop("Accounts: persons and organisations"),
    gettext_noop("Alarms: look for them"),
    gettext_noop("Backup: the database and the files, into BACKUP_DIR"),
    gettext_noop("Consultations: delete those older than 12 months"),
    gettext_noop("Harvest: full listing, every night"),
    gettext_noop("Harvest: resume what a lost worker left"),
    gettext_noop("Ledger of exports: delete entries whose copies may no longer be kept"),
    gettext_noop("Presence: purge what persons took from the Hub 30 days ago"),
    gettext_noop("Rights: delete what is past its period"),
    gettext_noop("Rights: look whether the traces of referrals changed"),
    gettext_noop("Rights: send the head of the journal"),
    gettext_noop("Rights: send what is due to the agents"),
)
# The library's own French of these has faults; that of this project comes before it.
WORDS = (
    gettext_noop("Periodic Tasks"),
    gettext_noop("periodic tasks"),
    gettext_noop("interval"),
    gettext_noop("intervals"),
    gettext_noop("Interval Period"),
    gettext_noop("Interval Schedule"),
)

for scheduled in (ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule):
    admin.site.unregister(scheduled)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What runs on its own, by one schedule each: a crontab or an interval."""

    list_display = ("name_shown", "schedule", "enabled", "last_run_at", "total_run_count")
    list_filter = ("enabled",)
    list_select_related = ("crontab", "interval", "clocked", "solar")
    ordering = ("name",)
    fields = ("name", "task", "enabled", "crontab", "interval", "args", "kwargs", "description", "last_run_at")
    readonly_fields = ("last_run_at",)

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def name_shown(self, task: PeriodicTask) -> str:
        return gettext(task.name) if task.name in NAMES else str(task.name)

    @admin.display(description=gettext_lazy("schedule"))
    def schedule(self, task: PeriodicTask) -> Any:
        return task.crontab or task.interval or task.scheduler


@admin.register(CrontabSchedule)
class CrontabAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Times of the clock, in a time zone: minute, hour, day of the month, month, day of the week."""

    list_display = ("__str__", "minute", "hour", "day_of_month", "month_of_year", "day_of_week", "timezone")


@admin.register(IntervalSchedule)
class IntervalAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """So much time between two runs."""

    list_display = ("__str__", "every", "period")
