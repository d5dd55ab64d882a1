"""Who may sign in, and what their roles let them do."""

from collections.abc import Collection
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import LABELS, SEE_PERSON_NAMES, Role, permissions_of


class UserQuerySet(models.QuerySet["User"]):
    def open(self) -> Self:
        return self.filter(is_active=True)

    def with_role(self, role: Role) -> Self:
        return self.filter(groups__name=role.value)


class AccountManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's own maker of accounts, with the account's adjectives."""


class User(AbstractUser):
    """A member of staff or the researcher. What each may do follows from their roles alone (`access.roles`)."""

    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, editable=False, help_text=_("When its holder left; empty while open.")
    )

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [
            ("enter_back_office", _("Can enter the back office")),
            ("manage_accounts", _("Can create and close accounts")),
            ("grant_names", _("Can let a researcher see names for a time")),
            ("confirm_reset", _("Can confirm the reset of a second factor")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(is_active=False), name="user_closed_is_inactive"
            ),
        ]

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """The roles it holds, read once; the superuser's mark makes an administrator, no more."""
        if self.pk is None:
            return ()
        held = self._held[0] | ({Role.ADMINISTRATOR} if self.is_superuser else set())
        return tuple(role for role in Role if role in held)

    def remember(self, groups: Collection[str], *, is_granted_names: bool) -> None:
        """Take as read the names of its groups, and whether it may see names for a time: read with its session."""
        vars(self)["_held"] = (frozenset(groups), is_granted_names)

    @cached_property
    def _held(self) -> tuple[frozenset[str], bool]:
        """The names of its groups, and whether a leave to see names is in force; one query."""
        # Django's has_perm takes no moment, so the clock is read here, at the edge of each request.
        leaves = self.name_grants.in_force(timezone.now())  # noqa: TID251
        rows = list(self.groups.annotate(is_granted=models.Exists(leaves)).values_list("name", "is_granted"))
        return frozenset(name for name, _is_granted in rows), any(is_granted for _name, is_granted in rows)

    def role_labels(self) -> list[str]:
        """Its roles as words for a screen."""
        return [str(LABELS[role]) for role in self.roles]

    def get_all_permissions(self, obj: object = None) -> set[str]:
        """Everything it may do now; nothing while closed, or where the second factor is still owed."""
        if not self.is_active or self.owes_second_factor:
            return set()
        return set(self._granted)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether its roles, or a grant in force, allow this. Superusers are not excepted."""
        return perm in self.get_all_permissions()

    def has_perms(self, perm_list: Collection[str], obj: object = None) -> bool:  # type: ignore[override]
        return all(self.has_perm(perm) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether it may do anything at all in this application."""
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions())

    @property
    def owes_second_factor(self) -> bool:
        """Whether it came in by a request in which no second factor was verified, where one is compulsory.

        Only the requests' middleware sets `otp_device`; a command on the server owes nothing.
        """
        return settings.SECOND_FACTOR_REQUIRED and getattr(self, "otp_device", False) is None

    def narrow(self, permissions: frozenset[str]) -> None:
        """Let it do no more than this for as long as this object lives: what a token lets through."""
        vars(self)["_granted"] = self._granted & permissions

    @cached_property
    def _granted(self) -> frozenset[str]:
        granted = permissions_of(self.roles)
        if Role.RESEARCHER in self.roles and SEE_PERSON_NAMES not in granted and self._held[1]:
            granted |= {SEE_PERSON_NAMES}
        return granted

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it. A new password, however it was set, ends every token: who knew the old one may have made some."""
        is_new_password = vars(self).get("_password") is not None  # Django's own mark; None after a mere new hash
        super().save(*args, **kwargs)
        if is_new_password:
            self.api_tokens.revoke(timezone.now())  # noqa: TID251  # Django's save takes no moment

    def get_short_name(self) -> str:
        """What to call its holder on their own pages."""
        return self.first_name or self.username

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read it again, and what it may do with it."""
        for remembered in ("_held", "roles", "_granted"):
            self.__dict__.pop(remembered, None)
        super().refresh_from_db(*args, **kwargs)
