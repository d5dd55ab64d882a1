"""Corrected values, kept beside the Hub's own."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class RectificationQuerySet(models.QuerySet["Rectification"]):
    def in_force(self) -> Self:
        return self.filter(closed_at=None)


class Rectification(models.Model):
    """One field of one artifact, corrected.

    No harvest undoes it; where the Hub says the same by now, it may be closed.
    """

    class FieldName(models.TextChoices):
        LICENSE = "license", _("licence")
        TASK = "task", _("task")
        LIBRARY = "library", _("library")
        LANGUAGES = "languages", _("languages")
        TAGS = "tags", _("free tags")

    reference = models.CharField(_("reference"), max_length=64, help_text=_("Opaque reference of the case."))
    artifact_key = models.BigIntegerField(_("artifact"), help_text=_("Key of the artifact that is corrected."))
    field = models.CharField(
        _("field"), max_length=16, choices=FieldName.choices, help_text=_("Which of its facts is corrected.")
    )
    value = models.JSONField(_("corrected value"), help_text=_("What is shown: a text, or a list of texts."))
    hub_value = models.JSONField(_("the Hub's value"), help_text=_("What the Hub said last."))
    began_at = models.DateTimeField(_("began at"), help_text=_("Since when."))
    agreed = models.BooleanField(
        _("the Hub agrees"), default=False, help_text=_("The Hub says the same by now: it may be closed.")
    )
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("When the Hub's value was let in again.")
    )

    recipients: frozenset[int] = frozenset()  # to be told of it (Art. 19); known to who just made it, not stored
    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification")
        verbose_name_plural = _("rectifications")
        constraints = [
            models.UniqueConstraint(
                fields=["artifact_key", "field"],
                condition=models.Q(closed_at=None),
                name="rectification_of_a_field_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
