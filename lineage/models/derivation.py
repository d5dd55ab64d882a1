"""The edges of the genealogy: computed from mentions, the listing and staff's verdicts, never written by hand."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.models.artifact import Artifact
from lineage.vocabulary import Certainty, Relation


class DerivationQuerySet(models.QuerySet["Derivation"]):
    def holding(self) -> Self:
        """The edges that hold now."""
        return self.filter(held_until=None)


class Derivation(models.Model):
    """`derived` was made from `source` (prov:wasDerivedFrom), and since when we know it.

    The database does not check its two keys (ADR 0045): linking computes both from the rows of artifacts themselves.
    """

    source = models.ForeignKey(
        Artifact,
        models.CASCADE,
        related_name="derivations_from",
        db_constraint=False,
        help_text=_("What it was made from."),
    )
    derived = models.ForeignKey(
        Artifact,
        models.CASCADE,
        related_name="derivations_to",
        db_constraint=False,
        help_text=_("What was made from it."),
    )
    relation = models.CharField(
        _("relation"), max_length=16, choices=choices(Relation), help_text=_("How it was made.")
    )
    certainty = models.CharField(
        _("certainty"),
        max_length=10,
        choices=choices(Certainty),
        help_text=_("The strongest ground on which the edge is known."),
    )
    held_from = models.DateTimeField(
        _("held from"), help_text=_("Start of the harvest, or the verdict, that first gave it.")
    )
    held_until = models.DateTimeField(
        _("held until"),
        null=True,
        blank=True,
        help_text=_("Start of the harvest, or the verdict, that ended it; empty while it holds."),
    )

    objects = DerivationQuerySet.as_manager()

    class Meta:
        verbose_name = _("derivation")
        verbose_name_plural = _("derivations")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "derived", "relation"],
                condition=models.Q(held_until=None),
                name="derivation_holds_once",
            ),
            models.CheckConstraint(condition=~models.Q(source=models.F("derived")), name="derivation_is_no_self_edge"),
            models.CheckConstraint(
                condition=models.Q(held_until=None) | models.Q(held_until__gte=models.F("held_from")),
                name="derivation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
