"""The statistics as they are read: one period, one family, labels in the reader's words and names."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lineage.labels import label
from lineage.models import Statistic
from lineage.naming import Viewer, names_by_key
from lineage.statistics.counting import DECLARES, DECLARES_NOTHING, NO_DATE
from lineage.statistics.tally import ALL_PERIODS, WHOLE
from lineage.vocabulary import Measure, Relation

NAMING = {Measure.FAMILIES, Measure.USED, Measure.TOGETHER}  # their labels are keys of artifacts
WORDS = {
    DECLARES: gettext_lazy("declares a source"),
    DECLARES_NOTHING: gettext_lazy("declares nothing usable"),
    NO_DATE: gettext_lazy("date not known"),
    "accounts": gettext_lazy("accounts that own a model"),
    "models_gini": gettext_lazy("models: Gini index (0: evenly, 1: all in one account)"),
    "models_top_10": gettext_lazy("models: share of the ten biggest accounts"),
    "models_top_percent": gettext_lazy("models: share of the biggest hundredth of the accounts"),
    "downloads_gini": gettext_lazy("downloads: Gini index (0: evenly, 1: all in one account)"),
    "downloads_top_10": gettext_lazy("downloads: share of the ten biggest accounts"),
    "downloads_top_percent": gettext_lazy("downloads: share of the biggest hundredth of the accounts"),
}
WORDED = {Measure.SOURCES, Measure.MODELS, Measure.DATASETS, Measure.CONCENTRATION}


@dataclass(frozen=True, slots=True)
class Line:
    """One label with its number. `share` of the total, None where the numbers are no parts of one; `keys` it names."""

    text: str
    number: float
    share: float | None
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One measure as it is told; `others`: the sum of the labels left out, `left_out`: how many they are."""

    measure: Measure
    lines: Sequence[Line]
    total: int
    others: int
    left_out: int

    @property
    def keys(self) -> set[int]:
        """The artifacts that it names."""
        return {key for line in self.lines for key in line.keys}


def tables(viewer: Viewer, *, period: str = ALL_PERIODS, family: int = WHOLE) -> list[Table]:
    """Every measure that has something to tell, in their order. One query, and one for the names."""
    stored = {row.measure: row for row in Statistic.objects.of(period=period, family_key=family)}
    names = names_by_key({key for row in stored.values() for key in _cited(row)}, viewer)
    return [_told(measure, stored[measure], names) for measure in Measure if measure in stored]


def table(measure: Measure, viewer: Viewer, *, period: str = ALL_PERIODS, family: int = WHOLE) -> Table | None:
    """One measure; None where nothing was counted."""
    row = Statistic.objects.of(period=period, family_key=family).filter(measure=measure).first()
    return _told(measure, row, names_by_key(_cited(row), viewer)) if row else None


def periods() -> list[str]:
    """The years of which something was counted, latest first."""
    years = Statistic.objects.filter(family_key=WHOLE).exclude(period=ALL_PERIODS)
    return sorted(set(years.values_list("period", flat=True)), reverse=True)


def families() -> list[int]:
    """The keys of the roots of the families that are counted apart, biggest first."""
    biggest = Statistic.objects.of(period=ALL_PERIODS, family_key=WHOLE).filter(measure=Measure.FAMILIES).first()
    apart = set(Statistic.objects.exclude(family_key=WHOLE).values_list("family_key", flat=True).distinct())
    return [int(key) for key, _number in (biggest.counts if biggest else []) if int(key) in apart]


def offered() -> dict[str, list[str]]:
    """The words by which a search can be narrowed: the most frequent, and the years; none before the first harvest."""
    asked = {Measure.TASKS: "task", Measure.LICENCES: "license", Measure.LIBRARIES: "library"}
    rows = Statistic.objects.of(period=ALL_PERIODS, family_key=WHOLE).filter(measure__in=asked)
    words = {asked[Measure(row.measure)]: [text for text, _number in row.counts if text] for row in rows}
    return {field: [] for field in asked.values()} | words | {"since": periods()}


def about(keys: Collection[int]) -> Iterator[Statistic]:
    """The statistics that cite any of these artifacts, or are of a family of which one is the root."""
    sought = frozenset(keys)
    rows = Statistic.objects.filter(Q(measure__in=NAMING) | Q(family_key__in=sought)).order_by("pk")
    for row in rows.iterator() if sought else ():
        if row.family_key in sought or not sought.isdisjoint(_cited(row)):
            yield row


def _cited(row: Statistic) -> Collection[int]:
    """The keys of the artifacts that its labels name."""
    if row.measure not in NAMING:
        return ()
    return {int(key) for text, _number in row.counts for key in text.split()}


def _told(measure: Measure, row: Statistic, names: Mapping[int, str]) -> Table:
    parts = measure != Measure.CONCENTRATION
    total = int(sum(number for _text, number in row.counts)) + row.others if parts else 0
    lines = [
        Line(
            text=_words(measure, text, names),
            number=number,
            share=number / total if total else None,
            keys=tuple(map(int, text.split())) if measure in NAMING else (),
        )
        for text, number in row.counts
    ]
    return Table(measure, lines, total, row.others, row.labels - len(lines))


def _words(measure: Measure, text: str, names: Mapping[int, str]) -> str:
    if measure in NAMING:
        return " + ".join(names[int(key)] for key in text.split())
    if measure == Measure.RELATIONS:
        return str(label(Relation(text)))
    if measure == Measure.DRIFT:
        return " → ".join(part or _("none declared") for part in text.split(" → "))
    if measure in WORDED:
        return str(WORDS.get(text, text))
    return text or _("none declared")
