"""The period of the project: outside it, nothing is harvested."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectPeriodQuerySet(models.QuerySet["ProjectPeriod"]):
    def in_force(self, on: date) -> Self:
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class ProjectPeriod(models.Model):
    """A stretch of time during which the public was told that this base exists."""

    starts_on = models.DateField(_("starts on"), help_text=_("First day, Paris time."))
    ends_on = models.DateField(_("ends on"), help_text=_("Last day, Paris time: nothing is harvested after it."))
    notice_reference = models.CharField(
        _("notice"), max_length=200, help_text=_("Reference of the information notice that was made public.")
    )
    informed_on = models.DateField(_("public informed on"), help_text=_("When the public was informed of this period."))

    dpo_opinion = models.TextField(
        _("opinion of the DPO"), blank=True, help_text=_("What the data protection officer thinks of this period.")
    )
    dpo_opinion_on = models.DateField(_("opinion given on"), null=True, blank=True, help_text=_("When it was given."))
    dpo_key = models.BigIntegerField(
        _("opinion given by"), null=True, blank=True, help_text=_("Key of the account that gave it.")
    )

    objects = ProjectPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("project period")
        verbose_name_plural = _("project periods")
        ordering = ["-ends_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="project_period_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~models.Q(notice_reference=""), name="project_period_cites_a_notice"),
            models.CheckConstraint(
                condition=models.Q(dpo_opinion="", dpo_opinion_on=None, dpo_key=None)
                | (~models.Q(dpo_opinion="") & models.Q(dpo_opinion_on__isnull=False, dpo_key__isnull=False)),
                name="project_period_opinion_is_dated_and_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
