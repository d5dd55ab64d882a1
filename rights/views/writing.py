"""The form: its two doors, what is sent through them, and the confirmation of the address."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rights.desk.acts import ActRefused
from rights.desk.opening import NOBODY, SentTwice, open_case
from rights.forms.guarded import GuardedForm
from rights.forms.writing import CASE_FORMS, ReferralForm
from rights.models import Referral, RightsCase
from rights.models.case import grouped
from rights.reception import letters, links
from rights.reception.knocking import Door
from rights.referral.receiving import receive
from rights.tasks import send_confirmation
from rights.views.public import come_in, later, public
from rights.vocabulary import Requester

RECEIVED = "received"  # in the session: what the page of thanks says
GONE = 410


@public("GET", "HEAD")
def door(request: HttpRequest) -> HttpResponse:
    """The first question: an account on the Hub, or data in somebody's dataset or model."""
    return render(request, "rights/door.html")


@public("GET", "HEAD")
def requesters(request: HttpRequest) -> HttpResponse:
    """For whom the person writes."""
    return render(request, "rights/requesters.html", {"requesters": Requester.choices})


@public("GET", "HEAD", "POST")
def case_form(request: HttpRequest, requester: str) -> HttpResponse:
    """A rights case, with what this kind of requester has to say."""
    if requester not in CASE_FORMS:
        raise Http404
    now = timezone.now()
    form = CASE_FORMS[requester](request.POST if request.method == "POST" else None, at=now)
    if _is_taken(request, form):
        letter = form.letter(language=_language(), at=now)
        with suppress(SentTwice):
            case = open_case(letter=letter, by=NOBODY, at=now, confirmed=False)
            later(send_confirmation, "case", case.pk)
        return _thanked(request, RightsCase.objects.unopened().get(reference=letter.reference))
    heading = Requester(requester).label
    return render(request, "rights/write.html", {"form": form, "heading": heading, "is_referral": False})


@public("GET", "HEAD", "POST")
def referral_form(request: HttpRequest) -> HttpResponse:
    """A referral: which dataset or model, what was seen, where and when."""
    now = timezone.now()
    form = ReferralForm(request.POST if request.method == "POST" else None, at=now)
    if _is_taken(request, form):
        report = form.report(language=_language(), at=now)
        with suppress(SentTwice):
            referral = receive(report=report, by=NOBODY, at=now, confirmed=False)
            later(send_confirmation, "referral", referral.pk)
        return _thanked(request, Referral.objects.unopened().get(reference=report.reference))
    heading = _("My data is in a dataset or a model")
    return render(request, "rights/write.html", {"form": form, "heading": heading, "is_referral": True})


@public("GET", "HEAD")
def received(request: HttpRequest) -> HttpResponse:
    """That it was received, its number and reference."""
    if RECEIVED not in request.session:
        return redirect("rights:door")
    number, reference = request.session[RECEIVED]
    return render(request, "rights/received.html", {"number": number, "reference": grouped(reference)})


@public("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the first mail: a button confirms, so that no scanner of mails does."""
    now = timezone.now()
    letter = links.awaiting(token, at=now)
    if letter is None:
        return render(request, "rights/confirm_void.html", status=GONE)
    if request.method != "POST":
        return render(request, "rights/confirm.html")
    try:
        letters.confirm(letter, at=now)
    except ActRefused:  # the other of two clicks was quicker
        return render(request, "rights/confirm_void.html", status=GONE)
    return render(request, "rights/confirmed.html")


def _is_taken(request: HttpRequest, form: GuardedForm) -> bool:
    """Whether the form can be stored. What is stored or looks like a machine's counts; a mistake in a field does not,
    nor does the second of a double click."""
    if request.method != "POST":
        return False
    valid = form.is_valid()
    if form.is_trapped or (valid and not _is_stored(form.reference())):
        come_in(request, Door.FORM)
    return valid


def _is_stored(reference: str) -> bool:
    return any(model.objects.filter(reference=reference).exists() for model in (RightsCase, Referral))


def _language() -> str:
    return (translation.get_language() or "fr")[:2]


def _thanked(request: HttpRequest, letter: RightsCase | Referral) -> HttpResponse:
    request.session[RECEIVED] = [str(letter), letter.reference]
    return redirect("rights:received")
