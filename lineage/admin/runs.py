"""Harvests: what each did and where it stands; starting and stopping one; what could not be taken."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lineage import harvest, policy
from lineage.admin.counts import count_lines
from lineage.admin.reading import ReadOnly
from lineage.models import HarvestRun, Quarantine
from lineage.models.run import OPEN_STATES
from lineage.tasks import run_harvest
from lineage.vocabulary import RunState

RUN = "lineage.run_harvest"


@admin.register(HarvestRun)
class HarvestRunAdmin(ReadOnly):
    """The harvests, the latest first."""

    list_display = ("number", "source", "state", "created_at", "started_at", "ended_at", "rows", "changed")
    list_filter = ("state", "source")
    fields = ("source", "options", "slot", "created_at", "started_at", "ended_at", "message")

    @admin.display(description=gettext_lazy("number"))
    def number(self, run: HarvestRun) -> int:
        return run.pk

    @admin.display(description=gettext_lazy("records read"))
    def rows(self, run: HarvestRun) -> int:
        return int(run.counts.get("rows", 0))

    @admin.display(description=gettext_lazy("rows changed"))
    def changed(self, run: HarvestRun) -> int:
        return int(run.counts.get("changed", 0))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("harvest-now/", wrap(self.harvest_now), name="lineage_harvestrun_harvest_now"),
            path("<int:key>/cancel/", wrap(self.cancel), name="lineage_harvestrun_cancel"),
            path("<int:key>/pause/", wrap(self.pause), name="lineage_harvestrun_pause"),
            path("<int:key>/resume/", wrap(self.resume), name="lineage_harvestrun_resume"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the button that starts a harvest or the reason why none may start."""
        may_run = request.user.has_perm(RUN)
        refusal = policy.current().refusal(at=timezone.now()) if may_run else None
        return super().changelist_view(request, {"may_run": may_run, "refusal": refusal} | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        run = kwargs.get("obj")
        if run is not None:
            context |= {
                "run": run,
                "is_open": run.state in OPEN_STATES,
                "is_paused": run.state == RunState.PAUSED,
                "lanes": run.lanes.order_by("pk"),
                "count_lines": count_lines(run.counts),
                "may_cancel": request.user.has_perm(RUN),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_POST)
    def harvest_now(self, request: HttpRequest) -> HttpResponse:
        """Ask for a full listing of the Hub; the worker does it. Refused, with the reason, outside a project period."""
        if not request.user.has_perm(RUN):
            raise PermissionDenied
        try:
            with transaction.atomic():
                run = harvest.request(source=HarvestRun.Source.HUB, at=timezone.now())
                # Without a broker the run stays queued; the schedule takes up what nobody began.
                transaction.on_commit(_asks_the_worker(run.pk), robust=True)
        except harvest.HarvestRefused as refused:
            messages.error(request, str(refused))
            return redirect("admin:lineage_harvestrun_changelist")
        self.log_addition(request, run, "harvest now")
        messages.success(request, _("Harvest {number} is waiting for a worker.").format(number=run.pk))
        return redirect("admin:lineage_harvestrun_change", run.pk)

    @method_decorator(require_POST)
    def cancel(self, request: HttpRequest, key: int) -> HttpResponse:
        """End a harvest that is under way. The pages it stored are kept."""
        if not request.user.has_perm(RUN):
            raise PermissionDenied
        if harvest.cancel(key, at=timezone.now()):
            messages.success(request, _("The harvest was stopped. What it had stored is kept."))
        else:
            messages.warning(request, _("This harvest is not under way. Nothing was changed."))
        return redirect("admin:lineage_harvestrun_change", key)

    @method_decorator(require_POST)
    def pause(self, request: HttpRequest, key: int) -> HttpResponse:
        """Stop reading until it is resumed. The pages it stored are kept, and it stays the one harvest under way."""
        if not request.user.has_perm(RUN):
            raise PermissionDenied
        if harvest.pause(key, at=timezone.now()):
            messages.success(request, _("The harvest is paused. What it had stored is kept; resume or stop it here."))
        else:
            messages.warning(request, _("This harvest is not under way. Nothing was changed."))
        return redirect("admin:lineage_harvestrun_change", key)

    @method_decorator(require_POST)
    def resume(self, request: HttpRequest, key: int) -> HttpResponse:
        """Let a paused harvest go on where it stood; a worker takes it up."""
        if not request.user.has_perm(RUN):
            raise PermissionDenied
        with transaction.atomic():
            is_resumed = harvest.resume(key, at=timezone.now())
            if is_resumed:
                transaction.on_commit(_asks_the_worker(key), robust=True)
        if is_resumed:
            messages.success(request, _("Harvest {number} is waiting for a worker.").format(number=key))
        else:
            messages.warning(request, _("This harvest is not paused. Nothing was changed."))
        return redirect("admin:lineage_harvestrun_change", key)


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnly):
    """Records and pages that could not be taken: why, never what they held."""

    list_display = ("number", "kind", "reason", "field", "length", "run", "seen_at")
    list_filter = ("kind", "reason")
    list_select_related = ("run",)
    fields = ("kind", "reason", "field", "length", "run", "seen_at")

    @admin.display(description=gettext_lazy("number"))
    def number(self, entry: Quarantine) -> int:
        return entry.pk


def _asks_the_worker(key: int) -> Callable[[], None]:
    """Not a `partial`: Django tells the failure of a robust hook by its `__qualname__`, which that has not."""

    def ask() -> None:
        run_harvest.delay(key)

    return ask
