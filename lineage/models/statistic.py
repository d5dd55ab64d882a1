"""What was counted of the whole genealogy after the latest harvest: totals, without any name."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.vocabulary import Measure

WHOLE = 0  # the family key of what counts every family


class StatisticQuerySet(models.QuerySet["Statistic"]):
    def of(self, *, period: str, family_key: int) -> Self:
        """Those of one period ("" for all) and one family (`WHOLE` for all)."""
        return self.filter(period=period, family_key=family_key)


class Statistic(models.Model):
    """One measure of one period and one family. All are counted anew after each harvest."""

    measure = models.CharField(_("measure"), max_length=16, choices=choices(Measure), help_text=_("What was counted."))
    period = models.CharField(
        _("period"), max_length=4, blank=True, help_text=_("Year of creation of what was counted; empty for all.")
    )
    family_key = models.BigIntegerField(
        _("family"), default=WHOLE, help_text=_("Key of the root of the family; 0 for the whole base.")
    )
    counts = models.JSONField(
        _("counts"),
        default=list,
        help_text=_(
            "Pairs of a label and its number, in order; a label is a word of a card, a month, or keys of artifacts."
        ),
    )
    others = models.BigIntegerField(_("others"), default=0, help_text=_("The sum of the labels that are not kept."))
    labels = models.BigIntegerField(_("labels"), default=0, help_text=_("How many different labels there are in all."))
    as_of = models.DateTimeField(_("as of"), help_text=_("Start of the harvest after which it was counted."))

    objects = StatisticQuerySet.as_manager()

    class Meta:
        verbose_name = _("statistic")
        verbose_name_plural = _("statistics")
        constraints = [
            models.UniqueConstraint(fields=["family_key", "period", "measure"], name="statistic_is_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.family_key} in {self.period or 'all'}"
