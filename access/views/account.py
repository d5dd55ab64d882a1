"""One's own account: password, second factor, open sessions."""

import hashlib
from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import second_factor
from access.forms import NewPasswordForm, PasswordForm
from access.models import Session, User, end_sessions
from access.roles import ENTER_BACK_OFFICE


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The first page after sign-in: the one the roles are for."""
    if request.user.has_perm("lineage.view_genealogy"):
        return redirect("lineage:search")
    return redirect("admin:index" if request.user.has_perm(ENTER_BACK_OFFICE) else "account")


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Roles, second factor and open sessions of whoever is signed in."""
    account = cast(User, request.user)
    sessions = [
        {"session": session, "reference": reference_of(session), "is_this": is_this(session, request)}
        for session in open_sessions(account)
    ]
    context = {
        "sessions": sessions,
        "has_factor": second_factor.has_factor(account),
        "password_form": PasswordForm(account=account, request=request),
    }
    return render(request, "access/account.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; every other session ends, this one gets a new key."""
    account = cast(User, request.user)
    form = NewPasswordForm(account, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, account)
        end_sessions(account, but=request.session.session_key)
        messages.success(request, _("Your password is changed. Your other sessions and your tokens were ended."))
        return redirect("account")
    return render(request, "access/password.html", {"form": form})


@require_POST
def end_session(request: HttpRequest, reference: str) -> HttpResponse:
    """End one of one's own sessions. 404 for anybody else's."""
    for session in open_sessions(cast(User, request.user)):
        if reference_of(session) == reference:
            session.delete()
            messages.success(request, _("The session was ended."))
            return redirect("account")
    raise Http404


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    ended = end_sessions(cast(User, request.user), but=request.session.session_key)
    messages.success(request, _("Sessions ended: {count}.").format(count=ended))
    return redirect("account")


def open_sessions(account: User) -> list[Session]:
    """The account's sessions that have not run out, latest first."""
    return list(Session.objects.filter(account=account, expire_date__gt=timezone.now()).order_by("-seen_at"))


def reference_of(session: Session) -> str:
    """What an address may say of a session: its key is a secret."""
    return hashlib.sha256(b"access.session:" + session.session_key.encode()).hexdigest()[:20]


def is_this(session: Session, request: HttpRequest) -> bool:
    """Whether it is the session of this very request."""
    return bool(session.session_key == request.session.session_key)
