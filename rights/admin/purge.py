"""Purges: asked for by one supervisor, carried out by another, with the certificate to read and take away."""

import json
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rights import purging
from rights.admin.notice import acting
from rights.keyring import KeysMissing
from rights.models import Purge

CONFIRM = "rights.confirm_purge"


def _username(key: int | None) -> str:
    """The account as it is called now, with its key: the certificate has the key."""
    account = get_user_model()._default_manager.filter(pk=key).first() if key else None
    return f"{account.get_username() if account else ''} #{key}".strip() if key else "–"


@admin.register(Purge)
class PurgeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adding one is asking for it. Confirming takes a page of its own, which says again what leaves."""

    list_display = ("asked_at", "asked_by", "confirmed_at", "confirmed_by")
    fields = ("asked_by", "asked_at", "confirmed_by", "confirmed_at", "certificate_shown", "copies_shown")
    readonly_fields = ("asked_by", "confirmed_by", "certificate_shown", "copies_shown")
    actions = ("confirm",)
    add_form_template = "admin/rights/purge/ask.html"

    def has_change_permission(self, request: HttpRequest, obj: Purge | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Purge | None = None) -> bool:
        return False

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CONFIRM)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Show what would leave; ask for it."""
        if request.method == "POST" and self.has_add_permission(request):
            return self._ask(request)
        context = {**(extra_context or {}), "extent": purging.extent()}
        return super().add_view(request, form_url, context)

    def get_fields(self, request: HttpRequest, obj: Purge | None = None) -> Any:
        return self.fields if obj else ()

    @admin.action(description=gettext_lazy("Confirm: everything that was harvested leaves"), permissions=["confirm"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Purge]) -> HttpResponse | None:
        purge = queryset.first()
        if purge is None:
            return None
        if "sure" not in request.POST:
            context = {**self.admin_site.each_context(request), "purge": purge, "extent": purging.extent()}
            context |= {"title": _("Confirm the purge"), "opts": self.opts}
            return TemplateResponse(request, "admin/rights/purge/confirm.html", context)
        try:
            purging.confirm(purge=purge, by=acting(request), at=timezone.now())
        except (purging.PurgeRefused, KeysMissing) as refused:
            messages.error(request, str(refused))
            return None
        request.session.flush()  # its row has left with the others: everybody signs in anew
        return HttpResponseRedirect(reverse("admin:rights_purge_change", args=[purge.pk]))

    @admin.display(description=gettext_lazy("asked by"))
    def asked_by(self, purge: Purge) -> str:
        return _username(purge.asked_by_key)

    @admin.display(description=gettext_lazy("confirmed by"))
    def confirmed_by(self, purge: Purge) -> str:
        return _username(purge.confirmed_by_key)

    @admin.display(description=gettext_lazy("certificate"))
    def certificate_shown(self, purge: Purge) -> SafeString:
        return format_html('<pre tabindex="0">{}</pre>', json.dumps(purge.certificate, indent=2, ensure_ascii=False))

    @admin.display(description=gettext_lazy("who is asked to destroy copies"))
    def copies_shown(self, purge: Purge) -> SafeString:
        lines = [
            f"#{one.account} {one.email} {one.exports}\n\n{one.words}" for one in purging.copies(at=timezone.now())
        ]
        return format_html('<pre tabindex="0">{}</pre>', "\n\n".join(lines) or "–")

    def _ask(self, request: HttpRequest) -> HttpResponse:
        try:
            purging.ask(by=acting(request), at=timezone.now())
        except (purging.PurgeRefused, KeysMissing) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Asked. Another supervisor confirms it here within two days."))
        return HttpResponseRedirect(reverse("admin:rights_purge_changelist"))
