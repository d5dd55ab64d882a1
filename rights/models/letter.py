"""Letters that were sent: their text as it left, and its fingerprint."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.case import LONGEST_LANGUAGE, RightsCase
from rights.models.referral import Referral
from rights.sealed import SealedTextField
from rights.vocabulary import LetterKind, Right, Way


class LetterQuerySet(models.QuerySet["OutgoingLetter"]):
    def undelivered(self) -> Self:
        """Those that wait for the mail server to take them."""
        return self.filter(sent_at=None)


class OutgoingLetter(models.Model):
    """One letter of ours, in a case or a referral.

    Written by `rights.letters` alone, and never changed once it left.
    """

    case = models.ForeignKey(
        RightsCase,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("case"),
        help_text=_("The rights case it belongs to."),
    )
    referral = models.ForeignKey(
        Referral,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("referral"),
        help_text=_("The referral it belongs to."),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=LetterKind.choices, help_text=_("What it says."))
    right = models.CharField(
        _("right"),
        max_length=13,
        choices=Right.choices,
        blank=True,
        default="",
        help_text=_("The right it answers; empty where it is about the whole."),
    )
    language = models.CharField(
        _("language"), max_length=LONGEST_LANGUAGE, choices=settings.LANGUAGES, help_text=_("In which it is written.")
    )
    recipient = SealedTextField(_("recipient"), help_text=_("The address it was sent to."))
    subject = SealedTextField(_("subject"), help_text=_("Its first line."))
    text = SealedTextField(_("text"), help_text=_("The whole letter, as it left."))
    sha256 = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("SHA-256 of subject and text in UTF-8, in hexadecimal.")
    )
    way = models.CharField(_("way"), max_length=4, choices=Way.choices, help_text=_("How it left."))
    written_at = models.DateTimeField(_("written at"), help_text=_("When an agent gave it out."))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
        help_text=_("Who signs it."),
    )
    sent_at = models.DateTimeField(
        _("sent at"), null=True, blank=True, help_text=_("When the mail server took it, or when it was posted.")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, referral=None) | models.Q(case=None, referral__isnull=False),
                name="letter_belongs_to_one_matter",
            ),
            models.CheckConstraint(
                condition=models.Q(way=Way.MAIL) | models.Q(sent_at__isnull=False), name="letter_by_post_is_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
