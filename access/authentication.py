"""How programs and browsers say who they are to the interface (`/api/`); named in the settings."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from access import tokens
from access.models import User

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`: an account's own token."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The account, narrowed to the token's scopes. Raises AuthenticationFailed for a token that is refused."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        account = tokens.bearer(text.strip(), at=timezone.now())
        if account is None:
            raise AuthenticationFailed(
                _("This token is unknown, expired or revoked. Make a new one on the page of your account.")
            )
        return account, None

    def authenticate_header(self, request: Request) -> str:
        """What a refusal asks for."""
        return f'{SCHEME} realm="api"'


class BrowserAuthentication(SessionAuthentication):
    """Whoever is signed in on the site; what changes anything needs the form's key, as everywhere."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the description of the interface."""

    target_class = "access.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "A token from the page of your account."}


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session in the description of the interface."""

    target_class = "access.authentication.BrowserAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The cookie of the site, whose name depends on whether it is served over TLS."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The session of this site."}
