"""Access packages that wait to be fetched."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessPackageQuerySet(models.QuerySet["AccessPackage"]):
    def waiting(self, at: datetime) -> Self:
        """Those that can still be fetched."""
        return self.filter(expires_at__gt=at)


class AccessPackage(models.Model):
    """One copy of what is held about a person, encrypted under a code that only they were sent."""

    token = models.CharField(
        _("token"), max_length=64, unique=True, help_text=_("Opaque name under which it is fetched; of no use alone.")
    )
    reference = models.CharField(_("reference"), max_length=64, help_text=_("Opaque reference of the case."))
    language = models.CharField(_("language"), max_length=8, help_text=_("The language it is written in."))
    body = models.BinaryField(
        _("content"), editable=False, help_text=_("The archive, encrypted; nobody but the person has the code.")
    )
    drawn_up_at = models.DateTimeField(_("drawn up at"), help_text=_("The moment whose data it holds."))
    expires_at = models.DateTimeField(_("expires at"), help_text=_("When it is deleted."))
    fetched_at = models.DateTimeField(
        _("fetched at"), null=True, blank=True, help_text=_("When it was opened last; empty until then.")
    )
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("Wrong codes since it was opened last.")
    )

    objects = AccessPackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("access package")
        verbose_name_plural = _("access packages")
        indexes = [models.Index(fields=["expires_at"], name="access_package_expires")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("drawn_up_at")), name="access_package_expires_later"
            )
        ]

    def __str__(self) -> str:
        return f"access package {self.pk}"
