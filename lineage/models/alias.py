"""Old and short names, and the artifact each of them means."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.models.artifact import Artifact
from lineage.vocabulary import AliasOrigin, Kind


class AliasQuerySet(models.QuerySet["Alias"]):
    def live(self) -> Self:
        return self.filter(held_until=None)


class Alias(models.Model):
    """A name that is not the artifact's own, and who says that it means it."""

    kind = models.CharField(_("kind"), max_length=8, choices=choices(Kind), help_text=_("What the name names."))
    name = models.CharField(
        _("old name"), max_length=256, help_text=_("The old or short id. Personal data by its owner part.")
    )
    artifact = models.ForeignKey(Artifact, models.CASCADE, related_name="aliases", help_text=_("What it means today."))
    origin = models.CharField(_("origin"), max_length=10, choices=choices(AliasOrigin), help_text=_("Who says so."))
    held_from = models.DateTimeField(_("held from"), help_text=_("Since when we know it."))
    held_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("When it ended; empty while it is live.")
    )

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"], condition=models.Q(held_until=None), name="alias_is_live_once"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="alias_has_a_name"),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="alias_name")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class NameInquiry(models.Model):
    """What the Hub answered when asked what a bare name means: each name is asked once."""

    class Answer(models.TextChoices):
        REDIRECT = "redirect", _("redirected to another id")
        SAME = "same", _("exists under that name")
        ABSENT = "absent", _("not found or not public")

    kind = models.CharField(_("kind"), max_length=8, choices=choices(Kind), help_text=_("What the name names."))
    name = models.CharField(_("name asked"), max_length=256, help_text=_("The bare id that was asked."))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, help_text=_("What the Hub said."))
    artifact = models.ForeignKey(
        Artifact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The artifact it was redirected to."),
    )
    asked_at = models.DateTimeField(_("asked at"), help_text=_("When the Hub answered."))

    class Meta:
        verbose_name = _("name inquiry")
        verbose_name_plural = _("name inquiries")
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="name_inquiry_once")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
