"""What holds for every request: headers on every answer, an end to every session, the second factor owed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeGuard, TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import ERROR, get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from access import drafts
from access.browsers import describe
from access.lockout import forget_failures
from access.models import User
from access.sessions import BROWSER, SEEN_AT, SIGNED_IN_AT, SessionStore

Next = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]
AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponseBase])

TOUCH_EVERY_SECONDS = 60  # a session row is not rewritten more often than this


class HeadersMiddleware:
    """Outermost: no answer is stored by a browser or proxy unless its view says so, none may use a device."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class SessionMiddleware:
    """Ends a session 10 hours after sign-in, marks it as seen, and sends who owes a second factor to give it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            cast(SessionStore, request.session).tell(request.user)
            end_if_too_old(request, at=timezone.now())
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Count each view as a use of the session; ask for the second factor, but on public and entrance views."""
        if request.user.is_authenticated and not getattr(view, "not_a_use", False):
            mark_use(request, at=timezone.now())
        if not getattr(request.user, "owes_second_factor", False):
            return None
        if getattr(view, "before_second_factor", False) or not getattr(view, "login_required", True):
            return None
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "", reverse("second-factor"))


class EntranceMiddleware(LoginRequiredMiddleware):
    """After signing in anew, whoever had sent a form finds the page it stood on: its own address may take no GET."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """The way to the sign-in page, and from there back."""
        page = page_of_the_form(request) if request.method == "POST" else ""
        return redirect_to_login(page) if page else super().handle_no_permission(request, view_func)


class DraftMiddleware:
    """Delete the draft of a form once it was accepted: the answer is a redirect, and no error message is queued."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in (302, 303) and is_in(request.user):
            key = request.POST.get(drafts.SENT_WITH, "")
            if key and not _is_error_said(request):
                drafts.discard(key=key, account=request.user)
        return response


def is_in(user: object) -> TypeGuard[User]:
    """Whether someone is signed in with all that is asked: a form sent by anybody else was not taken."""
    return isinstance(user, User) and not user.owes_second_factor


def _is_error_said(request: HttpRequest) -> bool:
    # Reading the messages would use them up: those of this request alone are looked at.
    said = getattr(get_messages(request), "_queued_messages", [])
    return any(message.level >= ERROR for message in said)


def page_of_the_form(request: HttpRequest) -> str:
    """The page of ours from which the browser says it comes; "" for none."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def before_second_factor(view: AnyView) -> AnyView:
    """Mark a view as open to someone signed in who has not given the second factor yet."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def not_a_use(view: AnyView) -> AnyView:
    """Mark a view as one that scripts ask on their own: being asked alone keeps no session open."""
    view.not_a_use = True  # type: ignore[attr-defined]
    return view


def end_if_too_old(request: HttpRequest, *, at: datetime) -> None:
    """End a session that began too long before `at`, whatever was done in it."""
    if int(at.timestamp()) - request.session.get(SIGNED_IN_AT, 0) > settings.SESSION_MAX_SECONDS:
        logout(request)


def mark_use(request: HttpRequest, *, at: datetime) -> None:
    """Note, once a minute, that the session is in use: its thirty minutes begin anew."""
    now = int(at.timestamp())
    if now - request.session.get(SEEN_AT, 0) >= TOUCH_EVERY_SECONDS:
        request.session[SEEN_AT] = now


def note_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Mark a new session with its beginning and its browser (a user_logged_in receiver)."""
    forget_failures(user.username)
    now = int(timezone.now().timestamp())
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
    request.session[BROWSER] = describe(request.headers.get("User-Agent", ""))
