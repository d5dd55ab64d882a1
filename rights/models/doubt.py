"""Names of others that merely contain an erased pseudonym: for a person to decide, never for a rule."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NameDoubt(models.Model):
    """An artifact of somebody else whose name holds what an erasure looked for. Cited by its key only."""

    reference = models.CharField(_("reference"), max_length=64, help_text=_("Opaque reference of the case."))
    artifact_key = models.BigIntegerField(_("artifact"), help_text=_("Key of the artifact whose name is in doubt."))
    raised_at = models.DateTimeField(_("raised at"), help_text=_("When the erasure found it."))

    class Meta:
        verbose_name = _("name in doubt")
        verbose_name_plural = _("names in doubt")
        permissions = [("decide_namedoubt", "Decides about names in doubt")]
        constraints = [models.UniqueConstraint(fields=["reference", "artifact_key"], name="name_doubt_once")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
