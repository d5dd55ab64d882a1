"""Corpora: what was asked of the genealogy on one day, frozen into files for a study."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Corpus(models.Model):
    """One frozen corpus. No foreign keys, no names: its files stand under VAR_DIR, named by its key."""

    user_key = models.BigIntegerField(_("holder"), help_text=_("Key of the account that froze it."))
    title = models.CharField(_("title"), max_length=120, help_text=_("What its holder calls it. Name no person here."))
    definition = models.JSONField(_("definition"), help_text=_("What was asked: words, without names."))
    frozen_at = models.DateTimeField(_("frozen at"), help_text=_("When."))
    as_of = models.DateTimeField(
        _("as of"), null=True, help_text=_("Start of the latest harvest it rests on; empty before the first.")
    )
    parser_version = models.IntegerField(_("parser version"), help_text=_("Of the rules by which cards were read."))
    shown = models.BinaryField(
        _("shown"), default=b"", editable=False, help_text=_("Compressed keys of the artifacts its files hold.")
    )
    tables = models.JSONField(_("tables"), default=dict, help_text=_("Rows and SHA-256 of each file."))
    pending = models.JSONField(
        _("pending"),
        default=dict,
        blank=True,
        help_text=_("Keys that must leave its files, and fields that must change, before another download."),
    )
    withdrawn = models.JSONField(
        _("withdrawn"), default=dict, blank=True, help_text=_("How many rows left each file since it was frozen.")
    )
    replaced_at = models.DateTimeField(
        _("replaced at"), null=True, blank=True, help_text=_("When its files were last replaced; empty if never.")
    )

    class Meta:
        verbose_name = _("corpus")
        verbose_name_plural = _("corpora")
        permissions = [("freeze_corpus", _("Can freeze corpora and receive their files"))]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="corpus_has_a_title")]

    def __str__(self) -> str:
        return f"corpus {self.pk}"

    @property
    def coded(self) -> int:
        """How many edges of its sample were given a code by hand."""
        return sum(self.tables.get("codes", {}).values())


class Recall(models.Model):
    """A task for someone who received files of a corpus: destroy the copy, take the new one. No foreign keys."""

    corpus_key = models.BigIntegerField(_("corpus"), help_text=_("Key of the corpus."))
    user_key = models.BigIntegerField(_("recipient"), help_text=_("Key of the account that has to act."))
    asked_at = models.DateTimeField(_("asked at"), help_text=_("Since when its files are no longer those received."))
    done_at = models.DateTimeField(
        _("done at"), null=True, blank=True, help_text=_("When the recipient said that the copy is destroyed.")
    )

    class Meta:
        verbose_name = _("task for a recipient")
        verbose_name_plural = _("tasks for recipients")
        constraints = [
            models.UniqueConstraint(
                fields=["corpus_key", "user_key"], condition=models.Q(done_at=None), name="recall_is_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"task {self.pk} about corpus {self.corpus_key}"
