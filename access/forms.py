"""The forms by which someone comes in and keeps their account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.lockout import client_address, one_at_a_time, wait_seconds
from access.models import User
from access.scopes import LABELS as SCOPE_LABELS
from access.scopes import Scope
from access.tokens import LONGEST_DAYS

TOO_SOON = _("Your password was not read: after several failures, wait %(seconds)s seconds before each attempt.")


@contextmanager
def guarded(request: HttpRequest, username: str) -> Iterator[None]:
    """Wherever a password is read. Raises ValidationError for an attempt made too soon, which counts as a failure."""
    address = client_address(request)
    with one_at_a_time(username=username, address=address):
        if not AxesProxyHandler.is_locked(request, {"username": username}):
            _refuse_too_soon(request, username, address)
        yield


def _refuse_too_soon(request: HttpRequest, username: str, address: str) -> None:
    if seconds := wait_seconds(username=username, address=address, at=timezone.now()):
        user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
        raise ValidationError(TOO_SOON, code="too_soon", params={"seconds": seconds})


class SignInForm(AuthenticationForm):
    """Name and password. A wrong name, a wrong password and a closed account have one answer."""

    error_messages = {
        "invalid_login": _(
            "You were not signed in: this name and password do not go together, or the account is closed. "
            "Check both; capital letters count. After ten failures sign-in is locked for 15 minutes."
        ),
        "inactive": _("You were not signed in."),
    }

    def clean(self) -> dict[str, Any]:
        """Authenticate; an attempt made too soon is refused unread, and counts as a failure."""
        username = self.cleaned_data.get("username")
        if not username or not self.request:
            return super().clean()
        with guarded(self.request, username):
            return super().clean()


class CodeForm(forms.Form):
    """The six digits of the authenticator application, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """The code without the spaces some applications show."""
        return "".join(str(self.cleaned_data["code"]).split()).lower()


def is_ones_own(request: HttpRequest, account: User, password: str) -> bool:
    """Whether this is the password of whoever is signed in; counted like an attempt to sign in."""
    with guarded(request, account.username):
        return authenticate(request, username=account.username, password=password) == account


class PasswordForm(forms.Form):
    """One's own password again, before something that a stolen session must not do."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, account: User, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._account = account
        self._request = request

    def clean_password(self) -> str:
        """Raises ValidationError for a wrong one, which counts towards the lock."""
        password = str(self.cleaned_data["password"])
        if not is_ones_own(self._request, self._account, password):
            raise ValidationError(_("This is not your password. Nothing was changed."))
        return password


class NewPasswordForm(PasswordChangeForm):
    """One's own password, old and new. A wrong old one counts towards the lock."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        """Raises ValidationError for a wrong one."""
        password = str(self.cleaned_data["old_password"])
        if not is_ones_own(self._request, self.user, password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


class EnrolForm(CodeForm):
    """The first code of a new authenticator application."""


class ReplaceForm(PasswordForm, CodeForm):
    """The first code of the application that replaces another, with the password."""

    field_order = ["code", "password"]


class TokenForm(forms.Form):
    """A token to be made: its name, what it may be used for, and for how long."""

    name = forms.CharField(
        label=_("Name of the token"),
        help_text=_("What you will know it by: a notebook, a machine. Name no person."),
        max_length=64,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may be used for"),
        choices=[(scope.value, words) for scope, words in SCOPE_LABELS.items()],
        initial=[Scope.READ.value],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Days until it expires"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=90,
        help_text=_("A year at most."),
    )

    def asked_scopes(self) -> list[Scope]:
        """The scopes ticked. For a valid form."""
        return [Scope(word) for word in self.cleaned_data["scopes"]]
