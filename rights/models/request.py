"""One right in a case: its step, and apart from it its outcome."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.case import RightsCase
from rights.sealed import SealedTextField
from rights.transitions import ENDS
from rights.vocabulary import Decision, Ground, Right, State

ENDED = tuple(sorted(ENDS))
WITH_DECISION = (State.DECIDED, State.FULFILLED)
REFUSALS = (Decision.PARTLY_GRANTED, Decision.REFUSED)


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def running(self) -> Self:
        return self.exclude(state__in=ENDED)


class RightsRequest(models.Model):
    """One right asked for. Moved by `rights.desk.moves` alone, along the table of `rights.transitions`."""

    case = models.ForeignKey(
        RightsCase, models.CASCADE, related_name="requests", verbose_name=_("case"), help_text=_("In which case.")
    )
    right = models.CharField(_("right"), max_length=13, choices=Right.choices, help_text=_("Which right is asked for."))
    state = models.CharField(
        _("state"), max_length=14, choices=State.choices, default=State.RECEIVED, help_text=_("The step reached.")
    )
    decision = models.CharField(
        _("decision"),
        max_length=14,
        choices=Decision.choices,
        blank=True,
        default="",
        help_text=_("The outcome, once decided."),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, help_text=_("When."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        help_text=_("Who decided."),
    )
    ground = models.CharField(
        _("ground"),
        max_length=15,
        choices=Ground.choices,
        blank=True,
        default="",
        help_text=_("Why it is refused, in whole or in part."),
    )
    reasons = SealedTextField(
        _("reasons"), blank=True, default="", help_text=_("Reasons of a refusal, as the person is told them.")
    )
    complaint = models.TextField(
        _("complaint"), blank=True, default="", help_text=_("The right to complain, as it stands in the refusal.")
    )
    judicial_remedy = models.TextField(
        _("judicial remedy"), blank=True, default="", help_text=_("The judicial remedy, as it stands in the refusal.")
    )
    effect_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
        help_text=_("Who would carry it out, where a second agent has to confirm."),
    )
    effect_at = models.DateTimeField(
        _("carried out at"), null=True, blank=True, help_text=_("When the decision took effect on the base.")
    )
    recipients = models.JSONField(
        _("recipients to tell"),
        default=list,
        blank=True,
        help_text=_("Keys of the accounts that hold a copy of what it changed (Art. 19)."),
    )
    told_at = models.DateTimeField(
        _("told at"), null=True, blank=True, help_text=_("When the person was told the outcome.")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, help_text=_("When nothing was left to do."))

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("right asked for")
        verbose_name_plural = _("rights asked for")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "right"], name="request_of_a_right_once_in_a_case"),
            models.CheckConstraint(
                condition=models.Q(state__in=WITH_DECISION, decided_at__isnull=False, decided_by__isnull=False)
                & ~models.Q(decision="")
                | ~models.Q(state__in=WITH_DECISION) & models.Q(decision="", decided_at=None, decided_by=None),
                name="request_decided_has_its_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=REFUSALS)
                & ~(models.Q(ground="") | models.Q(reasons="") | models.Q(complaint="") | models.Q(judicial_remedy=""))
                | ~models.Q(decision__in=REFUSALS) & models.Q(ground="", reasons="", complaint="", judicial_remedy=""),
                name="request_refused_with_reasons_complaint_and_remedy",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ENDED, ended_at__isnull=False)
                | ~models.Q(state__in=ENDED) & models.Q(ended_at=None),
                name="request_ended_has_its_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.FULFILLED, decision=Decision.GRANTED)
                | models.Q(effect_at__isnull=False),
                name="request_granted_is_carried_out",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=ENDED) | models.Q(told_at__isnull=False),
                name="request_is_not_ended_silently",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"
