"""Tokens by which programs read in the name of an account."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self, at: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=at)

    def revoke(self, at: datetime) -> int:
        """Take back those that were not; returns how many."""
        return self.filter(revoked_at=None).update(revoked_at=at)


class ApiToken(models.Model):
    """One token of one account. The token itself is shown once and never stored."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("account"),
        help_text=_("In whose name it reads."),
    )
    name = models.CharField(_("name"), max_length=64, help_text=_("What its holder calls it: a notebook, a machine."))
    digest = models.CharField(
        _("digest"), max_length=64, unique=True, editable=False, help_text=_("SHA-256 of the token.")
    )
    scopes = models.JSONField(_("scopes"), default=list, help_text=_("What it may be used for."))
    created_at = models.DateTimeField(_("made at"), editable=False, help_text=_("When it was made."))
    expires_at = models.DateTimeField(_("expires at"), help_text=_("From when it is refused."))
    last_used_at = models.DateTimeField(
        _("last used"), null=True, blank=True, editable=False, help_text=_("Its latest use, to the minute.")
    )
    revoked_at = models.DateTimeField(
        _("revoked at"), null=True, blank=True, editable=False, help_text=_("When it was taken back before its end.")
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="api_token_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="api_token_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.pk} of account {self.account_id}"
