"""Counts everything anew: of the whole base and of its biggest families, for all years and for each.

Only what the Hub lists and may be shown is counted; edges that a rule assumed are not.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractYear, TruncMonth

from lineage.models import Artifact, Derivation, Statistic
from lineage.statistics.concentration import indicators
from lineage.statistics.generations import depths
from lineage.statistics.pairs import together
from lineage.statistics.tally import ALL_PERIODS, WHOLE, Group, Kept, Row, gathered, greatest, in_order
from lineage.vocabulary import Certainty, Kind, Measure, Presence, Relation

FAMILIES_KEPT = 30  # of which everything is counted apart
BATCH = 500  # rows written at once
NO_DATE = "unknown"
DECLARES, DECLARES_NOTHING = "declares", "nothing"

Rows = QuerySet[Any, Any]


@transaction.atomic
def renew(*, as_of: datetime) -> int:
    """Replace every statistic by what the genealogy holds now, after the harvest that started at `as_of`.

    Returns how many rows were written.
    """
    families = biggest_families()
    counted = [
        Statistic(
            measure=measure,
            period=period,
            family_key=family,
            counts=kept.counts,
            others=kept.others,
            labels=kept.labels,
            as_of=as_of,
        )
        for measure, (family, period), kept in _everything(families)
    ]
    Statistic.objects.all().delete()
    Statistic.objects.bulk_create(counted, batch_size=BATCH)
    return len(counted)


def models() -> Rows:
    """The models that count."""
    return _dated(Artifact.objects.listed().current().of_kind(Kind.MODEL))


def biggest_families() -> list[int]:
    """The keys of the roots of the families with most members, greatest first; only roots that may be shown."""
    sizes = models().filter(family__withheld_at=None).exclude(family=None).values("family").annotate(n=Count("pk"))
    return [row["family"] for row in sizes.order_by("-n", "family")[:FAMILIES_KEPT]]


def _everything(families: list[int]) -> Iterator[tuple[Measure, Group, Kept]]:
    by_word = {
        Measure.LICENCES: (models(), "license"),
        Measure.TASKS: (models(), "task"),
        Measure.LIBRARIES: (models(), "library"),
        Measure.RELATIONS: (_edges(), "relation"),
        Measure.SOURCES: (models().annotate(declares=_declares()), "declares"),
        Measure.USED: (_edges().filter(relation=Relation.TRAINED_ON, source__withheld_at=None), "source"),
    }
    for measure, (rows, column) in by_word.items():
        yield from _kept(measure, _by(rows, families, column), greatest)
    yield from _kept(Measure.MODELS, _by_month(models(), families), in_order)
    datasets = _dated(Artifact.objects.listed().current().of_kind(Kind.DATASET))
    yield from _kept(Measure.DATASETS, _by_month(datasets, families), in_order)
    yield from _kept(Measure.LANGUAGES, _by_language(families), greatest)
    yield from _kept(Measure.DRIFT, _by_drift(families), greatest)
    yield from _kept(Measure.FAMILIES, _by_family(), greatest)
    yield from _kept(Measure.DEPTH, _of(families, depths(models())), in_order)
    trained = _edges().filter(relation=Relation.TRAINED_ON, source__withheld_at=None)
    yield from _kept(Measure.TOGETHER, _of(families, together(trained)), greatest)
    yield from _concentrations(families)


def _kept(measure: Measure, rows: Iterable[Row], kept: Any) -> Iterator[tuple[Measure, Group, Kept]]:
    for group, counter in gathered(rows).items():
        yield measure, group, kept(counter)


def _dated(artifacts: Rows) -> Rows:
    dated: Rows = artifacts.annotate(year=ExtractYear("created_at", tzinfo=UTC))
    return dated


def _declares() -> Case:
    """Whether anything is known that it was made from, be it by a rule's assumption."""
    held = Derivation.objects.holding().filter(derived=OuterRef("pk"))
    return Case(When(Exists(held), then=Value(DECLARES)), default=Value(DECLARES_NOTHING))


