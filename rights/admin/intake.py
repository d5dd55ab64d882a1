"""The intake: mails are dropped or a letter is typed in; an agent corrects what is proposed, and enters it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rights.admin.attachments import record_read
from rights.admin.notice import acting
from rights.deadlines import legal_date
from rights.desk.acts import ActRefused
from rights.desk.handling import PROCESS
from rights.desk.opening import Letter
from rights.forms.intake import CASE, REFERRAL, AsideForm, DropForm, EnteringForm, TypedForm
from rights.intake import entering, taking
from rights.intake.matching import Matter
from rights.intake.proposing import Proposal, moment_of, propose
from rights.models import Attachment, IncomingLetter
from rights.referral.receiving import Report
from rights.sealed import SealBroken
from rights.vocabulary import Channel, Requester, Right

REFUSED = (ActRefused, SealBroken)
FOLDER = "admin/rights/intake/"
OF_CASE = ("rights", "accounts", "requester", "representation", "was_minor")
OF_REFERRAL = ("claimed", "seen_what", "seen_where", "seen_when")
OF_BOTH = ("name", "contact", "language", "urgent")


class Intake:
    """The pages of the intake, within the queue's addresses."""

    def __init__(self, site: AdminSite, opts: Any) -> None:
        self.site, self.opts = site, opts

    def urls(self) -> list[URLPattern]:
        """Where they stand."""
        return [
            self._path("", self.list_view, ""),
            self._path("type/", self.typed_view, "_type"),
            self._path("<int:key>/", self.letter_view, "_letter"),
            self._path("<int:key>/aside/", self.aside_view, "_aside"),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """What waits, and where mails are dropped."""
        _check(request)
        if request.method != "POST":
            return self._list(request, DropForm())
        form = DropForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._list(request, form, status=400)
        try:
            taken = taking.drop(form.cleaned_data["mails"], by=acting(request), at=timezone.now())
        except REFUSED as refused:
            form.add_error(None, str(refused))
            return self._list(request, form, status=400)
        return _told(request, taken)

    def typed_view(self, request: HttpRequest) -> HttpResponse:
        """A letter on paper."""
        _check(request)
        at = timezone.now()
        if request.method != "POST":
            return self._page(request, "type", {"form": TypedForm(initial={"received_on": legal_date(at)})})
        form = TypedForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                letter = taking.type_in(_typed(form, at), by=acting(request), at=at)
            except REFUSED as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("admin:rights_intake_letter", letter.pk)
        return self._page(request, "type", {"form": form}, status=400)

    def letter_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What a letter seems to be, to be corrected and confirmed. Reading it is recorded."""
        _check(request)
        letter = _letter(key)
        if letter is None:
            raise Http404
        if letter.case_id or letter.referral_id:
            return _to(letter.case or letter.referral)
        files = list(Attachment.objects.unopened().filter(letter=letter))
        named = [(file.pk, file.name) for file in files]
        proposal = propose(letter)
        if request.method != "POST":
            return self._letter(
                request, letter, proposal, EnteringForm(enclosed=named, initial=_initial(letter, proposal))
            )
        form = EnteringForm(request.POST, enclosed=named)
        if form.is_valid():
            try:
                return _entered(request, letter, form)
            except REFUSED as refused:
                form.add_error(None, str(refused))
        return self._letter(request, letter, proposal, form, status=400)

    @method_decorator(require_POST)
    def aside_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Set a letter aside: it is deleted."""
        _check(request)
        letter, form = _letter(key), AsideForm(request.POST)
        if letter is None or not form.is_valid():
            raise Http404
        try:
            entering.set_aside(incoming=letter, why=form.cleaned_data["why"], by=acting(request), at=timezone.now())
        except REFUSED as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request, _("The letter and its files are deleted. That they were is noted in the journal.")
            )
        return redirect("admin:rights_intake")

    def _path(self, route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        return path(f"intake/{route}", self.site.admin_view(view), name=f"rights_intake{name}")

    def _list(self, request: HttpRequest, form: DropForm, *, status: int = 200) -> HttpResponse:
        waiting = IncomingLetter.objects.unopened().waiting().select_related("dropped_by")
        return self._page(request, "list", {"form": form, "waiting": waiting}, status=status)

    def _letter(
        self, request: HttpRequest, letter: IncomingLetter, proposal: Proposal, form: EnteringForm, *, status: int = 200
    ) -> HttpResponse:
        record_read(request, letter)
        shown = {
            "letter": letter,
            "files": Attachment.objects.unopened().filter(letter=letter),
            "proposal": proposal,
            "form": form,
            "aside": AsideForm(),
            "groups": [
                (_("What it is"), [form[name] for name in ("door", "received_on", *OF_BOTH, "kept")]),
                (_("For a rights case"), [form[name] for name in OF_CASE]),
                (_("For a referral"), [form[name] for name in OF_REFERRAL]),
                (_("For a reply"), [form["joins"]]),
            ],
        }
        return self._page(request, "letter", shown, status=status)

    def _page(self, request: HttpRequest, name: str, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
        titles = {
            "list": _("Letters that came in"),
            "type": _("Type in a letter"),
            "letter": _("Enter a letter"),
        }
        context = self.site.each_context(request) | {"title": titles[name], "opts": self.opts} | shown
        return TemplateResponse(request, f"{FOLDER}{name}.html", context, status=status)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(PROCESS):
        raise PermissionDenied


def _letter(key: int) -> IncomingLetter | None:
    return IncomingLetter.objects.select_related("case", "referral").filter(pk=key).first()


def _typed(form: TypedForm, at: datetime) -> taking.Typed:
    said = form.cleaned_data
    return taking.Typed(
        channel=Channel(said["channel"]),
        received_at=moment_of(said["received_on"], letter=None, at=at),
        sender=said["sender"].strip(),
        name=said["name"],
        text=said["text"],
        files=said["scans"],
    )


def _initial(letter: IncomingLetter, proposal: Proposal) -> dict[str, Any]:
    """The form as it is proposed."""
    read = proposal.read
    return {
        "door": proposal.door,
        "received_on": proposal.received_on,
        "name": letter.sender_name,
        "contact": letter.sender,
        "language": read.language,
        "urgent": read.urgent,
        "kept": [str(key) for key in letter.attachments.values_list("pk", flat=True)],
        "rights": read.rights,
        "accounts": "\n".join(read.accounts),
        "requester": Requester.ONESELF,
        "claimed": read.claimed,
        "joins": str(proposal.match.matter) if proposal.match else "",
    }


def _entered(request: HttpRequest, incoming: IncomingLetter, form: EnteringForm) -> HttpResponse:
    """The letter entered by the door that was chosen. Raises ActRefused: then nothing was stored."""
    said, at = form.cleaned_data, timezone.now()
    known: dict[str, Any] = {name: said[name] for name in OF_BOTH}
    known |= {
        "received_at": moment_of(said["received_on"], letter=incoming, at=at),
        "channel": Channel(incoming.channel),
        "message": incoming.text,
    }
    act: dict[str, Any] = {"incoming": incoming, "kept": [int(key) for key in said["kept"]]}
    act |= {"by": acting(request), "at": at}
    matter: Matter
    if said["door"] == CASE:
        more: dict[str, Any] = {name: said[name] for name in OF_CASE}
        more |= {"rights": tuple(Right(right) for right in said["rights"]), "requester": Requester(said["requester"])}
        matter = entering.as_case(letter=Letter(**known, **more), **act)
    elif said["door"] == REFERRAL:
        matter = entering.as_referral(report=Report(**known, **{name: said[name] for name in OF_REFERRAL}), **act)
    else:
        assert form.matter  # noqa: S101  the form found it
        matter = form.matter
        entering.join(matter=matter, received_at=known["received_at"], **act)
    messages.success(request, _("The letter is entered, with what came with it."))
    return _to(matter)


def _told(request: HttpRequest, taken: list[taking.Taken]) -> HttpResponse:
    """What became of each mail; where it was one, on its page."""
    joined = sum(one.joined for one in taken)
    known = sum(one.was_known for one in taken)
    if joined:
        said = ngettext(
            "{count} mail joined its case by itself.", "{count} mails joined their cases by themselves.", joined
        )
        messages.success(request, said.format(count=joined))
    if known:
        said = ngettext("{count} mail was here already.", "{count} mails were here already.", known)
        messages.info(request, said.format(count=known))
    if len(taken) == 1:
        return redirect("admin:rights_intake_letter", taken[0].letter.pk)
    return redirect("admin:rights_intake")


def _to(matter: Matter | None) -> HttpResponse:
    if matter is None:
        raise Http404
    return redirect(f"admin:rights_{matter._meta.model_name}_change", matter.pk)
