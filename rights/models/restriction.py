"""Restrictions of processing: what is stored stays, and is shown to nobody."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)


class Restriction(models.Model):
    """One account's restriction. The person is told before it is lifted."""

    reference = models.CharField(_("reference"), max_length=64, help_text=_("Opaque reference of the case."))
    artifact_keys = models.JSONField(_("artifacts"), default=list, help_text=_("Keys of what was withheld for it."))
    began_at = models.DateTimeField(_("began at"), help_text=_("Since when."))
    notice_sent_at = models.DateTimeField(
        _("notice sent at"), null=True, blank=True, help_text=_("When the person was told that it will be lifted.")
    )
    lifted_at = models.DateTimeField(
        _("lifted at"), null=True, blank=True, help_text=_("When it ended, by lifting or by an erasure.")
    )

    recipients: frozenset[int] = frozenset()  # to be told of it (Art. 19); known to who just made it, not stored
    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=models.Q(lifted_at=None), name="restriction_in_force_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
