"""Leave for a researcher to see persons' names, for a purpose and a time."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NameGrantQuerySet(models.QuerySet["NameGrant"]):
    def in_force(self, at: datetime) -> Self:
        return self.filter(given_at__lte=at, ends_at__gt=at, withdrawn_at=None)


class NameGrant(models.Model):
    """A supervisor lets one researcher see names in clear, on screen and in files."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="name_grants",
        verbose_name=_("account"),
        help_text=_("The researcher who may see names."),
    )
    purpose = models.TextField(
        _("purpose"), max_length=1000, help_text=_("What the names are needed for. Name no person here.")
    )
    ends_at = models.DateTimeField(_("ends at"), help_text=_("When names are masked again."))
    given_at = models.DateTimeField(_("given at"), editable=False, help_text=_("When it was given."))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("given by"),
        help_text=_("The supervisor who gave it."),
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False, help_text=_("When it was taken back before its end.")
    )

    objects = NameGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave to see names")
        verbose_name_plural = _("leaves to see names")
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(purpose=""), name="name_grant_has_a_purpose"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("given_at")), name="name_grant_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("given_by")), name="name_grant_is_given_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
