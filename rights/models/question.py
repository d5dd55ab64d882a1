"""Questions to the person: the only thing that stops the clock."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.case import RightsCase
from rights.sealed import SealedTextField


class QuestionQuerySet(models.QuerySet["Question"]):
    def unanswered(self) -> Self:
        return self.filter(answered_on=None)

    def stopping(self) -> Self:
        return self.exclude(kind=Question.Kind.ROUTINE)


class Question(models.Model):
    """What was asked of the person, and when they answered: days of Paris."""

    class Kind(models.TextChoices):
        DOUBT = "doubt", _("reasonable doubt about identity")
        CLARIFICATION = "clarification", _("what exactly is asked for")
        ROUTINE = "routine", _("anything else: the clock runs on")

    case = models.ForeignKey(
        RightsCase, models.CASCADE, related_name="questions", verbose_name=_("case"), help_text=_("In which case.")
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices, help_text=_("Whether it stops the clock."))
    text = SealedTextField(_("question"), help_text=_("What was asked."))
    doubt = SealedTextField(
        _("why"), blank=True, default="", help_text=_("What the doubt rests on; needed where the clock stops.")
    )
    asked_on = models.DateField(_("asked on"), help_text=_("The day it was sent, Paris time."))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"), help_text=_("Who.")
    )
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True, help_text=_("The day a reminder was sent."))
    answered_on = models.DateField(
        _("answered on"), null=True, blank=True, help_text=_("The day the answer reached us.")
    )
    answer = SealedTextField(_("answer"), blank=True, default="", help_text=_("What the person said."))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_on=None) | models.Q(answered_on__gte=models.F("asked_on")),
                name="question_is_answered_after_it_was_asked",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="routine") | ~models.Q(doubt=""), name="question_stops_the_clock_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"
