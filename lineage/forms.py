"""What readers may ask of the pages, checked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lineage.corpora.sample import LONGEST as LONGEST_CODES
from lineage.corpora.sample import MOST as MOST_CODED
from lineage.family import CHILDREN_SHOWN, NODES_DRAWN
from lineage.labels import DERIVATIVES, choices
from lineage.search import Narrow
from lineage.trace import Filters
from lineage.tracing import Order
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation

LONGEST_TEXT = 200  # characters; the Hub's longest ids have 193
DEEPEST = 1000  # steps one may ask for: more than any line of the Hub has
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)  # days one may ask about
ORDERS = [
    (Order.DEPTH.value, _("nearest first")),
    (Order.DOWNLOADS.value, _("most downloaded first")),
    (Order.LIKES.value, _("most liked first")),
    (Order.NEWEST.value, _("newest first")),
]
LEVELS = [("1", _("one generation")), ("3", _("three generations")), ("all", _("all generations"))]
DEEPEST_TREE = 50  # generations below one artifact that are opened at once; the number of nodes is bounded before that
# The relations by which an artifact can be made from another of its kind.
KIN: Mapping[Kind, Sequence[Relation]] = {
    Kind.MODEL: [
        Relation.FINETUNE,
        Relation.ADAPTER,
        Relation.QUANTIZED,
        Relation.MERGE,
        Relation.UNSPECIFIED,
    ],
    Kind.DATASET: [Relation.EXTENDED_FROM],
}


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
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("models and datasets")), *choices(Kind)], required=False)
    task = forms.ChoiceField(label=_("Task"), required=False)
    license = forms.ChoiceField(label=_("Licence"), required=False)
    library = forms.ChoiceField(label=_("Library"), required=False)
    since = forms.TypedChoiceField(label=_("Created since"), coerce=int, empty_value=None, required=False)

    @classmethod
    def offering(cls, words: Mapping[str, Sequence[str]], typed: Mapping[str, object] | None = None) -> Self:
        """The form with these words to choose from, by the name of their field; filled with what was `typed`."""
        form = cls(typed)
        _offer(form, words)
        return form

    def narrow(self) -> Narrow:
        """What is asked besides the text. For a valid form."""
        asked = {name: self.cleaned_data[name] for name in ("kind", "task", "license", "library", "since")}
        return Narrow(**asked)


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
    presence = forms.ChoiceField(label=_("Presence"), choices=[("", _("any")), *choices(Presence)], required=False)
    order = forms.ChoiceField(label=_("Sorted by"), choices=ORDERS, required=False)
    day = forms.DateField(
        label=_("As it was known on"),
        help_text=_("Empty: today."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )
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
        filled = QueryDict(mutable=True)
        for name in cls.base_fields:
            if name in asked:
                filled.setlist(name, asked.getlist(name))
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

    def asked_day(self) -> date | None:
        """The day in the past that is asked about; None for the present. For a valid form."""
        return cast("date | None", self.cleaned_data["day"])

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
            presences=frozenset([Presence(asked["presence"])] if asked["presence"] else []),
        )


class TreeForm(forms.Form):
    """How much of a family is drawn, in the address. Odd values count as none given."""

    levels = forms.ChoiceField(label=_("Open below it"), choices=LEVELS, required=False)
    fold = forms.MultipleChoiceField(
        label=_("Fold away"), choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def of_address(cls, asked: QueryDict, kind: Kind) -> Self:
        """The form as an address fills it, for the family of an artifact of this kind."""
        known = [relation for relation in asked.getlist("fold") if relation in KIN[kind]]
        levels = asked.get("levels", "")
        form = cls({"levels": levels if levels in dict(LEVELS) else "1", "fold": known})
        field = cast("forms.MultipleChoiceField", form.fields["fold"])
        field.choices = [(relation.value, DERIVATIVES[relation]) for relation in KIN[kind]]
        form.full_clean()
        return form

    def asked_levels(self) -> int:
        """Generations open below the artifact."""
        levels: str = self.cleaned_data["levels"]
        return DEEPEST_TREE if levels == "all" else int(levels)

    def asked_children(self) -> int:
        """How many children of one branch are drawn at most."""
        return NODES_DRAWN if self.cleaned_data["levels"] == "all" else CHILDREN_SHOWN

    def folded(self) -> frozenset[Relation]:
        """The relations whose derivatives are counted and not drawn."""
        return frozenset(Relation(word) for word in self.cleaned_data["fold"])


class StatisticsForm(forms.Form):
    """Which period and family the statistics are of, in the address: a year and a key. Odd values count as none."""

    period = forms.ChoiceField(label=_("Created in"), required=False)
    family = forms.ChoiceField(label=_("Family"), required=False)

    @classmethod
    def of_address(cls, asked: QueryDict, periods: Sequence[str], families: Mapping[int, str]) -> Self:
        """The form as an address fills it; `families`: the names of the roots by their keys."""
        known = {"period": ["", *periods], "family": ["", *map(str, families)]}
        form = cls({name: asked.get(name, "") if asked.get(name, "") in known[name] else "" for name in known})
        years, roots = (cast("forms.ChoiceField", form.fields[name]) for name in ("period", "family"))
        years.choices = [("", _("all years")), *((year, year) for year in periods)]
        roots.choices = [("", _("the whole base")), *((str(key), name) for key, name in families.items())]
        form.full_clean()
        return form

    def asked(self) -> tuple[str, int]:
        """The year, "" for all; the key of the family's root, 0 for the whole base."""
        return self.cleaned_data["period"], int(self.cleaned_data["family"] or 0)


