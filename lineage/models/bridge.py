"""Edges that go through an element that is no longer there: kept like staff's verdicts, beyond any harvest."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.models.artifact import Artifact
from lineage.vocabulary import Certainty


class Bridge(models.Model):
    """`derived` was made from `source` through an element not shown, of which nothing else is kept."""

    source = models.ForeignKey(  # found by the unique constraint's index, which begins with it
        Artifact, models.CASCADE, db_index=False, related_name="+", help_text=_("What it was made from.")
    )
    derived = models.ForeignKey(Artifact, models.CASCADE, related_name="bridges", help_text=_("What was made from it."))
    certainty = models.CharField(
        _("certainty"),
        max_length=10,
        choices=choices(Certainty),
        help_text=_("Of the surest way through, the weakest step."),
    )
    held_from = models.DateTimeField(_("held from"), help_text=_("Since when the whole way was known."))
    made_at = models.DateTimeField(_("made at"), help_text=_("When the element between the two was removed."))

    class Meta:
        verbose_name = _("bridge")
        verbose_name_plural = _("bridges")
        constraints = [
            models.UniqueConstraint(fields=["source", "derived"], name="bridge_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("derived")), name="bridge_is_no_self_edge"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.derived_id} (bridge)"
