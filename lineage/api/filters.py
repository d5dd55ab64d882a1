"""What lists may be asked for. Words of the vocabulary, keys, dates and facts; never a name."""

from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField
from drf_spectacular.drainage import set_override

from lineage.labels import choices
from lineage.models import Alias, Artifact, Author, Derivation, WeeklyCounter
from lineage.vocabulary import AccountKind, AliasOrigin, Certainty, Kind, Presence, Relation

GREATEST_KEY = 2**63 - 1
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
FREE_TEXTS = ("license", "task", "library", "language")  # not written into the log of reads
PLAIN = r"^[^\x00-\x20\x7f]+$"  # neither blanks nor what no database takes
HELD = [("now", _("edges that hold now")), ("ever", _("past ones too"))]
GATED = [("auto", _("granted at once")), ("manual", _("granted by hand")), ("open", _("open to all"))]


class KeyFilter(filters.Filter):  # type: ignore[misc]  # the library has no types
    """A key of one of our rows."""

    field_class = forms.IntegerField


class MomentField(IsoDateTimeField):  # type: ignore[misc]
    """A moment, in UTC: PostgreSQL takes no offset of sixteen hours or more, RFC 3339 takes all below a day."""

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError:  # within a day of the first or last moment there is
            return FIRST if moment and moment.year == 1 else LAST


class MomentFilter(filters.Filter):  # type: ignore[misc]
    """A moment by ISO 8601."""

    field_class = MomentField


def _key(field: str, words: Any) -> filters.Filter:
    found = KeyFilter(field_name=field, label=words, min_value=1, max_value=GREATEST_KEY)
    return _described(found, words, type="integer", minimum=1, maximum=GREATEST_KEY)


def _text(longest: int, words: Any, **more: Any) -> filters.Filter:
    """A fact that a card declares, exactly."""
    exactly = RegexValidator(PLAIN.replace("$", r"\Z"))
    found = filters.CharFilter(max_length=longest, label=words, strip=False, validators=[exactly], **more)
    return _described(found, words, type="string", minLength=1, maxLength=longest, pattern=PLAIN)


def _moment(words: Any, **more: Any) -> filters.Filter:
    return _described(MomentFilter(label=words, **more), words, type="string", format="date-time")


def _described(found: filters.Filter, words: Any, **schema: object) -> filters.Filter:
    """Say exactly what a filter takes: guessed from its class, the description would promise more."""
    set_override(found, "field", {**schema, "description": words})
    return found


class ArtifactFilter(filters.FilterSet):  # type: ignore[misc]
    """Of artifacts."""

    kind = filters.ChoiceFilter(choices=choices(Kind), label=_("Model or dataset."))
    presence = filters.ChoiceFilter(
        choices=choices(Presence), label=_("Listed on the Hub, no longer listed, or only ever named on other cards.")
    )
    author = _key("author", _("Key of the author that owns it."))
    family = _key("family", _("Key of the root of its family."))
    license = _text(128, _("Licence, exactly as the card declares it."))
    task = _text(64, _("Task, exactly."))
    library = _text(64, _("Library, exactly."))
    language = _text(16, _("A language code the card declares."), method="of_language")
    gated = filters.ChoiceFilter(choices=GATED, method="of_access", label=_("How access is granted on the Hub."))
    created_from = _moment(_("Created on the Hub at this moment or later."), field_name="created_at", lookup_expr="gte")
    created_before = _moment(_("Created on the Hub before this moment."), field_name="created_at", lookup_expr="lt")
    modified_from = _moment(_("Last commit at this moment or later."), field_name="modified_at", lookup_expr="gte")
    modified_before = _moment(_("Last commit before this moment."), field_name="modified_at", lookup_expr="lt")

    class Meta:
        model = Artifact
        fields: list[str] = []

    def of_language(self, rows: QuerySet[Artifact], name: str, value: str) -> QuerySet[Artifact]:
        """Those whose list of codes holds this one."""
        quoted = '"' + value.replace("\\", "").replace('"', "") + '"'
        return rows.annotate(codes=Cast("languages", TextField())).filter(codes__contains=quoted)

    def of_access(self, rows: QuerySet[Artifact], name: str, value: str) -> QuerySet[Artifact]:
        """An empty column means open."""
        return rows.filter(gated="" if value == "open" else value)


