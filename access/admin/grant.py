"""Leaves to see names: given to a researcher by a supervisor, ended by their date or before."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import accounts
from access.admin.rules import ChangedByActions, acting
from access.models import NameGrant, User
from access.roles import GRANT_NAMES, Role


class LabelledMoment(AdminSplitDateTime):
    """A day and an hour, each with a label of its own for those who hear the page."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, label in zip(self.widgets, (gettext_lazy("Day"), gettext_lazy("Hour")), strict=True):
            widget.attrs["aria-label"] = label


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """For whom, for what, until when."""

    class Meta:
        model = NameGrant
        fields = ("account", "purpose", "ends_at")
        field_classes = {"ends_at": forms.SplitDateTimeField}  # Django's own way
        widgets = {"ends_at": LabelledMoment}

    def clean_ends_at(self) -> datetime:
        """A moment to come."""
        ends_at: datetime = self.cleaned_data["ends_at"]
        if ends_at <= timezone.now():
            raise ValidationError(_("This moment is past: choose a later one."))
        return ends_at


@admin.register(NameGrant)
class NameGrantAdmin(ChangedByActions):
    """Given once, never changed; taken back by an action."""

    form = GrantForm
    list_display = ("account", "purpose", "given_by", "given_at", "ends_at", "withdrawn_at")
    list_select_related = ("account", "given_by")
    actions = ("withdraw",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(GRANT_NAMES)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "account":
            researchers = User.objects.open().with_role(Role.RESEARCHER)
            kwargs["queryset"] = researchers.exclude(pk=acting(request).pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: NameGrant, form: Any, change: bool) -> None:  # noqa: FBT001
        given = accounts.grant_names(
            account=obj.account, purpose=obj.purpose, ends_at=obj.ends_at, by=acting(request), at=timezone.now()
        )
        obj.pk = given.pk

    @admin.action(description=gettext_lazy("Take back: names are masked again at once"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[NameGrant]) -> None:
        at = timezone.now()
        for grant in queryset.in_force(at):  # type: ignore[attr-defined]
            accounts.withdraw_names(grant=grant, at=at)
            self.log_change(request, grant, "withdrawn")
            messages.success(request, _("Taken back: names are masked again."))

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(GRANT_NAMES)
