"""The follow-up: a code by mail, then where things stand, a reply, a withdrawal, the copy of one's data."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rights.deadlines import legal_date
from rights.desk.acts import ActRefused
from rights.forms.following import CodeForm, PackageForm, ReferenceForm, ReplyForm, WithdrawForm
from rights.letters import DOCX, as_docx
from rights.package.deposits import PackageRefused, open_with
from rights.reception import codes, letters
from rights.reception.following import answers, followed, packages
from rights.reception.knocking import Door
from rights.reception.letters import Letter
from rights.tasks import send_code
from rights.views.public import come_in, later, public

FOLLOWED = "follow_up"  # in the session: the reference, and until when
OPEN_FOR = 30 * 60  # seconds
FORBIDDEN = 403


@public("GET", "HEAD", "POST")
def ask_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same whatever stands under the reference."""
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        come_in(request, Door.FOLLOW_UP)
        later(send_code, codes.ask(reference=form.cleaned_data["reference"], at=timezone.now()))
        return render(request, "rights/code.html", {"form": CodeForm(initial=form.cleaned_data), "was_asked": True})
    return render(request, "rights/follow_up.html", {"form": form})


@public("GET", "HEAD", "POST")
def enter(request: HttpRequest) -> HttpResponse:
    """Open the follow-up with the code. One answer to everything that does not fit."""
    now = timezone.now()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        come_in(request, Door.FOLLOW_UP)
        letter = codes.check(at=now, **form.cleaned_data)
        if letter is not None:
            request.session.cycle_key()
            request.session[FOLLOWED] = [letter.reference, int(now.timestamp()) + OPEN_FOR]
            return redirect("rights:overview")
        return render(request, "rights/code.html", {"form": CodeForm(), "was_refused": True}, status=FORBIDDEN)
    return render(request, "rights/code.html", {"form": form})


@public("GET", "HEAD")
def overview(request: HttpRequest) -> HttpResponse:
    """Where things stand, in plain words."""
    now = timezone.now()
    letter = _opened(request, now)
    return _page(request, letter, now) if letter else redirect("rights:follow_up")


@public("POST")
def reply(request: HttpRequest) -> HttpResponse:
    """Add something; it answers the questions that are open."""
    form = ReplyForm(request.POST)

    def act(letter: Letter, at: datetime) -> None:
        letters.reply(letter, text=form.cleaned_data["text"], at=at)

    return _done(request, lambda _letter, _at: form, "reply_form", act, _("Your reply was received."))


@public("POST")
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back some rights of a case, or the referral."""
    made: list[WithdrawForm] = []

    def form_of(letter: Letter, at: datetime) -> Form:
        made.append(WithdrawForm(request.POST, steps=followed(letter, at=at).steps))
        return made[0]

    def act(letter: Letter, at: datetime) -> None:
        letters.withdraw(letter, rights=made[0].taken_back(), at=at)

    return _done(request, form_of, "withdraw_form", act, _("Taken back, as you asked."))


@public("POST")
def package(request: HttpRequest, key: int) -> HttpResponse:
    """Fetch the copy of one's data with the code that came apart."""
    now = timezone.now()
    letter = _opened(request, now)
    form = PackageForm(request.POST)
    waiting = {held.pk: held for held in packages(letter, at=now)} if letter else {}
    if letter is None or key not in waiting:
        return redirect("rights:follow_up")
    if not form.is_valid():
        return _page(request, letter, now, package_form=form)
    try:
        body = open_with(token=waiting[key].token, code=form.cleaned_data["code"], at=now)
    except PackageRefused as refused:
        form.add_error("code", str(refused))
        return _page(request, letter, now, package_form=form)
    answer = HttpResponse(body, content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="copy.zip"'
    return answer


@public("GET", "HEAD")
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """One of our letters to the person, as it left."""
    followed_letter = _opened(request, timezone.now())
    ours = answers(followed_letter).filter(pk=key).first() if followed_letter else None
    if ours is None:
        return redirect("rights:follow_up")
    sent = {"subject": ours.subject, "text": ours.text, "recipient": ours.recipient, "language": ours.language}
    body = as_docx(**sent, on=legal_date(ours.written_at))
    headers = {"Content-Disposition": f'attachment; filename="{ours.kind}.docx"'}
    return HttpResponse(body, content_type=DOCX, headers=headers)


@public("POST")
def leave(request: HttpRequest) -> HttpResponse:
    """Close the follow-up on this machine."""
    request.session.pop(FOLLOWED, None)
    return redirect("rights:door")


def _opened(request: HttpRequest, at: datetime) -> Letter | None:
    """What this session may follow, if it still may."""
    reference, until = request.session.get(FOLLOWED, ("", 0))
    return letters.found(reference) if at.timestamp() < until else None


def _done(
    request: HttpRequest,
    form_of: Callable[[Letter, datetime], Form],
    name: str,
    act: Callable[[Letter, datetime], None],
    said: str,
) -> HttpResponse:
    """Check the form and act; then the overview again, with what happened."""
    now = timezone.now()
    letter = _opened(request, now)
    if letter is None:
        return redirect("rights:follow_up")
    form = form_of(letter, now)
    if not form.is_valid():
        return _page(request, letter, now, **{name: form})
    try:
        act(letter, now)
    except ActRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("rights:overview")


def _page(request: HttpRequest, letter: Letter, at: datetime, **forms: Form) -> HttpResponse:
    shown = followed(letter, at=at)
    context = {
        "followed": shown,
        "reply_form": ReplyForm(),
        "withdraw_form": WithdrawForm(steps=shown.steps),
        "package_form": PackageForm(auto_id="copy_%s"),
        **forms,
    }
    return render(request, "rights/overview.html", context)