class CorpusForm(forms.Form):
    """A corpus to be frozen: what it is called, what it is about, and how many edges are drawn to be coded by hand."""

    title = forms.CharField(label=_("Title"), help_text=_("For yourself. Name no person."), max_length=120)
    kind = forms.ChoiceField(label=_("About"), choices=[("", _("models and datasets")), *choices(Kind)], required=False)
    presence = forms.ChoiceField(label=_("Presence"), choices=[("", _("any")), *choices(Presence)], required=False)
    family = forms.IntegerField(
        label=_("Key of the root of a family"),
        help_text=_("As in its address. Empty: all families."),
        min_value=1,
        max_value=2**63 - 1,
        required=False,
    )
    task = forms.ChoiceField(label=_("Task"), required=False)
    license = forms.ChoiceField(label=_("Licence"), required=False)
    library = forms.ChoiceField(label=_("Library"), required=False)
    since = forms.TypedChoiceField(label=_("Created since"), coerce=int, empty_value=None, required=False)
    until = forms.TypedChoiceField(label=_("Created until"), coerce=int, empty_value=None, required=False)
    sample = forms.IntegerField(
        label=_("Edges to code by hand"),
        help_text=_("Drawn at random into sample.csv. Empty: none."),
        min_value=1,
        max_value=MOST_CODED,
        required=False,
    )

    @classmethod
    def offering(cls, words: Mapping[str, Sequence[str]], typed: Mapping[str, object] | None = None) -> Self:
        """The form with these words to choose from, by the name of their field."""
        form = cls(typed)
        _offer(form, {**words, "until": words["since"]})
        return form

    def definition(self) -> dict[str, object]:
        """What is asked, without names; only what narrows it. For a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "title" and value}


class CodesForm(forms.Form):
    """The sample of a corpus, filled in."""

    filled = forms.FileField(
        label=_("sample.csv, filled in"),
        max_length=255,
        error_messages={"required": _("Choose the file sample.csv, filled in. No code was read.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_filled(self) -> "UploadedFile[Any]":
        """Raises ValidationError for a file that is no sample of ours."""
        filled: UploadedFile[Any] = self.cleaned_data["filled"]
        if (filled.size or 0) > LONGEST_CODES:
            raise forms.ValidationError(_("This file is bigger than any sample. No code was read."))
        return filled


def _offer(form: forms.Form, words: Mapping[str, Sequence[str]]) -> None:
    for name, offered in words.items():
        field = cast("forms.ChoiceField", form.fields[name])
        field.choices = [("", _("any")), *((word, word) for word in offered)]
