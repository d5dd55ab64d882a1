"""What holds for every request: headers on every answer, an end to every session, the second factor owed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from access.browsers import describe
from access.lockout import forget_failures
from access.models import User
from access.sessions import BROWSER, SEEN_AT, SIGNED_IN_AT

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
            keep_or_end(request, at=timezone.now())
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Every view but the public ones and those by which the factor is given."""
        if not getattr(request.user, "owes_second_factor", False):
            return None
        if getattr(view, "before_second_factor", False) or not getattr(view, "login_required", True):
            return None
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "", reverse("second-factor"))


def before_second_factor(view: AnyView) -> AnyView:
    """Mark a view as open to someone signed in who has not given the second factor yet."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def keep_or_end(request: HttpRequest, *, at: datetime) -> None:
    """End a session that is too old at `at`; else note, once a minute, that it is in use."""
    now = int(at.timestamp())
    if now - request.session.get(SIGNED_IN_AT, 0) > settings.SESSION_MAX_SECONDS:
        logout(request)
    elif now - request.session.get(SEEN_AT, 0) >= TOUCH_EVERY_SECONDS:
        request.session[SEEN_AT] = now


def note_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Mark a new session with its beginning and its browser (a user_logged_in receiver)."""
    forget_failures(user.username)
    now = int(timezone.now().timestamp())
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
    request.session[BROWSER] = describe(request.headers.get("User-Agent", ""))
