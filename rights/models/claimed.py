"""The Hub accounts that a case is about, and whether control of each was shown."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.case import RightsCase
from rights.sealed import SealedTextField
from rights.vocabulary import Identity, Proof


class ClaimedAccount(models.Model):
    """One account that the person says is theirs."""

    case = models.ForeignKey(
        RightsCase, models.CASCADE, related_name="accounts", verbose_name=_("case"), help_text=_("Whose claim.")
    )
    name = SealedTextField(_("account"), help_text=_("Its name on the Hub, as the person wrote it."))
    name_mark = models.CharField(
        _("mark of the account"),
        max_length=32,
        db_index=True,
        help_text=_("Keyed fingerprint by which cases about one account are found."),
    )
    identity = models.CharField(
        _("identity"),
        max_length=13,
        choices=Identity.choices,
        default=Identity.UNCHECKED,
        help_text=_("Whether control of it was shown."),
    )
    code = SealedTextField(
        _("code"), blank=True, default="", help_text=_("One-time word to place on the Hub: neutral, it names nobody.")
    )
    code_asked_at = models.DateTimeField(
        _("code handed out at"), null=True, blank=True, help_text=_("When. It stops no clock.")
    )
    proof = models.CharField(
        _("proof"), max_length=7, choices=Proof.choices, blank=True, default="", help_text=_("By what it was shown.")
    )
    note = SealedTextField(_("note"), blank=True, default="", help_text=_("What was seen, in a few words."))
    settled_at = models.DateTimeField(
        _("settled at"), null=True, blank=True, help_text=_("When it was confirmed, or could not be.")
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
        help_text=_("Who said so."),
    )
    is_shared = models.BooleanField(
        _("shared account"), default=False, help_text=_("Several persons use it: the others are heard first.")
    )

    class Meta:
        verbose_name = _("claimed account")
        verbose_name_plural = _("claimed accounts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "name_mark"], name="claimed_account_once_in_a_case"),
            models.CheckConstraint(
                condition=models.Q(identity=Identity.CONFIRMED, settled_at__isnull=False) & ~models.Q(proof="")
                | ~models.Q(identity=Identity.CONFIRMED) & models.Q(proof=""),
                name="claimed_account_is_confirmed_with_a_proof",
            ),
            models.CheckConstraint(
                condition=~models.Q(identity=Identity.CODE_ASKED)
                | ~models.Q(code="") & models.Q(code_asked_at__isnull=False),
                name="claimed_account_awaits_a_code",
            ),
        ]

    def __str__(self) -> str:
        return f"claimed account {self.pk}"
