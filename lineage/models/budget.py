"""How many requests the Hub still allows, shared by all workers where there is no Redis."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HubBudget(models.Model):
    """One row: what is left of the Hub's present window."""

    left = models.IntegerField(_("left"), help_text=_("Requests that may still be sent in this window."))
    until = models.DateTimeField(_("until"), help_text=_("When the Hub counts anew."))

    class Meta:
        verbose_name = _("budget of requests")
        verbose_name_plural = _("budget of requests")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="hub_budget_is_one_row")]

    def __str__(self) -> str:
        return f"{self.left} requests left"
