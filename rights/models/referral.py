"""A referral: a person found their data in somebody's dataset or model, and is told to whom to write.

We are not the controller of that dataset and hold nothing about the person but their letter: no clock of Art. 12, no
decision, no suppression.
"""

from datetime import date, datetime, time
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.deadlines import ONE_DAY, PARIS, due_on, first_receipt_due, legal_date
from rights.models.case import LONGEST_LANGUAGE, new_number, new_reference
from rights.sealed import SealedTextField
from rights.vocabulary import Channel


class ReferralQuerySet(models.QuerySet["Referral"]):
    def confirmed(self) -> Self:
        """Those that wait for no click on a confirmation link."""
        return self.exclude(confirmed_at=None)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at=None)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def of(self, account: int) -> Self:
        return self.filter(agent=account)

    def unassigned(self) -> Self:
        return self.filter(agent=None)

    def aimed_by(self, day: date) -> Self:
        """Those to be answered on `day` or earlier, as `Referral.answer_by` counts it."""
        plain, urgent = _midnight(first_receipt_due(day + ONE_DAY)), _midnight(day + ONE_DAY)
        return self.filter(models.Q(received_at__lt=plain) | models.Q(urgent=True, received_at__lt=urgent))

    def overdue(self, on: date) -> Self:
        return self.aimed_by(on - ONE_DAY)

    def unopened(self) -> Self:
        """Without what is sealed: lists neither need it nor pay for opening it."""
        return self.defer(
            "name", "contact", "message", "claimed", "seen_what", "seen_where", "seen_when", "handed_over_to"
        )


def _midnight(day: date) -> datetime:
    """The first instant of a day in Paris."""
    return datetime.combine(day, time(), PARIS)


class Referral(models.Model):
    """One letter about data in somebody's dataset or model. Every write raises `version` by one."""

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
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, help_text=_("How it came in."))
    language = models.CharField(
        _("language"), max_length=LONGEST_LANGUAGE, choices=settings.LANGUAGES, help_text=_("In which to answer.")
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
    claimed = SealedTextField(
        _("dataset or model"), blank=True, default="", help_text=_("Which one is meant, as the person wrote it.")
    )
    artifact_key = models.BigIntegerField(
        _("artifact"), null=True, blank=True, help_text=_("Key of the artifact that an agent found it to be.")
    )
    seen_what = SealedTextField(
        _("what was seen"), blank=True, default="", help_text=_("In the person's own words; never a copy.")
    )
    seen_where = SealedTextField(
        _("where it was seen"), blank=True, default="", help_text=_("File, line, revision or address: a pointer.")
    )
    seen_when = SealedTextField(
        _("when it was seen"), blank=True, default="", help_text=_("The day, as the person wrote it.")
    )
    urgent = models.BooleanField(
        _("urgent"),
        default=False,
        help_text=_("Minors, intimate or illegal pictures, private addresses: the same day."),
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"), null=True, blank=True, help_text=_("When the address was confirmed, or an agent entered it.")
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("agent"),
        help_text=_("Who processes it."),
    )
    handed_over_at = models.DateTimeField(
        _("handed over at"), null=True, blank=True, help_text=_("When an urgent one was handed to who can act at once.")
    )
    handed_over_to = SealedTextField(_("handed over to"), blank=True, default="", help_text=_("Which service took it."))
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("When the person was told, or withdrew it.")
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-urgent", "received_at", "pk"]
        indexes = [models.Index(fields=["closed_at", "received_at"], name="referral_queue")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received_at__lte=models.F("created_at")), name="referral_not_received_in_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(closed_at__gte=models.F("received_at")),
                name="referral_is_closed_after_its_receipt",
            ),
            models.CheckConstraint(
                condition=models.Q(handed_over_at=None, handed_over_to="")
                | models.Q(handed_over_at__isnull=False) & ~models.Q(handed_over_to=""),
                name="referral_is_handed_over_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number[:3]} {self.number[3:]}"

    @property
    def answer_by(self) -> date:
        """The day by which the house means to answer: an urgent one the same day, the others like a case.

        The law sets none: Art. 12 is about the data of the controller that is asked.
        """
        received = legal_date(self.received_at)
        return received if self.urgent else due_on(received)
