"""Everything the page of one artifact says, gathered in a bounded number of queries and named for its viewer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from lineage import graph
from lineage.family import Branch, Scope, family_tree
from lineage.free_texts import Facts, facts_by_key
from lineage.models import Alias, Artifact, Mention, WeeklyCounter
from lineage.naming import Viewer, artifact_names, author_name, is_clear, names_and_ids, names_by_key
from lineage.relatives import Relatives, reach, relatives
from lineage.statistics import charts
from lineage.vocabulary import Direction, Kind

DERIVATIVES_SHOWN = 10  # of each relation
SOURCES_SHOWN = 25
MENTIONS_SHOWN = 100
ALIASES_SHOWN = 25
WEEKS_SHOWN = 52
FEWEST_WEEKS = 2  # of a curve


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of one artifact. `names`: by key, of every artifact cited; `texts`: old and mentioned ids as shown,
    `facts`: its free texts as shown.

    `hub_address` is "" where the name is masked or the Hub has no address over https. `mentions`: each with the key of
    the artifact it means, None where it means none. `ancestors`, `descendants`: how many a trace with its default
    filters finds.
    """

    artifact: Artifact
    facts: Facts
    name: str
    author: str
    hub_address: str
    as_of: datetime | None
    sources: Sequence[Relatives]
    derivatives: Sequence[Relatives]
    ancestors: int
    descendants: int
    weeks: Sequence[WeeklyCounter]
    tree: Sequence[Branch]
    aliases: Sequence[Alias]
    mentions: Sequence[tuple[Mention, int | None]]
    names: Mapping[int, str]
    texts: Mapping[str, str]

    @property
    def direct(self) -> int:
        """How many edges lead from it to its direct derivatives."""
        return sum(group.count for group in self.derivatives)

    @property
    def curves(self) -> dict[str, list[charts.Column]]:
        """Its weekly counters as columns, downloads and likes; nothing where there are fewer than two weeks."""
        if len(self.weeks) < FEWEST_WEEKS:
            return {}
        named = [(date_format(week.week, "SHORT_DATE_FORMAT"), week) for week in self.weeks]
        return {
            "downloads": charts.columns([(text, week.downloads) for text, week in named]),
            "likes": charts.columns([(text, week.likes) for text, week in named]),
        }


def sheet(artifact: Artifact, viewer: Viewer, opened: Collection[int] = ()) -> Sheet:
    """The page of `artifact`, with the branches of its family tree that are `opened` (keys)."""
    now = graph.current()
    sources = relatives(now, artifact.pk, Direction.UPSTREAM, limit=SOURCES_SHOWN)
    derivatives = relatives(now, artifact.pk, Direction.DOWNSTREAM, limit=DERIVATIVES_SHOWN)
    tree = family_tree(now, artifact, Scope(opened))
    mentions = list(_mentions(artifact).order_by("field", "position", "target", "relation")[:MENTIONS_SHOWN])
    aliases = list(artifact.aliases.filter(held_until=None).order_by("name")[:ALIASES_SHOWN])
    meant = {mention.pk: mention.meant for mention in mentions if mention.meant}
    cited = {artifact.pk, *meant.values(), *(branch.artifact.pk for branch in tree)}
    cited.update(source.key for branch in tree for source in branch.also)
    cited.update(relative.key for group in (*sources, *derivatives) for relative in group.shown)
    said = [*(alias.name for alias in aliases), *(mention.target for mention in mentions)]
    names, texts = names_and_ids(cited, said, viewer)
    return Sheet(
        artifact=artifact,
        facts=facts_by_key([artifact], viewer)[artifact.pk],
        name=names[artifact.pk],
        author=author_name(artifact.author, viewer) if artifact.author else "",
        hub_address=hub_address(artifact) if is_clear(artifact.repo_id, names[artifact.pk]) else "",
        as_of=now.as_of,
        sources=sources,
        derivatives=derivatives,
        ancestors=reach(now, artifact.pk, Direction.UPSTREAM),
        descendants=reach(now, artifact.pk, Direction.DOWNSTREAM),
        weeks=list(artifact.weekly_counters.order_by("-week")[:WEEKS_SHOWN])[::-1],
        tree=tree,
        aliases=aliases,
        mentions=[(mention, meant.get(mention.pk)) for mention in mentions],
        names=names,
        texts=texts,
    )


def branch_names(branches: Iterable[Branch], viewer: Viewer) -> dict[int, str]:
    """What the artifacts of a drawn family are called, and their other sources, by key."""
    branches = list(branches)
    also = {source.key for branch in branches for source in branch.also}
    return names_by_key(also, viewer) | artifact_names([branch.artifact for branch in branches], viewer)


def hub_address(artifact: Artifact) -> str:
    """Where the Hub shows it; "" for what it does not list, and where the configured Hub is not served over https."""
    endpoint: str = settings.HF_ENDPOINT
    if not endpoint.startswith("https://"):
        return ""
    folder = "datasets/" if artifact.kind == Kind.DATASET else ""
    return f"{endpoint}/{folder}{quote(artifact.repo_id)}"


def _mentions(artifact: Artifact) -> Any:
    """What its card says, each with the key of the artifact it means: by a live alias, else by its name today."""
    aliases = Alias.objects.live().filter(kind=OuterRef("target_kind"), name=OuterRef("target"))
    bearers = Artifact.objects.standing().shown().filter(kind=OuterRef("target_kind"), repo_id=OuterRef("target"))
    found = Coalesce(
        Subquery(aliases.values("artifact")[:1]), Subquery(bearers.values("pk")[:1]), output_field=BigIntegerField()
    )
    return artifact.mentions.annotate(meant=found)