class DerivationFilter(filters.FilterSet):  # type: ignore[misc]
    """Of edges."""

    source = _key("source", _("Key of what it was made from."))
    derived = _key("derived", _("Key of what was made from it."))
    relation = filters.ChoiceFilter(choices=choices(Relation), label=_("How it was made."))
    certainty = filters.ChoiceFilter(choices=choices(Certainty), label=_("How the edge is known."))
    kind = filters.ChoiceFilter("derived__kind", choices=choices(Kind), label=_("Kind of what was made."))
    held = filters.ChoiceFilter(choices=HELD, method="of_time", label=_("Without it, edges that hold now."))
    at = _moment(_("Edges that held at this moment, in place of “held”."), method="at_moment")

    class Meta:
        model = Derivation
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Edges that hold now, unless asked otherwise."""
        asked = self.form.cleaned_data
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if asked.get("held") == "ever" or asked.get("at") else rows.filter(held_until=None)

    def of_time(self, rows: QuerySet[Derivation], name: str, value: str) -> QuerySet[Derivation]:
        """Left to `filter_queryset`, which knows whether a moment was asked for."""
        return rows

    def at_moment(self, rows: QuerySet[Derivation], name: str, value: Any) -> QuerySet[Derivation]:
        """Begun by then, and not ended yet."""
        return rows.filter(Q(held_until=None) | Q(held_until__gt=value), held_from__lte=value)


class AuthorFilter(filters.FilterSet):  # type: ignore[misc]
    """Of authors."""

    kind = filters.ChoiceFilter(choices=choices(AccountKind), label=_("Person or organisation; unknown until asked."))

    class Meta:
        model = Author
        fields: list[str] = []


class FamilyFilter(filters.FilterSet):  # type: ignore[misc]
    """Of families."""

    kind = filters.ChoiceFilter(choices=choices(Kind), label=_("Kind of the root."))

    class Meta:
        model = Artifact
        fields: list[str] = []


class AliasFilter(filters.FilterSet):  # type: ignore[misc]
    """Of old names."""

    kind = filters.ChoiceFilter(choices=choices(Kind), label=_("What the name names."))
    origin = filters.ChoiceFilter(choices=choices(AliasOrigin), label=_("Who says so."))
    artifact = _key("artifact", _("Key of what it means."))
    held = filters.ChoiceFilter(
        choices=[("now", _("names that are live now")), ("ever", _("past ones too"))],
        method="of_time",
        label=_("Without it, names that are live now."),
    )

    class Meta:
        model = Alias
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Live ones, unless asked otherwise."""
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("held") == "ever" else rows.filter(held_until=None)

    def of_time(self, rows: QuerySet[Alias], name: str, value: str) -> QuerySet[Alias]:
        """Left to `filter_queryset`."""
        return rows


class WeeklyCounterFilter(filters.FilterSet):  # type: ignore[misc]
    """Of weekly counters."""

    artifact = _key("artifact", _("Key of the artifact."))
    week_from = filters.DateFilter("week", "gte", label=_("Weeks that begin on this day or later."))
    week_before = filters.DateFilter("week", "lt", label=_("Weeks that begin before this day."))

    class Meta:
        model = WeeklyCounter
        fields: list[str] = []


def told(filled: filters.FilterSet | None) -> dict[str, object]:
    """What was asked, for the log of reads: words, keys and dates; of a free text only that there was one."""
    if filled is None or not filled.form.is_bound:
        return {}
    asked = {name: value for name, value in filled.form.cleaned_data.items() if value not in (None, "")}
    return {name: True if name in FREE_TEXTS else str(value) for name, value in asked.items()}
