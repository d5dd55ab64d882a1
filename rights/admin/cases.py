"""The queue of rights cases, and the page on which each is worked."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lineage import consultations
from lineage.models import Consultation
from rights.admin.acts import ACTS, DONE, Act
from rights.admin.attachments import attachment_view
from rights.admin.compliance import compliance_view
from rights.admin.copies import copy_view
from rights.admin.figures import statistics_view
from rights.admin.files import queue, queue_file
from rights.admin.intake import Intake
from rights.admin.notice import acting
from rights.admin.page import CasePage, prefix_of
from rights.admin.queue import QUEUES, AgentFilter, QueueFilter, RightFilter, badge
from rights.admin.slots import Asking, SlotForm
from rights.deadlines import legal_date
from rights.desk.acts import ActRefused, Overtaken
from rights.desk.finding import find
from rights.desk.listing import case_lines
from rights.effects import EffectRefused
from rights.forms.intake import DropForm
from rights.keyring import KeysMissing
from rights.models import IncomingLetter, RightsCase
from rights.sealed import SealBroken

REFUSALS = (ActRefused, EffectRefused, KeysMissing, SealBroken)


@admin.register(RightsCase)
class RightsCaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What is due first stands first. No search in the address: what is typed there would be a name."""

    list_display = (
        "number_shown",
        "badge_shown",
        "due_on",
        "latest_on",
        "rights_shown",
        "received_on",
        "agent",
        "channel",
    )
    list_filter = (QueueFilter, RightFilter, AgentFilter, "channel", "language", "requester")
    list_select_related = ("agent",)
    list_per_page = 50
    ordering = ("-urgent", "due_on", "pk")
    sortable_by = ("due_on", "latest_on", "received_on")
    show_facets = admin.ShowFacets.ALWAYS
    show_full_result_count = False
    actions = None
    change_list_template = "admin/rights/rightscase/queue.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RightsCase]:
        return RightsCase.objects.unopened().prefetch_related("requests")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RightsCase | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RightsCase | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def number_shown(self, case: RightsCase) -> str:
        return str(case)

    @admin.display(description=gettext_lazy("days left"))
    def badge_shown(self, case: RightsCase) -> str:
        return badge(case, on=legal_date(timezone.now()))

    @admin.display(description=gettext_lazy("rights"))
    def rights_shown(self, case: RightsCase) -> str:
        return ", ".join(
            f"{request.get_right_display()} – {request.get_state_display()}" for request in case.requests.all()
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("statistics/", wrap(self.statistics_view), name="rights_rightscase_statistics"),
            path("compliance/", wrap(self.compliance_view), name="rights_rightscase_compliance"),
            path("attachment/<int:key>/", wrap(attachment_view), name="rights_attachment"),
            path("copy/<int:key>/", wrap(copy_view), name="rights_copy"),
            *Intake(self.admin_site, self.opts).urls(),
            path("find/", wrap(self.find_view), name="rights_rightscase_find"),
            path("queue.<slug:suffix>", wrap(self.file_view), name="rights_rightscase_file"),
            path("<int:key>/act/<slug:word>/<slug:target>/", wrap(self.act_view), name="rights_rightscase_act"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The queue, with its saved addresses."""
        return super().changelist_view(
            request,
            {
                "saved": QUEUES,
                "title": _("Queue of rights cases"),
                "waiting": IncomingLetter.objects.waiting().count(),
                "drop_form": DropForm(),
            }
            | (extra_context or {}),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The case's own page. Reading it is recorded, for the case."""
        case = self.get_object(request, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if case is None:
            raise Http404
        if request.method == "POST":
            return HttpResponse(status=405)
        return self._shown(request, RightsCase.objects.get(pk=case.pk))

    @method_decorator(require_POST)
    def act_view(self, request: HttpRequest, key: int, word: str, target: str) -> HttpResponse:
        """One act. What cannot be done is said on the page, with what was typed still in its form."""
        act = ACTS.get(word)
        if act is None:
            raise Http404
        if not self.has_view_permission(request) or not request.user.has_perm(act.permission):
            raise PermissionDenied
        case = get_object_or_404(RightsCase, pk=key)
        form = act.form(request.POST, prefix=prefix_of(word, target))
        if not form.is_valid():
            messages.error(request, _("Nothing was done: see what is missing in the form below."))
            return self._shown(request, case, sent=(word, target, form), status=400)
        return self._done(request, case, act, (word, target, form))

    def statistics_view(self, request: HttpRequest) -> HttpResponse:
        """How the desk fares."""
        may_view = self.has_view_permission(request)
        return statistics_view(request, self.admin_site.each_context(request), may_view=may_view)

    def compliance_view(self, request: HttpRequest) -> HttpResponse:
        """The data protection officer's page."""
        return compliance_view(request, self.admin_site.each_context(request))

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """Cases by number, address or account: typed text arrives by POST and stands in no address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = list(find(request.POST.get("sought", ""))) if request.method == "POST" else []
        if len(found) == 1:
            return redirect("admin:rights_rightscase_change", found[0].pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Cases found"),
            "found": found,
            "asked": request.method == "POST",
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/rights/rightscase/found.html", context)

    def file_view(self, request: HttpRequest, suffix: str) -> HttpResponse:
        """The queue under the filters of the address, as a file without any name of a person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = queue(self, request)
        return queue_file(request, rows, suffix=suffix, kind="rightscase", lines=case_lines)

    def _done(self, request: HttpRequest, case: RightsCase, act: Act, sent: tuple[str, str, SlotForm]) -> HttpResponse:
        _word, target, form = sent
        case.version = form.cleaned_data["version"]
        asking = Asking(case, target, form.cleaned_data, acting(request), timezone.now())
        try:
            self._check_late(request, form)
            said = act.run(asking)
        except REFUSALS as refused:
            messages.error(request, str(refused))
            now = RightsCase.objects.get(pk=case.pk)
            # What was typed stays; it may be sent again for the case as it stands now.
            form.data = {**request.POST.dict(), form.add_prefix("version"): str(now.version)}
            return self._shown(request, now, sent=sent, status=409 if isinstance(refused, Overtaken) else 400)
        messages.success(request, str(said or DONE))
        return redirect(reverse("admin:rights_rightscase_change", args=[case.pk]) + "#work")

    def _check_late(self, request: HttpRequest, form: SlotForm) -> None:
        """Only a supervisor answers for a refusal that is late."""
        if form.cleaned_data.get("late_because") and not request.user.has_perm("rights.decide_exemption"):
            raise ActRefused(_("Only a supervisor refuses after the first month. Nothing was changed."))

    def _shown(self, request: HttpRequest, case: RightsCase, *, sent: Any = None, status: int = 200) -> HttpResponse:
        at = timezone.now()
        consultations.record(
            by=request.user,
            operation=Consultation.Operation.VIEW,
            at=at,
            reference=f"case:{case.pk}",
            purpose=case.reference,
        )
        page = CasePage(case, request.user, at, sent, wants_previews="preview" in request.GET)
        context = self.admin_site.each_context(request) | page.context() | {"title": str(case), "opts": self.opts}
        return TemplateResponse(request, "admin/rights/rightscase/case.html", context, status=status)
