"""What readers may ask of the pages, checked."""

from typing import Self, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.trace import Filters
from lineage.tracing import Order
from lineage.vocabulary import Certainty, Direction, Kind, Relation

LONGEST_TEXT = 200  # characters; the Hub's longest ids have 193
DEEPEST = 1000  # steps one may ask for: more than any line of the Hub has
ORDERS = [
    (Order.DEPTH.value, _("nearest first")),
    (Order.DOWNLOADS.value, _("most downloaded first")),
    (Order.LIKES.value, _("most liked first")),
    (Order.NEWEST.value, _("newest first")),
]


class SearchForm(forms.Form):
    """Typed text, sent by POST: it may be a name."""

    text = forms.CharField(
        label=_("Name of a model, a dataset or an author"),
        help_text=_("A part of a name is enough; old names are found too."),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Type a part of a name, then search again."),
            "max_length": _("No name on the Hub is that long. Shorten it, then search again."),
        },
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class TraceForm(forms.Form):
    """The filters of a trace, in the address: words of the vocabulary and numbers, never a name."""

    direction = forms.ChoiceField(label=_("Direction"), choices=choices(Direction), required=False)
    certainty = forms.ChoiceField(
        label=_("Weakest link followed"),
        help_text=_("Links that an agent added are always followed."),
        choices=choices(Certainty)[1:],
        required=False,
    )
    depth = forms.IntegerField(
        label=_("Steps at most"),
        help_text=_("Empty: no limit."),
        min_value=1,
        max_value=DEEPEST,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Shown"), choices=[("", _("models and datasets")), *choices(Kind)], required=False)
    order = forms.ChoiceField(label=_("Sorted by"), choices=ORDERS, required=False)
    relation = forms.MultipleChoiceField(
        label=_("Relations followed"),
        help_text=_("None ticked: all."),
        choices=choices(Relation),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of_address(cls, asked: QueryDict) -> Self:
        """The form as an address fills it, with the defaults where it is silent, so that the fields show them."""
        filled = asked.copy()
        filled.setdefault("direction", Direction.DOWNSTREAM.value)
        filled.setdefault("certainty", Certainty.DECLARED.value)
        filled.setdefault("order", Order.DEPTH.value)
        return cls(filled)

    def asked_direction(self) -> Direction:
        """The way to walk; downstream unless asked otherwise. For a valid form."""
        return Direction(self.cleaned_data["direction"] or Direction.DOWNSTREAM)

    def asked_order(self) -> Order:
        """The order of the rows; nearest first unless asked otherwise. For a valid form."""
        return Order(self.cleaned_data["order"] or Order.DEPTH)

    def order_shown(self) -> str:
        """The order's words. For a valid form."""
        return str(dict(ORDERS)[self.asked_order().value])

    def filters(self) -> Filters:
        """The filters asked for. For a valid form."""
        asked = self.cleaned_data
        return Filters(
            relations=frozenset(Relation(word) for word in asked["relation"]),
            certainty=Certainty(asked["certainty"] or Certainty.DECLARED),
            kinds=frozenset([Kind(asked["kind"])] if asked["kind"] else []),
            depth=cast("int | None", asked["depth"]),
        )
