"""Resets of second factors: those that wait for their second person, and those carried out."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import accounts
from access.admin.rules import ChangedByActions, acting, refusals_shown
from access.models import SecondFactorReset
from access.roles import CONFIRM_RESET


@admin.register(SecondFactorReset)
class SecondFactorResetAdmin(ChangedByActions):
    """Asked for on the list of accounts; confirmed here by somebody else."""

    list_display = ("account", "asked_by", "asked_at", "confirmed_by", "confirmed_at")
    list_select_related = ("account", "asked_by", "confirmed_by")
    actions = ("confirm",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=gettext_lazy("Confirm: forget the lost second factor"), permissions=["confirm"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[SecondFactorReset]) -> None:
        for reset in queryset:
            with refusals_shown(request):
                accounts.confirm_reset(reset=reset, by=acting(request), at=timezone.now())
                self.log_change(request, reset, "confirmed")
                messages.success(request, _("The second factor was forgotten; its holder enrols anew at sign-in."))

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CONFIRM_RESET)
