"""What was done for or about a person, by whom and when: without any name, and without foreign keys."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One act. It outlives what it cites. The database refuses to change one, or to delete one before its time."""

    number = models.BigIntegerField(
        _("number"), primary_key=True, help_text=_("Its place in the journal: 1, 2, 3 … without a gap.")
    )
    at = models.DateTimeField(_("at"), help_text=_("When."))
    act = models.CharField(_("act"), max_length=40, help_text=_("What was done, one word of a fixed list."))
    by_key = models.BigIntegerField(_("agent"), help_text=_("Key of the account that did it; 0 for a harvest."))
    reference = models.CharField(_("reference"), max_length=64, help_text=_("Opaque reference of the case."))
    details = models.JSONField(_("details"), default=dict, blank=True, help_text=_("Numbers and words without names."))
    chain = models.CharField(
        _("chain"), max_length=64, help_text=_("SHA-256 of this entry and of the chain of the one before it.")
    )

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        permissions = [("receive_journal_head", "Receives the head of the journal each month")]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="journal_begins_at_one"),
            models.UniqueConstraint(fields=["chain"], name="journal_chain_once"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
