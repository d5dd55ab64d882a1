"""Who may read the pages of the genealogy, and how their answers travel."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required, permission_required
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control

View = Callable[..., HttpResponseBase]


def readers_only(view: View) -> View:
    """For those who are signed in and may read the genealogy; kept by no cache. Others: sign-in page, or 403."""
    allowed = permission_required("lineage.view_genealogy", raise_exception=True)(view)
    return login_required(cache_control(private=True, no_store=True)(allowed))
