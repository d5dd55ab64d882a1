"""What a referral rests on: the trace as it was on a day, and to whom the person may write."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.referral import Referral
from rights.sealed import SealedTextField


class ReferralDossierQuerySet(models.QuerySet["ReferralDossier"]):
    def watched(self) -> Self:
        """Those of open referrals whose trace is not known to have changed."""
        return self.filter(changed_at=None, referral__closed_at=None)


class ReferralDossier(models.Model):
    """The trace of what a referral is about, taken once; its definition gives the same dossier again."""

    referral = models.ForeignKey(
        Referral, models.CASCADE, related_name="dossiers", verbose_name=_("referral"), help_text=_("Of which referral.")
    )
    disclosure_key = models.BigIntegerField(
        _("entry of the ledger of exports"), help_text=_("Key of the entry under which the dossier is read.")
    )
    definition = models.JSONField(_("definition"), help_text=_("What gives the same trace again: keys and words."))
    count = models.IntegerField(_("count"), help_text=_("How many artifacts it found."))
    taken_at = models.DateTimeField(_("taken at"), help_text=_("When it was drawn up."))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("taken by"), help_text=_("Who did.")
    )
    changed_at = models.DateTimeField(
        _("changed at"), null=True, blank=True, help_text=_("When the trace was first found to be another one.")
    )

    objects = ReferralDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier of a referral")
        verbose_name_plural = _("dossiers of referrals")
        ordering = ["taken_at", "pk"]

    def __str__(self) -> str:
        return f"dossier {self.pk}"


class ContactPoint(models.Model):
    """Where a publisher can be written to, as they say it in public: typed in, with its source and day."""

    referral = models.ForeignKey(
        Referral,
        models.CASCADE,
        related_name="contact_points",
        verbose_name=_("referral"),
        help_text=_("For which referral."),
    )
    artifact_key = models.BigIntegerField(_("artifact"), help_text=_("Key of the artifact that is published there."))
    address = SealedTextField(_("address"), help_text=_("Postal or e-mail address, or a form, as it is public."))
    source = models.CharField(_("source"), max_length=500, help_text=_("Where it was read."))
    noted_on = models.DateField(_("read on"), help_text=_("On which day."))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"), help_text=_("Who did.")
    )

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "artifact_key"], name="contact_point_of_an_artifact_once"),
            models.CheckConstraint(condition=~models.Q(source=""), name="contact_point_has_its_source"),
        ]

    def __str__(self) -> str:
        return f"contact point {self.pk}"
