"""The reset of a lost second factor: asked by one person, confirmed by another."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

CONFIRM_WITHIN = timedelta(days=2)


class SecondFactorResetQuerySet(models.QuerySet["SecondFactorReset"]):
    def waiting(self, at: datetime) -> Self:
        """Those that may still be confirmed."""
        return self.filter(confirmed_at=None, asked_at__gt=at - CONFIRM_WITHIN)


class SecondFactorReset(models.Model):
    """Three different people: the holder who lost it, the one who asks, the one who confirms."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="second_factor_resets",
        verbose_name=_("account"),
        help_text=_("Whose second factor is lost."),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
        help_text=_("The administrator who asks for it, having made sure of the holder."),
    )
    asked_at = models.DateTimeField(_("asked at"), help_text=_("When it was asked."))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
        help_text=_("The second person, who carried it out."),
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"), null=True, blank=True, help_text=_("When it was carried out; empty while it waits.")
    )

    objects = SecondFactorResetQuerySet.as_manager()

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(account=models.F("asked_by")), name="reset_is_asked_by_another"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_at=None)
                | (
                    models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~models.Q(confirmed_by=models.F("asked_by"))
                    & ~models.Q(confirmed_by=models.F("account"))
                ),
                name="reset_is_confirmed_by_a_third",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
