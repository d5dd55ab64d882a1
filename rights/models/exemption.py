"""Exceptions to a right: asked for by an agent, decided by a supervisor, with the DPO's opinion beside it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.request import RightsRequest
from rights.sealed import SealedTextField
from rights.vocabulary import Ground, Opinion

EXCEPTIONS = (Ground.RESEARCH, Ground.PUBLIC_INTEREST)


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    def undecided(self) -> Self:
        return self.filter(decided_at=None)


class Exemption(models.Model):
    """Research or public interest against one right. The opinion is kept, followed or not, and decides nothing."""

    request = models.ForeignKey(
        RightsRequest,
        models.CASCADE,
        related_name="exemptions",
        verbose_name=_("right asked for"),
        help_text=_("Which right it would limit."),
    )
    ground = models.CharField(
        _("ground"),
        max_length=15,
        choices=[(ground.value, ground.label) for ground in EXCEPTIONS],
        help_text=_("Which exception."),
    )
    argument = SealedTextField(_("argument"), help_text=_("Why the agent thinks that it applies."))
    asked_at = models.DateTimeField(_("asked at"), help_text=_("When."))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"), help_text=_("Who.")
    )
    opinion = models.CharField(
        _("opinion"), max_length=12, choices=Opinion.choices, blank=True, default="", help_text=_("The DPO's opinion.")
    )
    opinion_text = SealedTextField(
        _("reasons of the opinion"), blank=True, default="", help_text=_("In the DPO's words.")
    )
    opinion_at = models.DateTimeField(_("opinion given at"), null=True, blank=True, help_text=_("When."))
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opinion by"),
        help_text=_("Which DPO."),
    )
    applies = models.BooleanField(
        _("applies"), null=True, blank=True, default=None, help_text=_("What the supervisor decided.")
    )
    motive = SealedTextField(_("motive"), blank=True, default="", help_text=_("Why, in the supervisor's words."))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, help_text=_("When."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        help_text=_("Which supervisor."),
    )

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception to a right")
        verbose_name_plural = _("exceptions to rights")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(decided_at=None), name="exemption_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(opinion="", opinion_text="", opinion_at=None, opinion_by=None)
                | ~models.Q(opinion="")
                & ~models.Q(opinion_text="")
                & models.Q(opinion_at__isnull=False, opinion_by__isnull=False),
                name="exemption_opinion_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(applies=None, motive="", decided_at=None, decided_by=None)
                | ~models.Q(motive="")
                & models.Q(applies__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="exemption_decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"exception {self.pk}"
