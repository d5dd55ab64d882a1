"""Who must never be collected again, or not now: fingerprints only."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def restricting(self) -> Self:
        """Kept away for as long as a restriction lasts."""
        return self.filter(ground=Suppression.Ground.RESTRICTION)

    def unswept(self) -> Self:
        """Learned during a harvest, with rows perhaps still stored."""
        return self.filter(swept=False)


class Suppression(models.Model):
    """One fingerprint of an account, of a repository's `_id` or of an old repository id, under one key.

    Rows of one `entry` are twins: the same thing under several keys. Personal data all the same, and declared as such.
    """

    class Subject(models.TextChoices):
        ACCOUNT = "account", _("account")
        REPOSITORY = "repository", _("repository")
        NAME = "name", _("old repository id")
        WORD = "word", _("account's name as a word")
        OTHERS = "others", _("repository id of somebody else")

    class Ground(models.TextChoices):
        ERASURE = "erasure", _("erasure")
        OBJECTION = "objection", _("objection")
        RESTRICTION = "restriction", _("restriction")

    entry = models.CharField(
        _("entry"), max_length=32, help_text=_("Opaque reference shared by the same thing's fingerprints.")
    )
    subject = models.CharField(
        _("subject"), max_length=10, choices=Subject.choices, help_text=_("What was fingerprinted.")
    )
    key_id = models.CharField(_("key"), max_length=16, help_text=_("Short name of the key it was made with."))
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("HMAC-SHA-256 in hexadecimal. Personal data for who has the key.")
    )
    ground = models.CharField(_("ground"), max_length=12, choices=Ground.choices, help_text=_("Why it is listed."))
    reference = models.CharField(
        _("reference"), max_length=64, help_text=_("Opaque reference of the case that asked for it.")
    )
    also_for = models.JSONField(
        _("also for"),
        default=list,
        blank=True,
        help_text=_("Opaque references of other cases that restrict the same: it stays until the last is lifted."),
    )
    since = models.DateTimeField(_("since"), help_text=_("When it was listed."))
    review_on = models.DateField(
        _("review on"), help_text=_("When to look whether the name belongs to somebody else by now.")
    )
    newest_author = models.BigIntegerField(
        _("newest author"),
        default=0,
        help_text=_("The greatest key an author had then: an account stored before is no new name of this one."),
    )
    learned = models.BooleanField(
        _("learned"), default=False, help_text=_("Added by a harvest that met a listed repository under another owner.")
    )
    swept = models.BooleanField(
        _("swept"), default=True, help_text=_("False until what was stored before it was learned has been removed.")
    )
    hits = models.BigIntegerField(
        _("hits"), default=0, help_text=_("Records and mentions that harvests left out because of it.")
    )

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppression list")
        constraints = [
            models.UniqueConstraint(fields=["key_id", "fingerprint"], name="suppression_fingerprint_once"),
            models.CheckConstraint(condition=~models.Q(fingerprint=""), name="suppression_has_a_fingerprint"),
        ]
        indexes = [models.Index(fields=["entry"], name="suppression_entry")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def references(self) -> list[str]:
        """The cases that asked for it."""
        return [self.reference, *self.also_for]
