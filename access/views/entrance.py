"""Coming in and going out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access import accounts
from access.forms import SignInForm
from access.middleware import before_second_factor

SET_UP_KEY = "set_up_key"


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Name and password; the second factor is asked next, where it is compulsory or enrolled."""

    template_name = "access/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = False


@method_decorator(before_second_factor, name="dispatch")
class SignOut(LogoutView):
    """By POST; the session is deleted."""


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """By a one-time link, set the account's password. The key leaves the address at once."""
    if "key" in request.GET and request.method == "GET":
        request.session[SET_UP_KEY] = request.GET["key"]
        return redirect("account-set-up")
    key = str(request.session.get(SET_UP_KEY, ""))
    account = accounts.account_of_key(key)
    if account is None:
        return render(request, "access/set_up_void.html", status=410)
    form: SetPasswordForm[Any] = SetPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not accounts.set_up(account=account, key=key, password=form.cleaned_data["new_password1"]):
            return render(request, "access/set_up_void.html", status=410)
        request.session.flush()
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect(settings.LOGIN_URL)
    return render(request, "access/set_up.html", {"form": form, "account": account})
