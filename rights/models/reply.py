"""What a person adds to their case or referral after the first letter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.case import RightsCase
from rights.models.referral import Referral
from rights.sealed import SealedTextField
from rights.vocabulary import Channel


class Reply(models.Model):
    """One message of the person. Never changed."""

    case = models.ForeignKey(
        RightsCase,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("case"),
        help_text=_("To which case."),
    )
    referral = models.ForeignKey(
        Referral,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("referral"),
        help_text=_("To which referral."),
    )
    received_at = models.DateTimeField(_("received at"), help_text=_("When it reached us."))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, help_text=_("How it came in."))
    text = SealedTextField(_("text"), help_text=_("What the person wrote."))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, referral=None) | models.Q(case=None, referral__isnull=False),
                name="reply_to_a_case_or_a_referral",
            )
        ]

    def __str__(self) -> str:
        return f"reply {self.pk}"
