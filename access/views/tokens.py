"""One's own tokens: made, shown once, revoked."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from access import tokens
from access.forms import TokenForm
from access.models import User
from access.scopes import LABELS, Scope
from access.views.second_factor import is_verified

READ = "lineage.view_genealogy"


@sensitive_variables("text")
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(READ, raise_exception=True)
def own_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of whoever is signed in, and a form for a new one, which is shown in the answer and never again."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = tokens.make(
                account=cast(User, request.user),
                name=form.cleaned_data["name"],
                scopes=form.asked_scopes(),
                days=form.cleaned_data["days"],
                at=timezone.now(),
                is_verified=is_verified(request) or not settings.SECOND_FACTOR_REQUIRED,
            )
        except tokens.TokenRefused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "access/token_made.html", {"token": token, "text": text})
    return render(request, "access/tokens.html", {"form": form, "rows": _rows(cast(User, request.user))})


@require_POST
@permission_required(READ, raise_exception=True)
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Take one of one's own tokens back. 404 for anybody else's."""
    if not tokens.revoke(account=cast(User, request.user), key=key, at=timezone.now()):
        raise Http404
    messages.success(request, _("The token was revoked: what uses it is refused from now on."))
    return redirect("account-tokens")


def _rows(account: User) -> list[dict[str, object]]:
    now = timezone.now()
    return [
        {
            "token": token,
            "scopes": [LABELS[Scope(scope)] for scope in token.scopes if scope in LABELS],
            "in_force": token.revoked_at is None and token.expires_at > now,
        }
        for token in account.api_tokens.all()
    ]
