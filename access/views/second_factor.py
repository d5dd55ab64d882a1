"""Giving the second factor, enrolling one, replacing it."""

import base64
from typing import cast

import django_otp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import second_factor
from access.forms import CodeForm, EnrolForm, PasswordForm, ReplaceForm
from access.middleware import before_second_factor
from access.models import User


@before_second_factor
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a new key for the session once it is right."""
    account = cast(User, request.user)
    if not second_factor.has_factor(account):
        return redirect("second-factor-enrol")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = second_factor.verify(account, form.cleaned_data["code"])
        if device is not None:
            request.session.cycle_key()
            django_otp.login(request, device)
            return redirect(destination(request))
        form.add_error("code", _("This code was not accepted. Wait for the next one; after several failures, longer."))
    return render(request, "access/second_factor.html", {"form": form})


@before_second_factor
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol an application; who has one already must have given its code, and gives the password again."""
    account = cast(User, request.user)
    replaces = second_factor.has_factor(account)
    if replaces and not is_verified(request):
        return redirect("second-factor")
    data = request.POST or None
    form = ReplaceForm(data, account=account, request=request) if replaces else EnrolForm(data)
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()
        codes = second_factor.enrol(
            account, code=form.cleaned_data["code"], keep_session=request.session.session_key, at=timezone.now()
        )
        if codes is not None:
            django_otp.login(request, second_factor.device_of(account))
            return render(request, "access/recovery_codes.html", {"codes": codes})
        form.add_error(
            "code", _("This code was not accepted. Check the clock of your telephone, and try the next one.")
        )
    device = second_factor.device_to_enrol(account)
    return render(request, "access/enrol.html", {"form": form, "secret": spaced(device.bin_key)})


@before_second_factor
@require_safe
def qr_code(request: HttpRequest) -> HttpResponse:
    """The picture of the application being enrolled, for its own holder only."""
    account = cast(User, request.user)
    if second_factor.has_factor(account) and not is_verified(request):
        return redirect("second-factor")
    return HttpResponse(second_factor.qr_code(second_factor.device_to_enrol(account)), content_type="image/svg+xml")


@sensitive_post_parameters()
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes against the password; shown this once."""
    account = cast(User, request.user)
    form = PasswordForm(request.POST, account=account, request=request)
    if not is_verified(request) or not form.is_valid():
        messages.error(request, _("Your recovery codes are unchanged: the password was not right."))
        return redirect("account")
    return render(request, "access/recovery_codes.html", {"codes": second_factor.new_recovery_codes(account)})


def destination(request: HttpRequest) -> str:
    """The page someone was on the way to, if it is one of ours; else the starting page."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("start")


def is_verified(request: HttpRequest) -> bool:
    """Whether this session gave a second factor."""
    return getattr(request.user, "otp_device", None) is not None


def spaced(key: bytes) -> str:
    """A secret in base 32, in groups of four, for typing."""
    text = base64.b32encode(key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
