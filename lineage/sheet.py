"""Everything the page of one artifact says, gathered in a bounded number of queries and named for its viewer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.conf import settings

from lineage import graph
from lineage.family import Branch, family_tree
from lineage.models import Alias, Artifact, Mention
from lineage.naming import Viewer, author_name, is_clear, names_by_key, repo_ids_shown
from lineage.relatives import Relatives, reach, relatives
from lineage.vocabulary import Direction, Kind

DERIVATIVES_SHOWN = 10  # of each relation
SOURCES_SHOWN = 25
MENTIONS_SHOWN = 100
ALIASES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of one artifact. `names`: by key, of every artifact cited; `texts`: old and mentioned ids as shown.

    `hub_address` is "" where the name is masked or the Hub has no address over https. `mentions`: each
    with the key of the artifact it means, None where it means none. `ancestors`, `descendants`: how many a trace with its default filters finds.
    """

    artifact: Artifact
    name: str
    author: str
    hub_address: str
    as_of: datetime | None
    sources: Sequence[Relatives]
    derivatives: Sequence[Relatives]
    ancestors: int
    descendants: int
    tree: Sequence[Branch]
    aliases: Sequence[Alias]
    mentions: Sequence[tuple[Mention, int | None]]
    names: Mapping[int, str]
    texts: Mapping[str, str]


def sheet(artifact: Artifact, viewer: Viewer, opened: Collection[int] = ()) -> Sheet:
    """The page of `artifact`, with the branches of its family tree that are `opened` (keys)."""
    now = graph.current()
    sources = relatives(now, artifact.pk, Direction.UPSTREAM, limit=SOURCES_SHOWN)
    derivatives = relatives(now, artifact.pk, Direction.DOWNSTREAM, limit=DERIVATIVES_SHOWN)
    tree = family_tree(now, artifact, opened)
    mentions = list(artifact.mentions.order_by("field", "position", "target", "relation")[:MENTIONS_SHOWN])
    aliases = list(artifact.aliases.filter(held_until=None).order_by("name")[:ALIASES_SHOWN])
    meant = _meant(mentions)
    cited = {artifact.pk, *meant.values(), *(branch.artifact.pk for branch in tree)}
    cited.update(relative.key for group in (*sources, *derivatives) for relative in group.shown)
    names = names_by_key(cited, viewer)
    return Sheet(
        artifact=artifact,
        name=names[artifact.pk],
        author=author_name(artifact.author, viewer) if artifact.author else "",
        hub_address=hub_address(artifact) if is_clear(artifact.repo_id, names[artifact.pk]) else "",
        as_of=now.as_of,
        sources=sources,
        derivatives=derivatives,
        ancestors=reach(now, artifact.pk, Direction.UPSTREAM),
        descendants=reach(now, artifact.pk, Direction.DOWNSTREAM),
        tree=tree,
        aliases=aliases,
        mentions=[(said, meant.get(said.pk)) for said in mentions],
        names=names,
        texts=repo_ids_shown([*(alias.name for alias in aliases), *(said.target for said in mentions)], viewer),
    )


def hub_address(artifact: Artifact) -> str:
    """Where the Hub shows it; "" for what it does not list, and where the configured Hub is not served over https."""
    endpoint: str = settings.HF_ENDPOINT
    if not endpoint.startswith("https://"):
        return ""
    folder = "datasets/" if artifact.kind == Kind.DATASET else ""
    return f"{endpoint}/{folder}{quote(artifact.repo_id)}"


def _meant(mentions: Iterable[Mention]) -> dict[int, int]:
    """The artifact that each mention means, by the mention's key: by a live alias, else by its name today."""
    named = {(said.target_kind, said.target) for said in mentions}
    targets = [name for _, name in named]
    bearers = Artifact.objects.standing().shown().filter(repo_id__in=targets).values_list("kind", "repo_id", "pk")
    aliases = Alias.objects.live().filter(name__in=targets).values_list("kind", "name", "artifact")
    keys = {(kind, name): key for kind, name, key in (*bearers, *aliases)}
    return {
        said.pk: keys[said.target_kind, said.target] for said in mentions if (said.target_kind, said.target) in keys
    }
