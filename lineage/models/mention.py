"""What records say of other artifacts: the truth from which the edges are computed."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.models.artifact import Artifact
from lineage.models.run import HarvestRun
from lineage.vocabulary import Field, Kind, Relation


class MentionQuerySet(models.QuerySet["Mention"]):
    def resolved(self) -> Self:
        return self.filter(resolved=True)


class Mention(models.Model):
    """One place where an artifact's latest record names another: the evidence of an edge."""

    artifact = models.ForeignKey(  # found by the unique constraint's index, which begins with it
        Artifact,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="mentions",
        help_text=_("Whose record says it."),
    )
    field = models.CharField(
        _("field"), max_length=24, choices=choices(Field), help_text=_("Where in the record it stands.")
    )
    target_kind = models.CharField(
        _("target kind"), max_length=8, choices=choices(Kind), help_text=_("What is named: a model or a dataset.")
    )
    target = models.CharField(
        _("target"), max_length=256, help_text=_("The id that is named, cleaned. Personal data by its owner part.")
    )
    relation = models.CharField(
        _("relation"), max_length=16, choices=choices(Relation), help_text=_("The relation it states.")
    )
    resolved = models.BooleanField(_("resolved"), default=False, help_text=_("The Hub itself resolved the name."))
    self_written = models.BooleanField(
        _("self-written"),
        default=False,
        help_text=_("The tag also stands among the card's own tags, so its author may have typed it."),
    )
    position = models.IntegerField(
        _("position"), null=True, blank=True, help_text=_("Its place in the card's list, from 0; empty for tags.")
    )
    first_run = models.ForeignKey(  # a note, by which nothing is looked up: neither index nor check for each row
        HarvestRun,
        models.SET_NULL,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        help_text=_("The harvest that saw it first."),
    )

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(
                fields=["artifact", "field", "target_kind", "target", "relation"], name="mention_is_kept_once"
            ),
            models.CheckConstraint(condition=~models.Q(target=""), name="mention_names_something"),
        ]
        indexes = [models.Index(fields=["target_kind", "target"], name="mention_target")]

    def __str__(self) -> str:
        return f"mention {self.pk} in artifact {self.artifact_id}"
