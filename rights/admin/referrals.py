"""Referrals: the queue of people whose data is in somebody's dataset, and the page on which each is worked."""

from collections.abc import Mapping
from datetime import date
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
from lineage.models import Artifact, Consultation
from lineage.naming import artifact_names, viewer_of
from rights.admin.files import queue, queue_file
from rights.admin.queue import REFERRAL_QUEUES, AgentFilter, ReferralQueueFilter, badge
from rights.admin.referral_acts import ACTS, Seen, has_place, initial_of
from rights.admin.referral_agenda import agenda
from rights.admin.timeline import timeline
from rights.deadlines import legal_date
from rights.desk.acts import ActRefused
from rights.desk.handling import PROCESS
from rights.desk.listing import referral_lines
from rights.letters import DOCX, as_docx
from rights.models import Referral
from rights.referral.publishers import letters
from rights.referral.receiving import ReferralOvertaken
from rights.referral.tracing import changes
from rights.sealed import SealBroken


@admin.register(Referral)
class ReferralAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Urgent ones first, then by receipt. Nothing here decides on a right, suppresses or restricts."""

    list_display = ("number_shown", "badge_shown", "due_shown", "urgent", "received_at", "agent", "channel", "changed")
    list_filter = (ReferralQueueFilter, AgentFilter, "urgent", "channel", "language")
    list_select_related = ("agent",)
    list_per_page = 50
    sortable_by = ("received_at",)
    show_facets = admin.ShowFacets.ALWAYS
    change_list_template = "admin/rights/referral/queue.html"
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Referral]:
        return Referral.objects.unopened().prefetch_related("dossiers")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Referral | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Referral | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def number_shown(self, referral: Referral) -> str:
        return str(referral)

    @admin.display(description=gettext_lazy("days left"))
    def badge_shown(self, referral: Referral) -> str:
        return badge(referral, on=legal_date(timezone.now()))

    @admin.display(description=gettext_lazy("to answer by"))
    def due_shown(self, referral: Referral) -> date:
        return referral.answer_by

    @admin.display(description=gettext_lazy("trace changed"))
    def changed(self, referral: Referral) -> date | None:
        days = [dossier.changed_at for dossier in referral.dossiers.all() if dossier.changed_at]
        return legal_date(max(days)) if days else None

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("queue.<slug:suffix>", wrap(self.file_view), name="rights_referral_file"),
            path("<int:key>/act/<slug:word>/", wrap(self.act_view), name="rights_referral_act"),
            path("<int:key>/letter/<int:artifact>.docx", wrap(self.letter_view), name="rights_referral_letter"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The queue, with its saved addresses."""
        return super().changelist_view(
            request, {"saved": REFERRAL_QUEUES, "title": _("Queue of referrals")} | (extra_context or {})
        )

    def file_view(self, request: HttpRequest, suffix: str) -> HttpResponse:
        """The queue under the filters of the address, as a file without any name of a person or a dataset."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = queue(self, request)
        return queue_file(request, rows, suffix=suffix, kind="referral", lines=referral_lines)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The referral's own page. Reading it is recorded."""
        referral = self.get_object(request, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if referral is None:
            raise Http404
        if request.method == "POST":
            return HttpResponse(status=405)
        return self._shown(request, Referral.objects.get(pk=referral.pk))

    @method_decorator(require_POST)
    def act_view(self, request: HttpRequest, key: int, word: str) -> HttpResponse:
        """One act. What cannot be done is said on the page, with what was typed still in its form."""
        if word not in ACTS:
            raise Http404
        if not request.user.has_perm(PROCESS):
            raise PermissionDenied
        referral = get_object_or_404(Referral, pk=key)
        kind, act = ACTS[word]
        form = kind(request.POST, prefix=word)
        if not form.is_valid():
            messages.error(request, _("Nothing was done: see what is missing in the form below."))
            return self._shown(request, referral, sent={word: form}, status=400)
        referral.version = form.cleaned_data["version"]
        try:
            act(request, referral, form.cleaned_data)
        except (ActRefused, SealBroken) as refused:
            messages.error(request, str(refused))
            now = Referral.objects.get(pk=key)
            form.data = {**request.POST.dict(), form.add_prefix("version"): str(now.version)}
            return self._shown(
                request, now, sent={word: form}, status=409 if isinstance(refused, ReferralOvertaken) else 400
            )
        messages.success(request, _("Done, and noted in the journal."))
        return redirect("admin:rights_referral_change", key)

    def letter_view(self, request: HttpRequest, key: int, artifact: int) -> HttpResponse:
        """A model letter to sign, as .docx."""
        if not request.user.has_perm(PROCESS):
            raise PermissionDenied
        referral = get_object_or_404(Referral, pk=key)
        letter = next((one for one in letters(referral) if one.artifact_key == artifact), None)
        if letter is None:
            raise Http404
        self._record(request, referral, [artifact])
        body = as_docx(
            subject=letter.subject, text=letter.text, recipient="", language=referral.language, on=None, sender=""
        )
        headers = {"Content-Disposition": f"attachment; filename=letter-{artifact}.docx"}
        return HttpResponse(body, content_type=DOCX, headers=headers)

    def _shown(
        self, request: HttpRequest, referral: Referral, *, sent: Mapping[str, Seen] | None = None, status: int = 200
    ) -> HttpResponse:
        may_process = request.user.has_perm(PROCESS)
        drafts = list(letters(referral))
        keys = [draft.artifact_key for draft in drafts]
        self._record(request, referral, keys)
        named = artifact_names(list(Artifact.objects.shown().filter(pk__in=keys)), viewer_of(request.user))
        initial = initial_of(referral, on=legal_date(timezone.now()))
        unsent = {word: form(prefix=word, initial=initial) for word, (form, _act) in ACTS.items()}
        context = self.admin_site.each_context(request) | {
            "title": str(referral),
            "referral": referral,
            "meant": named.get(referral.artifact_key or 0, ""),
            "badge": badge(referral, on=legal_date(timezone.now())),
            "agenda": list(agenda(referral)) if may_process else [],
            "timeline": timeline(referral.reference),
            "forms": unsent | dict(sent or {}),
            "unplaced": [(word, form) for word, form in (sent or {}).items() if not has_place(referral, word)],
            "addresses": {word: reverse("admin:rights_referral_act", args=[referral.pk, word]) for word in ACTS},
            "dossiers": [(dossier, changes(dossier)) for dossier in referral.dossiers.all()],
            "points": [(point, named.get(point.artifact_key, "")) for point in referral.contact_points.all()],
            "drafts": [(draft, named.get(draft.artifact_key, "")) for draft in drafts],
            "letters": referral.letters.all(),
            "may_process": may_process,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/rights/referral/page.html", context, status=status)

    def _record(self, request: HttpRequest, referral: Referral, artifacts: list[int]) -> None:
        consultations.record(
            by=request.user,
            operation=Consultation.Operation.VIEW,
            at=timezone.now(),
            reference=f"referral:{referral.pk}",
            artifacts=artifacts,
            purpose=referral.reference,
        )