def _edges() -> Rows:
    """The edges to the models that count, each with the year and family of its derived end."""
    edges = Derivation.objects.holding().exclude(certainty=Certainty.INFERRED)
    edges = edges.filter(
        derived__kind=Kind.MODEL,
        derived__presence=Presence.LISTED,
        derived__is_current=True,
        derived__superseded_by=None,
        derived__withheld_at=None,
    )
    return edges.annotate(year=ExtractYear("derived__created_at", tzinfo=UTC))


def _by(rows: Rows, families: list[int], *columns: str) -> Iterator[Row]:
    """Counts by one or several columns, joined into one label: of the whole, then of each family."""
    for family, year, label, number in _grouped(rows, families, *columns):
        yield family, year, " ".join(map(str, label)), number


def _grouped(rows: Rows, families: list[int], *columns: str) -> Iterator[tuple[int, int | None, tuple[Any, ...], int]]:
    column = "derived__family" if rows.model is Derivation else "family"
    for line in rows.values_list("year", *columns).annotate(n=Count("pk")).order_by():
        yield WHOLE, line[0], line[1:-1], line[-1]
    own = rows.filter(**{f"{column}__in": families})
    for line in own.values_list(column, "year", *columns).annotate(n=Count("pk")).order_by():
        yield line[0], line[1], line[2:-1], line[-1]


def _by_month(rows: Rows, families: list[int]) -> Iterator[Row]:
    dated = rows.annotate(month=TruncMonth("created_at", tzinfo=UTC))
    for family, year, (month,), number in _grouped(dated, families, "month"):
        yield family, year, month.strftime("%Y-%m") if month else NO_DATE, number


def _by_language(families: list[int]) -> Iterator[Row]:
    """A model of several languages counts once in each."""
    for family, year, (languages,), number in _grouped(models(), families, "languages"):
        for language in languages or [""]:
            yield family, year, str(language), number


def _by_drift(families: list[int]) -> Iterator[Row]:
    """The licence of the main source, an arrow, the licence of what was made from it. "" where none is declared."""
    drifting = models().filter(parent__presence=Presence.LISTED, parent__withheld_at=None)
    for family, year, (before, after), number in _grouped(drifting, families, "parent__license", "license"):
        yield family, year, f"{before} → {after}", number


def _by_family() -> Iterator[Row]:
    members = models().filter(family__withheld_at=None).exclude(family=None)
    for year, family, number in members.values_list("year", "family").annotate(n=Count("pk")).order_by():
        yield WHOLE, year, str(family), number


def _of(families: list[int], rows: Iterable[Row]) -> Iterator[Row]:
    """Each row for the whole, and once more for its family where that is counted apart."""
    apart = set(families)
    for family, year, label, number in rows:
        yield WHOLE, year, label, number
        if family in apart:
            yield family, year, label, number


def _concentrations(families: list[int]) -> Iterator[tuple[Measure, Group, Kept]]:
    owned = models().annotate(downloads=Coalesce("counter__downloads", 0))
    groups: dict[Group, dict[str, list[int]]] = {}

    def add(group: Group, owner: str, number: int, downloads: int) -> None:
        amounts = groups.setdefault(group, {}).setdefault(owner, [0, 0])
        amounts[0] += number
        amounts[1] += downloads

    lines = owned.values_list("year", "owner").annotate(n=Count("pk"), d=Sum("downloads")).order_by()
    own = owned.filter(family__in=families).values_list("family", "year", "owner")
    own = own.annotate(n=Count("pk"), d=Sum("downloads")).order_by()
    for family, year, owner, number, downloads in (*((WHOLE, *line) for line in lines.iterator()), *own):
        add((family, ALL_PERIODS), owner, number, downloads)
        if year is not None:
            add((family, str(year)), owner, number, downloads)
    for group, owners in groups.items():
        models_of, downloads_of = zip(*owners.values(), strict=True)
        told = indicators(models_of, downloads_of)
        yield Measure.CONCENTRATION, group, Kept(told, 0, len(told))
