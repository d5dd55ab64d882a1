"""The statistics of the whole base, or of one year or family."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from lineage.api.filters import GREATEST_KEY
from lineage.api.operation import Operation
from lineage.api.schema import described
from lineage.labels import choices
from lineage.statistics import telling
from lineage.statistics.tally import ALL_PERIODS, WHOLE
from lineage.vocabulary import Measure

YEAR = r"^[12][0-9]{3}$"


class StudyForm(forms.Form):
    """What is asked of the statistics."""

    year = forms.RegexField(YEAR.replace("$", r"\Z"), required=False)
    family = forms.IntegerField(min_value=1, max_value=GREATEST_KEY, required=False)
    measure = forms.ChoiceField(choices=choices(Measure), required=False)


class LineShape(serializers.Serializer[Any]):
    """One label with its number."""

    label = serializers.CharField(help_text=_("As the page has it, names as whoever asks may read them."))  # type: ignore[assignment]
    number = serializers.FloatField(help_text=_("A count, or a share or index where the label says so."))
    share = serializers.FloatField(
        allow_null=True, help_text=_("Of the total; null where numbers are no parts of one.")
    )
    artifacts = serializers.ListField(child=serializers.IntegerField(), help_text=_("Keys of what the label names."))


class TableShape(serializers.Serializer[Any]):
    """One measure."""

    measure = serializers.ChoiceField(choices(Measure), help_text=_("What is counted."))
    total = serializers.IntegerField(help_text=_("Of all labels, those left out included."))
    others = serializers.IntegerField(help_text=_("What the labels left out add up to."))
    left_out = serializers.IntegerField(help_text=_("How many labels are left out."))
    lines = LineShape(many=True, help_text=_("The labels that are told, in the order of the page."))


class StudyShape(serializers.Serializer[Any]):
    """The statistics of one period and family."""

    year = serializers.CharField(allow_blank=True, help_text=_("Year of creation; empty for all."))
    family = serializers.IntegerField(allow_null=True, help_text=_("Key of the root of a family; null for all."))
    tables = TableShape(many=True, help_text=_("One a measure that has something to tell."))


@described(
    "statistics",
    _("Statistics of the base"),
    _(
        "Counted after each harvest, the same as on the page. "
        "A year or family of which nothing was counted gives no tables."
    ),
    answers=StudyShape,
    parameters=[
        OpenApiParameter(
            "year", {"type": "string", "pattern": YEAR}, description=_("Year of creation; all without it.")
        ),
        OpenApiParameter(
            "family",
            {"type": "integer", "minimum": 1, "maximum": GREATEST_KEY},
            description=_("Key of the root of a family that is counted apart."),
        ),
        OpenApiParameter(
            "measure",
            {"type": "string", "enum": [word.value for word in Measure]},
            description=_("One measure; all without it."),
        ),
    ],
)
class Study(Operation):
    """Every measure that has something to tell."""

    takes = ("year", "family", "measure")

    def get(self, request: Request) -> Response:
        """The tables asked for; recorded, for families and datasets are named."""
        asked = StudyForm(request.query_params)
        if not asked.is_valid():
            raise ValidationError({name: list(map(str, texts)) for name, texts in asked.errors.items()})
        year, family, measure = (asked.cleaned_data[name] for name in ("year", "family", "measure"))
        told = telling.tables(self.viewer, period=year or ALL_PERIODS, family=family or WHOLE)
        tables = [table for table in told if not measure or table.measure == measure]
        shown = {key for table in tables for key in table.keys}
        self.record(shown, {"year": year, "family": family, "measure": measure}, reference="statistics")
        return Response(
            {
                "year": year,
                "family": family,
                "tables": [
                    {
                        "measure": table.measure.value,
                        "total": table.total,
                        "others": table.others,
                        "left_out": table.left_out,
                        "lines": [
                            {"label": line.text, "number": line.number, "share": line.share, "artifacts": line.keys}
                            for line in table.lines
                        ],
                    }
                    for table in tables
                ],
            }
        )
