"""What someone was writing in a form when they last stopped typing."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftQuerySet(models.QuerySet["Draft"]):
    def stale(self, before: datetime) -> Self:
        """Those nobody wrote to since, and those of accounts that are closed."""
        return self.filter(models.Q(saved_at__lt=before) | models.Q(account__is_active=False))


class Draft(models.Model):
    """The text fields of one form, for its writer alone, until it is sent or seven days have passed."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="drafts",
        help_text=_("Who was writing; nobody else can open it."),
    )
    page = models.CharField(max_length=64, help_text=_("Which form it was, as an opaque key."))
    sealed = models.TextField(help_text=_("The text, encrypted with the key of the site. It may be personal data."))
    saved_at = models.DateTimeField(help_text=_("When it was last saved."))
    minute = models.DateTimeField(help_text=_("Since when its saves are counted, to bound their rate."))
    saves = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was saved since then."))

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "page"], name="draft_is_one_for_each_form")]

    def __str__(self) -> str:
        return f"draft {self.pk} of account {self.account_id}"
