"""Letters that came in, by mail or post, and the files that came with them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.case import RightsCase
from rights.models.letter import OutgoingLetter
from rights.models.referral import Referral
from rights.models.reply import Reply
from rights.sealed import SealedBytesField, SealedTextField
from rights.vocabulary import Channel, Enclosure


class IncomingLetterQuerySet(models.QuerySet["IncomingLetter"]):
    def waiting(self) -> Self:
        """Those that no agent has entered into a case or referral yet."""
        return self.filter(case=None, referral=None)

    def returned(self) -> Self:
        """Those by which a mail of ours came back."""
        return self.exclude(returned_status="")

    def unheeded(self) -> Self:
        """Those by which a mail of ours came back, with no letter sent since."""
        later = OutgoingLetter.objects.filter(case=models.OuterRef("case"), sent_at__gt=models.OuterRef("received_at"))
        return self.returned().filter(case__isnull=False).exclude(models.Exists(later))

    def unopened(self) -> Self:
        """Without what is sealed: lists neither need it nor pay for opening it."""
        return self.defer("sender", "sender_name", "subject", "text", "left_out", "thread")

    def dropped_before(self, moment: datetime) -> Self:
        return self.filter(dropped_at__lt=moment)


class IncomingLetter(models.Model):
    """One letter. It waits, sealed, until an agent enters it; its words then go to the case, referral or reply."""

    case = models.ForeignKey(
        RightsCase,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="incoming",
        verbose_name=_("case"),
        help_text=_("To which case; empty while it waits."),
    )
    referral = models.ForeignKey(
        Referral,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="incoming",
        verbose_name=_("referral"),
        help_text=_("To which referral; empty while it waits."),
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, help_text=_("How it came in."))
    received_at = models.DateTimeField(
        _("received at"), null=True, blank=True, help_text=_("When it reached us; empty where nothing in it says so.")
    )
    by_our_server = models.BooleanField(
        _("dated by our server"), default=False, help_text=_("Our own mail server wrote that date, not the sender.")
    )
    dropped_at = models.DateTimeField(_("taken in at"), help_text=_("When an agent brought it here."))
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("taken in by"),
        help_text=_("Which agent brought it here."),
    )
    sender = SealedTextField(_("sender"), blank=True, default="", help_text=_("Address it came from, as it says."))
    sender_name = SealedTextField(_("name of the sender"), blank=True, default="", help_text=_("As it says."))
    subject = SealedTextField(_("subject"), blank=True, default="", help_text=_("Its subject."))
    text = SealedTextField(
        _("text"), blank=True, default="", help_text=_("What it says; moved to the case when it is entered.")
    )
    left_out = SealedTextField(
        _("left out"), blank=True, default="", help_text=_("Files that came with it and are not kept, and why.")
    )
    thread = SealedTextField(
        _("thread"), blank=True, default="", help_text=_("Which mails it answers; forgotten when it is entered.")
    )
    message_mark = models.CharField(
        _("mark of the message"),
        max_length=32,
        blank=True,
        default="",
        db_index=True,
        help_text=_("Keyed fingerprint of its Message-ID, by which answers to it are found."),
    )
    content_mark = models.CharField(
        _("mark of the content"),
        max_length=32,
        blank=True,
        default="",
        help_text=_("Keyed fingerprint of the file, so that the same one twice is one letter."),
    )
    automatic = models.BooleanField(
        _("automatic"), default=False, help_text=_("A machine answered: somebody is away, for example.")
    )
    returned_status = models.CharField(
        _("returned"),
        max_length=12,
        blank=True,
        default="",
        help_text=_("Why a mail of ours came back, as servers say."),
    )
    returned_letter = models.ForeignKey(
        OutgoingLetter,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("letter that came back"),
        help_text=_("Which letter of ours it is about."),
    )

    reply = models.OneToOneField(
        Reply,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="letter",
        verbose_name=_("reply"),
        help_text=_("The words of it, where it joined a case or referral."),
    )

    objects = IncomingLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming letter")
        verbose_name_plural = _("incoming letters")
        ordering = ["dropped_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case=None) | models.Q(referral=None), name="incoming_belongs_to_one_matter"
            ),
            models.CheckConstraint(
                condition=models.Q(received_at=None) | models.Q(received_at__lte=models.F("dropped_at")),
                name="incoming_not_received_in_the_future",
            ),
            models.UniqueConstraint(
                fields=["content_mark"], condition=~models.Q(content_mark=""), name="incoming_once"
            ),
        ]

    def __str__(self) -> str:
        return f"incoming letter {self.pk}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def unopened(self) -> Self:
        """Without the files themselves: lists do not need them."""
        return self.defer("content")


class Attachment(models.Model):
    """One file that came with a letter, checked by its content and sealed. Never changed."""

    letter = models.ForeignKey(
        IncomingLetter,
        models.CASCADE,
        related_name="attachments",
        verbose_name=_("letter"),
        help_text=_("The letter it came with."),
    )
    name = SealedTextField(_("name"), help_text=_("As its sender called it, made harmless."))
    kind = models.CharField(
        _("kind"), max_length=4, choices=Enclosure.choices, help_text=_("What its content is, whatever its name says.")
    )
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(_("fingerprint"), max_length=64, help_text=_("SHA-256 of the file, in hexadecimal."))
    content = SealedBytesField(_("content"), help_text=_("The file, sealed."))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"attachment {self.pk}"
