"""The admin site, behind our own sign-in and roles."""

from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from access.middleware import View
from access.roles import ENTER_BACK_OFFICE

METHODS = ["GET", "HEAD", "POST"]  # Django's admin would take any other for a GET


class BackOffice(AdminSite):
    """Entered by the roles that have `access.enter_back_office`; there is no other way in."""

    site_title = site_header = _("Back office")
    index_title = _("What you may do here")
    enable_nav_sidebar = False  # it would take the width that the lists need

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ENTER_BACK_OFFICE)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Refuse at once whoever is signed in without the right, instead of asking them to sign in again."""
        inner: View = require_http_methods(METHODS)(super().admin_view(view, cacheable))

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(checked, inner)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Without the link to the site for whom it does not open, such as the data protection officer."""
        context = super().each_context(request)
        if not request.user.has_perm("lineage.view_genealogy"):
            context["site_url"] = None
        return context

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Our own sign-in page, with its lock and its second factor."""
        return redirect_to_login(request.GET.get("next", ""))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """One's own page, which ends the other sessions."""
        return redirect("account-password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account")
