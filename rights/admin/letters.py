"""Letters: drafted, edited, sent or printed on one page, and kept as they left."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lineage import consultations
from lineage.models import Consultation
from rights.admin.notice import acting
from rights.deadlines import legal_date
from rights.desk.handling import PROCESS
from rights.forms.texts import Lines
from rights.letters import DOCX, Draft, LetterRefused, addressee, as_docx, deliver, drafted, send
from rights.letters.sending import LONGEST
from rights.models import OutgoingLetter, Referral, RightsCase, RightsRequest
from rights.referral.answering import answer_to
from rights.sealed import SealBroken
from rights.vocabulary import LetterKind, Way

WHOLE = "whole"  # in an address: the letter is about no single right
CASE, REFERRAL = "case", "referral"  # in an address: what the letter belongs to


class LetterForm(forms.Form):
    """What an agent may change of a draft."""

    recipient = Lines(label=gettext_lazy("To"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}))
    body = Lines(
        label=gettext_lazy("Text"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "cols": 80}),
        help_text=gettext_lazy("Greeting, locked passages and signature are put around it."),
    )


@admin.register(OutgoingLetter)
class OutgoingLetterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What left, read-only; and the page on which a letter is written."""

    list_display = ("written_at", "kind", "right", "language", "way", "sent_at", "written_by")
    list_filter = ("kind", "way", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("written_by",)
    fields = (
        "kind",
        "right",
        "language",
        "way",
        "recipient",
        "subject",
        "text",
        "sha256",
        "written_at",
        "written_by",
        "sent_at",
    )
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutgoingLetter | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingLetter | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "write/<slug:matter>/<int:key>/<slug:kind>/<slug:right>/",
                wrap(self.write_view),
                name="rights_outgoingletter_write",
            ),
            path("<int:key>/letter.docx", wrap(self.file_view), name="rights_outgoingletter_file"),
            path("<int:key>/again/", wrap(self.again_view), name="rights_outgoingletter_again"),
            *super().get_urls(),
        ]

    def write_view(self, request: HttpRequest, matter: str, key: int, kind: str, right: str) -> HttpResponse:
        """The draft to edit; then its .docx, or the letter on its way."""
        held, draft = self._drafted(request, matter, key, kind, right)
        if request.method != "POST":
            to = held.contact if isinstance(held, Referral) else addressee(held, draft.kind, draft.right)
            form = LetterForm(initial={"recipient": to, "body": draft.body})
            return self._page(request, matter, held, draft, form)
        form = LetterForm(request.POST)
        if not form.is_valid():
            return self._page(request, matter, held, draft, form, status=400)
        if request.POST.get("way") in FILES:
            return FILES[request.POST["way"]](draft, form.cleaned_data)
        return self._sent(request, matter, held, draft, form)

    def file_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """A letter that left, as .docx, dated the day it was written."""
        letter = self.get_object(request, str(key))
        if not self.has_view_permission(request):
            raise PermissionDenied
        if letter is None:
            raise Http404
        self._record(request, letter)
        on = legal_date(letter.written_at)
        body = as_docx(
            subject=letter.subject, text=letter.text, recipient=letter.recipient, language=letter.language, on=on
        )
        return HttpResponse(body, content_type=DOCX, headers=_attached(f"{letter.kind}-{on}"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A letter that left. Reading it is recorded, for its case or referral."""
        letter = self.get_object(request, object_id)
        if letter is not None and self.has_view_permission(request):
            self._record(request, letter)
        return super().change_view(request, object_id, form_url, extra_context)

    def _record(self, request: HttpRequest, letter: OutgoingLetter) -> None:
        matter = letter.case or letter.referral
        consultations.record(
            by=request.user,
            operation=Consultation.Operation.VIEW,
            at=timezone.now(),
            reference=f"letter:{letter.pk}",
            purpose=matter.reference if matter else consultations.STUDY,
        )

    @method_decorator(require_POST)
    def again_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Hand a letter that the mail server did not take to it once more."""
        if not request.user.has_perm(PROCESS):
            raise PermissionDenied
        letter = get_object_or_404(OutgoingLetter.objects.undelivered(), pk=key)
        if deliver(letter, at=timezone.now()):
            messages.success(request, _("The mail server took the letter."))
        else:
            messages.error(request, _("The mail server did not take the letter. It is kept: try again later."))
        return redirect("admin:rights_outgoingletter_change", letter.pk)

    def _drafted(
        self, request: HttpRequest, matter: str, key: int, kind: str, right: str
    ) -> tuple[RightsCase | Referral, Draft]:
        if not request.user.has_perm(PROCESS):
            raise PermissionDenied
        if matter not in (CASE, REFERRAL) or kind not in LetterKind.values:
            raise Http404
        held: RightsCase | Referral
        held = get_object_or_404(Referral, pk=key) if matter == REFERRAL else get_object_or_404(RightsCase, pk=key)
        signatory = request.user.get_full_name() or request.user.get_username()  # type: ignore[union-attr]
        try:
            if isinstance(held, Referral):
                return held, answer_to(held, signatory=signatory)
            return held, drafted(held, LetterKind(kind), "" if right == WHOLE else right, signatory=signatory)
        except RightsRequest.DoesNotExist:
            raise Http404 from None

    def _sent(
        self, request: HttpRequest, matter: str, held: RightsCase | Referral, draft: Draft, form: LetterForm
    ) -> HttpResponse:
        try:
            letter = send(
                matter=held,
                draft=draft,
                body=form.cleaned_data["body"],
                recipient=form.cleaned_data["recipient"],
                way=Way(request.POST.get("way", "")),
                by=acting(request),
                at=timezone.now(),
            )
        except (LetterRefused, SealBroken) as refused:
            form.add_error(None, str(refused))
            return self._page(request, matter, held, draft, form, status=400)
        except ValueError:
            raise Http404 from None
        letter.refresh_from_db()
        if letter.sent_at is None:
            messages.error(
                request, _("The letter is kept, but the mail server did not take it. Try again on its page.")
            )
            return redirect("admin:rights_outgoingletter_change", letter.pk)
        messages.success(request, _("The letter left. Its text and fingerprint are kept."))
        return redirect(f"admin:rights_{held._meta.model_name}_change", held.pk)

    def _page(
        self,
        request: HttpRequest,
        matter: str,
        held: RightsCase | Referral,
        draft: Draft,
        form: LetterForm,
        *,
        status: int = 200,
    ) -> HttpResponse:
        consultations.record(
            by=request.user,
            operation=Consultation.Operation.VIEW,
            at=timezone.now(),
            reference=f"{matter}:{held.pk}",
            purpose=held.reference,
        )
        context = self.admin_site.each_context(request) | {
            "title": capfirst(LetterKind(draft.kind).label),
            "matter": held,
            "matter_opts": held._meta,
            "draft": draft,
            "form": form,
            "ways": Way.choices,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/rights/outgoingletter/write.html", context, status=status)


def _text(draft: Draft, said: Mapping[str, Any]) -> HttpResponse:
    """The whole letter, to be pasted elsewhere."""
    text = f"{draft.subject}\n\n{draft.text(said['body'])}"
    headers = {"Content-Disposition": f"attachment; filename={draft.kind}.txt"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def _file(draft: Draft, said: Mapping[str, Any]) -> HttpResponse:
    text = draft.text(said["body"])
    on = legal_date(timezone.now())
    body = as_docx(subject=draft.subject, text=text, recipient=said["recipient"], language=draft.language, on=on)
    return HttpResponse(body, content_type=DOCX, headers=_attached(f"{draft.kind}-{on}"))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename={name}.docx"}


FILES: Mapping[str, Callable[[Draft, Mapping[str, Any]], HttpResponse]] = {"docx": _file, "txt": _text}
