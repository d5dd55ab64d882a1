"""What staff decided about edges and aliases: kept apart from what harvests say, and stronger."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.models.artifact import Artifact
from lineage.vocabulary import Kind, Relation


class Decision(models.TextChoices):
    ADD = "add", _("add")
    REJECT = "reject", _("reject")


class DerivationVerdict(models.Model):
    """Staff add an edge, or reject one whatever the cards say."""

    source = models.ForeignKey(Artifact, models.CASCADE, related_name="+", help_text=_("What it was made from."))
    derived = models.ForeignKey(Artifact, models.CASCADE, related_name="+", help_text=_("What was made from it."))
    relation = models.CharField(
        _("relation"),
        max_length=16,
        choices=choices(Relation),
        blank=True,
        help_text=_("The relation meant; empty on a rejection means every relation between the two."),
    )
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices, help_text=_("Add or reject."))
    reason = models.TextField(_("reason"), max_length=2000, help_text=_("Why, with the source. Name no person here."))
    decided_at = models.DateTimeField(_("decided at"), help_text=_("When it was decided."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text=_("Who decided.")
    )

    class Meta:
        verbose_name = _("verdict on a derivation")
        verbose_name_plural = _("verdicts on derivations")
        constraints = [
            models.UniqueConstraint(fields=["source", "derived", "relation"], name="derivation_verdict_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("derived")), name="derivation_verdict_is_no_self_edge"
            ),
            models.CheckConstraint(
                condition=models.Q(decision=Decision.REJECT) | ~models.Q(relation=""),
                name="derivation_verdict_added_has_relation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class AliasVerdict(models.Model):
    """Staff say what an old name means, or that it does not mean what cards say."""

    kind = models.CharField(_("kind"), max_length=8, choices=choices(Kind), help_text=_("What the name names."))
    name = models.CharField(_("old name"), max_length=256, help_text=_("The old or short id, exactly."))
    artifact = models.ForeignKey(
        Artifact,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("What it means; empty on a rejection."),
    )
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices, help_text=_("Add or reject."))
    reason = models.TextField(_("reason"), max_length=2000, help_text=_("Why, with the source. Name no person here."))
    decided_at = models.DateTimeField(_("decided at"), help_text=_("When it was decided."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text=_("Who decided.")
    )

    class Meta:
        verbose_name = _("verdict on an alias")
        verbose_name_plural = _("verdicts on aliases")
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="alias_verdict_once"),
            models.CheckConstraint(
                condition=models.Q(decision=Decision.ADD, artifact__isnull=False)
                | models.Q(decision=Decision.REJECT, artifact=None),
                name="alias_verdict_added_means_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
