"""Whom to read anew should something that was purged come back: fingerprints only, no name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.models.artifact import Artifact


class Departed(models.Model):
    """`derived` named an artifact that left the Hub and was contracted away."""

    name = models.CharField(
        _("fingerprint of the name"), max_length=64, help_text=_("Keyed digest of the kind and the repository id.")
    )
    owner = models.CharField(
        _("fingerprint of the owner"),
        max_length=64,
        db_index=True,
        help_text=_("Keyed digest of its account, by which an erasure finds it."),
    )
    derived = models.ForeignKey(
        Artifact, models.CASCADE, related_name="+", help_text=_("What named it, and is read anew if it comes back.")
    )
    latest_key = models.BigIntegerField(
        _("latest key"), help_text=_("Key of the newest artifact at the time: what comes back bears a greater one.")
    )

    class Meta:
        verbose_name = _("trace of what left")
        verbose_name_plural = _("traces of what left")
        constraints = [models.UniqueConstraint(fields=["name", "derived"], name="departed_once")]

    def __str__(self) -> str:
        return f"departed {self.pk}"
