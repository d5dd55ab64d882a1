"""A rights case: what a holder of an account asks of us, under the clock of Art. 12 GDPR."""

import secrets
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.sealed import SealedTextField
from rights.vocabulary import Channel, Requester

REFERENCE_BYTES = 16  # 128 bits: nobody guesses one
GROUP = 4  # signs of a reference, to be read and typed
LONGEST_LANGUAGE = 2


def new_reference() -> str:
    """An opaque reference: what addresses, the journal and consultations cite."""
    return secrets.token_hex(REFERENCE_BYTES)


def new_number() -> str:
    """Six digits to say on the telephone. They open nothing."""
    return f"{secrets.randbelow(900_000) + 100_000}"


def grouped(reference: str) -> str:
    """A reference as it is read: in groups of four signs."""
    return " ".join(reference[start : start + GROUP] for start in range(0, len(reference), GROUP))


class RightsCaseQuerySet(models.QuerySet["RightsCase"]):
    def confirmed(self) -> Self:
        """Those that wait for no click on a confirmation link."""
        return self.exclude(confirmed_at=None)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at=None)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def of(self, account: int) -> Self:
        """Those of one agent, or that they stand in for."""
        return self.filter(models.Q(agent=account) | models.Q(deputy=account))

    def unassigned(self) -> Self:
        return self.filter(agent=None)

    def due_by(self, day: date) -> Self:
        return self.filter(due_on__lte=day)

    def overdue(self, on: date) -> Self:
        return self.filter(due_on__lt=on)

    def unopened(self) -> Self:
        """Without what is sealed: lists neither need it nor pay for opening it."""
        return self.defer("name", "contact", "message", "representation", "extension_reason", "legal_hold_reason")


class RightsCase(models.Model):
    """One letter and what follows from it. Every write goes through `rights.desk` and raises `version` by one."""

    reference = models.CharField(
        _("reference"), max_length=32, unique=True, default=new_reference, help_text=_("Opaque reference, 128 bits.")
    )
    number = models.CharField(
        _("number"), max_length=6, unique=True, default=new_number, help_text=_("Short number for the telephone.")
    )
    version = models.PositiveIntegerField(
        _("version"), default=1, help_text=_("Raised by every change, so that of two at once one is told.")
    )
    created_at = models.DateTimeField(_("created at"), help_text=_("When it was entered here."))
    received_at = models.DateTimeField(_("received at"), help_text=_("When it reached us, by any official channel."))
    received_on = models.DateField(_("received on"), help_text=_("The day of receipt in Paris: its legal date."))
    due_on = models.DateField(
        _("due on"), help_text=_("Last day to answer, without counting the days that questions stopped the clock.")
    )
    latest_on = models.DateField(
        _("due on, suspensions counted"), help_text=_("Last day to answer with the days of answered questions added.")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, help_text=_("How it came in."))
    language = models.CharField(
        _("language"), max_length=LONGEST_LANGUAGE, choices=settings.LANGUAGES, help_text=_("In which to answer.")
    )
    requester = models.CharField(
        _("written"), max_length=8, choices=Requester.choices, default=Requester.ONESELF, help_text=_("For whom.")
    )
    representation = SealedTextField(
        _("representation"),
        blank=True,
        default="",
        help_text=_("Mandate, parenthood or inheritance: for which rights and data, how long, who gets the answer."),
    )
    representation_checked_at = models.DateTimeField(
        _("representation checked at"), null=True, blank=True, help_text=_("When its proof was seen. No copy is kept.")
    )
    was_minor = models.BooleanField(
        _("was a minor"), default=False, help_text=_("The person was a minor at collection: no extension.")
    )
    name = SealedTextField(_("name"), blank=True, default="", help_text=_("How the person signs."))
    contact = SealedTextField(
        _("contact"), blank=True, default="", help_text=_("E-mail or postal address to answer to.")
    )
    contact_mark = models.CharField(
        _("mark of the contact"),
        max_length=32,
        blank=True,
        default="",
        db_index=True,
        help_text=_("Keyed fingerprint by which letters of one person are found."),
    )
    message = SealedTextField(_("message"), blank=True, default="", help_text=_("What the person wrote."))
    confirmed_at = models.DateTimeField(
        _("confirmed at"), null=True, blank=True, help_text=_("When the address was confirmed, or an agent entered it.")
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("agent"),
        help_text=_("Who processes it."),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_as_deputy",
        verbose_name=_("deputy"),
        help_text=_("Who stands in for the agent."),
    )
    urgent = models.BooleanField(_("urgent"), default=False, help_text=_("To be looked at first."))
    extension_sent_on = models.DateField(
        _("extension notice sent on"),
        null=True,
        blank=True,
        help_text=_("When the person was told of two more months, inside the first."),
    )
    extension_reason = SealedTextField(
        _("reason of the extension"), blank=True, default="", help_text=_("Complexity or number of requests.")
    )
    legal_hold_at = models.DateTimeField(
        _("legal hold since"), null=True, blank=True, help_text=_("Nothing of it is deleted from then on.")
    )
    legal_hold_reason = SealedTextField(
        _("reason of the legal hold"), blank=True, default="", help_text=_("Which dispute or procedure.")
    )
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name=_("repeats"),
        help_text=_("The case that answers this one too."),
    )
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("When each of its rights had ended and was told.")
    )

    objects = RightsCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("rights case")
        verbose_name_plural = _("rights cases")
        ordering = ["due_on", "pk"]
        permissions = [
            ("process_rightscase", _("Can process rights cases")),
            ("decide_exemption", _("Can decide exceptions to a right")),
            ("give_opinion", _("Can give the data protection officer's opinion")),
            ("view_compliance", _("Can read the data protection officer's page")),
        ]
        indexes = [models.Index(fields=["closed_at", "due_on"], name="case_queue")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(extension_sent_on=None, extension_reason="")
                | models.Q(extension_sent_on__isnull=False) & ~models.Q(extension_reason=""),
                name="case_extension_is_sent_with_its_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(extension_sent_on=None) | models.Q(was_minor=False),
                name="case_of_a_minor_is_not_extended",
            ),
            models.CheckConstraint(
                condition=models.Q(legal_hold_at=None, legal_hold_reason="")
                | models.Q(legal_hold_at__isnull=False) & ~models.Q(legal_hold_reason=""),
                name="case_legal_hold_has_its_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(latest_on__gte=models.F("due_on")), name="case_earlier_date_first"
            ),
            models.CheckConstraint(
                condition=models.Q(received_at__lte=models.F("created_at")), name="case_not_received_in_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("agent")),
                name="case_deputy_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number[:3]} {self.number[3:]}"
