"""What the public is told of this base: versions, each with the words of the register that it declares."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def published(self) -> Self:
        return self.exclude(published_at=None)

    def in_force(self, on: date) -> "Notice | None":
        """The version that stands on the day `on`, Paris time: of those that began, the last published."""
        return self.published().filter(in_force_from__lte=on).order_by("in_force_from", "version").last()


class Notice(models.Model):
    """One version of the information notice.

    A draft until it is published; from then on the database refuses changes.
    """

    version = models.PositiveIntegerField(_("version"), unique=True, help_text=_("1, 2, 3 …"))
    in_force_from = models.DateField(
        _("in force from"), help_text=_("First day, Paris time; a later version takes its place.")
    )
    text_fr = models.TextField(
        _("text in French"), blank=True, help_text=_("Plain paragraphs, an empty line between two.")
    )
    text_en = models.TextField(
        _("text in English"), blank=True, help_text=_("Plain paragraphs, an empty line between two.")
    )
    categories = models.JSONField(
        _("categories declared"), default=list, blank=True, help_text=_("Categories of data, in the register's words.")
    )
    sources = models.JSONField(
        _("sources declared"), default=list, blank=True, help_text=_("Where data comes from, in the register's words.")
    )
    recipients = models.JSONField(
        _("recipients declared"), default=list, blank=True, help_text=_("Who sees data, in the register's words.")
    )
    purposes = models.JSONField(
        _("purposes declared"), default=list, blank=True, help_text=_("What data is held for, in the register's words.")
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, help_text=_("When it was made public; empty for a draft.")
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("information notice")
        verbose_name_plural = _("information notices")
        ordering = ["-version"]
        permissions = [("publish_notice", "Can publish a notice")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at=None) | (~models.Q(text_fr="") & ~models.Q(text_en="")),
                name="notice_is_published_in_both_languages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.version}"

    def text(self, language: str) -> str:
        """Its text in French for "fr", in English for any other language."""
        return self.text_fr if language.startswith("fr") else self.text_en

    @property
    def declared(self) -> Mapping[str, list[str]]:
        """The words it declares, by what they are."""
        return {
            "categories": self.categories,
            "sources": self.sources,
            "recipients": self.recipients,
            "purposes": self.purposes,
        }
