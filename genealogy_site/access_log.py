"""The web server's log of requests, without what somebody typed or where they looked.

Of an address it keeps the pattern (`artifact/<int:key>/`), never the path: an address nobody has may be a name.
"""

from datetime import timedelta
from typing import Any

from django.urls import Resolver404, resolve
from gunicorn.glogging import Logger

UNKNOWN = "(no such address)"


class PatternLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """Gunicorn's logger, with the pattern of the address in place of its path (`%(U)s`)."""

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        """What a line may say of one request; what holds the path, the query or the referrer says nothing."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return atoms | {"U": pattern(str(environ.get("PATH_INFO", ""))), "r": "-", "q": "-", "f": "-"}


def pattern(path: str) -> str:
    """The pattern of the address as the urls.py write it."""
    try:
        return resolve(path).route or "/"
    except Resolver404:
        return UNKNOWN
