"""Accounts are created, given roles, and closed; never deleted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import accounts, second_factor
from access.admin.rules import KeptForGood, acting, refusals_shown
from access.models import User
from access.roles import LABELS, MANAGE_ACCOUNTS, Role


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account and its roles. Nothing else grants anything."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=[(role.value, LABELS[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("What a role may do is the same for everyone who holds it."),
    )
    by: User  # who fills the form in; AccountAdmin.get_form sets it

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["roles"].initial = [role.value for role in self.instance.roles]

    def clean_roles(self) -> list[Role]:
        """The roles asked for, if whoever asks may give them."""
        wanted = [Role(name) for name in self.cleaned_data["roles"]]
        try:
            accounts.check_roles(account=self.instance, roles=wanted, by=self.by)
        except accounts.NotAllowed as refusal:
            raise ValidationError(str(refusal)) from refusal
        return wanted


@admin.register(User)
class AccountAdmin(KeptForGood):
    """The list of accounts, and what an administrator does to them."""

    form = AccountForm
    fields = ("username", "first_name", "last_name", "email", "roles")
    list_display = ("username", "role_words", "standing", "has_factor", "last_login")
    list_filter = ("is_active",)
    actions = ("new_link", "close", "ask_reset")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Not by the password: which accounts its hash begins so for, asked again and again, would tell it whole."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return type("ActingForm", (super().get_form(request, obj, change, **kwargs),), {"by": acting(request)})

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if set(form.cleaned_data["roles"]) != set(obj.roles):
            accounts.set_roles(account=obj, roles=form.cleaned_data["roles"], by=acting(request), at=timezone.now())
        if not change:
            self.show_link(request, obj)

    @admin.display(description=gettext_lazy("roles"))
    def role_words(self, account: User) -> str:
        return ", ".join(account.role_labels())

    @admin.display(description=gettext_lazy("state"))
    def standing(self, account: User) -> str:
        if not account.is_active:
            return _("closed")
        return _("open") if account.has_usable_password() else _("waiting for its password")

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def has_factor(self, account: User) -> bool:
        return second_factor.has_factor(account)

    @admin.action(description=gettext_lazy("Make a one-time link to set a password"), permissions=["manage"])
    def new_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in queryset.open():  # type: ignore[attr-defined]
            self.log_change(request, account, "one-time link")
            self.show_link(request, account)

    @admin.action(description=gettext_lazy("Close the account: its holder left"), permissions=["manage"])
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in queryset.open():  # type: ignore[attr-defined]
            with refusals_shown(request):
                accounts.close(account=account, by=acting(request), at=timezone.now())
                self.log_change(request, account, "closed")
                messages.success(
                    request, _("Account {name}: closed, and its sessions ended.").format(name=account.username)
                )

    @admin.action(description=gettext_lazy("Ask for a reset of the second factor"), permissions=["manage"])
    def ask_reset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        said = _(
            "Account {name}: asked. A second person must confirm within two days, under “Resets of second factors”."
        )
        for account in queryset.open():  # type: ignore[attr-defined]
            with refusals_shown(request):
                accounts.ask_reset(account=account, by=acting(request), at=timezone.now())
                self.log_change(request, account, "reset asked")
                messages.success(request, said.format(name=account.username))

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MANAGE_ACCOUNTS)

    def show_link(self, request: HttpRequest, account: User) -> None:
        """Show, once, the link by which the account's holder sets a password."""
        address = request.build_absolute_uri(f"{reverse('account-set-up')}?key={accounts.set_up_key(account)}")
        text = _("Account {name}: hand over this link, good once and for 48 hours: {address}")
        messages.warning(request, text.format(name=account.username, address=address))
