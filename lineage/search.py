"""Finding artifacts, authors and old names by a part of what they are called.

Each question to the database is bounded, so that a search costs about the same at a thousand rows and at millions: a
rare text is answered whole from the trigram index; of a common one the whole name itself, the most downloaded and some
others are found, and the answer says that there are more.

A viewer who does not see persons' names does not search in them either, and nothing is counted or ranked by them:
finding one would give it away.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Lower, StrIndex, Substr

from lineage.models import Alias, Artifact, Author, Counter
from lineage.models.artifact import ArtifactQuerySet
from lineage.naming import Viewer, artifact_names, repo_ids_shown
from lineage.vocabulary import Kind, Presence

SHOWN = 20  # artifacts of each kind
SHOWN_NAMES = 10  # authors, old names
CANDIDATES = 300  # matches looked at: a text with more is a common one
MOST_DOWNLOADED = 3_000  # artifacts among which a common text is sought
SHORTEST_WITHIN = 3  # characters: a shorter text is sought at the beginning of names only


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first. `more`: others match too, which a longer text would bring up."""

    models: list[Artifact]
    datasets: list[Artifact]
    authors: list[Author]
    old_names: list[Alias]
    more: bool

    @property
    def artifact_keys(self) -> list[int]:
        """The keys of every artifact found, by whatever name."""
        return [found.pk for found in (*self.models, *self.datasets)] + [alias.artifact_id for alias in self.old_names]

    def __bool__(self) -> bool:
        return bool(self.models or self.datasets or self.authors or self.old_names)


@dataclass(frozen=True, slots=True)
class Narrow:
    """What an artifact must be, besides its name; "" and None for whatever.

    `since`: the year of its creation or later.
    """

    kind: str = ""
    task: str = ""
    license: str = ""
    library: str = ""
    since: int | None = None

    def __bool__(self) -> bool:
        return any((self.kind, self.task, self.license, self.library, self.since))

    def applied(self, artifacts: ArtifactQuerySet) -> ArtifactQuerySet:
        """Those of the artifacts that are so."""
        words = {"kind": self.kind, "task": self.task, "license": self.license, "library": self.library}
        found = artifacts.filter(**{column: word for column, word in words.items() if word})
        return found.filter(created_at__gte=datetime(self.since, 1, 1, tzinfo=UTC)) if self.since else found


def search(text: str, viewer: Viewer, narrow: Narrow = Narrow()) -> Found:
    """What is called `text` or has it in its name, upper and lower case alike. `text` is not empty.

    Under a narrow search artifacts are found alone: no account or old name has a task or a licence. Artifacts carry
    `downloads` (0 where unknown), old names their artifact. At most about ten queries.
    """
    matches, more = _matches(text, narrow, viewer)
    names = artifact_names(matches, viewer)
    ranked = sorted(
        (artifact for artifact in matches if text.lower() in names[artifact.pk].lower()),
        key=lambda artifact: _rank(artifact, names[artifact.pk], text.lower()),
    )
    models, datasets = ([artifact for artifact in ranked if artifact.kind == kind] for kind in Kind)
    return Found(
        models=models[:SHOWN],
        datasets=datasets[:SHOWN],
        authors=[] if narrow else _authors(text, viewer),
        old_names=[] if narrow else _old_names(text, viewer),
        more=more or len(models) > SHOWN or len(datasets) > SHOWN,
    )


def _matches(text: str, narrow: Narrow, viewer: Viewer) -> tuple[list[Artifact], bool]:
    """The matching artifacts, or of a common text those worth showing; and whether there are others."""
    artifacts = _visibly_called(text, narrow.applied(Artifact.objects.standing().shown()), viewer)
    artifacts = artifacts.annotate(downloads=Coalesce("counter__downloads", 0))
    begins = Q(repo_id__istartswith=text) | Q(repo_id__icontains=f"/{text}")
    match = Q(indexed_name__name__holds=text) if len(text) >= SHORTEST_WITHIN else begins
    whole = list(artifacts.filter(match)[: CANDIDATES + 1])
    if len(whole) <= CANDIDATES:
        return whole, False
    # Keys, not a subquery: PostgreSQL would look through all that match before it looks at what is popular.
    popular = list(Counter.objects.order_by("-downloads").values_list("artifact", flat=True)[:MOST_DOWNLOADED])
    exact = artifacts.alias(folded=Lower("repo_id")).filter(kind__in=list(Kind), folded=text.lower())
    found = {
        artifact.pk: artifact for some in (whole, exact, artifacts.filter(match, pk__in=popular)) for artifact in some
    }
    return list(found.values()), True


def _visibly_called(text: str, artifacts: ArtifactQuerySet, viewer: Viewer) -> ArtifactQuerySet:
    """Without those of which only a masked owner has the text in its name, so that they do not count either."""
    if viewer.sees_person_names:
        return artifacts
    in_clear = Exists(Author.objects.organisations().filter(name=OuterRef("owner")))
    own_part = Substr("repo_id", StrIndex("repo_id", Value("/")) + 1)
    lookup = "icontains" if len(text) >= SHORTEST_WITHIN else "istartswith"
    return artifacts.alias(own_part=own_part).filter(Q(**{f"own_part__{lookup}": text}) | in_clear)


def _rank(artifact: Artifact, shown: str, text: str) -> tuple[int, bool, int, str]:
    """Order of the results: the name itself, what begins with it, the rest; each by presence and downloads."""
    name = shown.lower()
    own_part = name.rpartition("/")[2]
    place = 2
    if text in (name, own_part):
        place = 0
    elif name.startswith(text) or own_part.startswith(text):
        place = 1
    downloads: int = artifact.downloads  # type: ignore[attr-defined]  # annotated above
    return place, artifact.presence != Presence.LISTED, -downloads, name


def _authors(text: str, viewer: Viewer) -> list[Author]:
    """Accounts by a part of their name or display name; for a viewer of masked names, organisations only."""
    shown = Author.objects.shown()
    authors = shown if viewer.sees_person_names else shown.organisations()
    match = Q(name__istartswith=text)
    if len(text) >= SHORTEST_WITHIN:
        match = Q(name__icontains=text) | Q(full_name__icontains=text)
    found = {author.pk: author for author in authors.filter(name=text)[:SHOWN_NAMES]}
    found |= {author.pk: author for author in authors.filter(match)[:CANDIDATES]}
    return sorted(found.values(), key=lambda author: _name_rank(author.name, text))[:SHOWN_NAMES]


def _old_names(text: str, viewer: Viewer) -> list[Alias]:
    """Live aliases by a part of the old name, as this viewer sees it."""
    lookup = "icontains" if len(text) >= SHORTEST_WITHIN else "istartswith"
    aliases = Alias.objects.live().select_related("artifact").filter(artifact__withheld_at=None)
    aliases = aliases.filter(**{f"name__{lookup}": text})[:CANDIDATES]
    shown = repo_ids_shown([alias.name for alias in aliases], viewer)
    visible = [alias for alias in aliases if text.lower() in shown[alias.name].lower()]
    return sorted(visible, key=lambda alias: _name_rank(shown[alias.name], text))[:SHOWN_NAMES]


def _name_rank(name: str, text: str) -> tuple[bool, bool, str]:
    folded, sought = name.lower(), text.lower()
    return folded != sought, not folded.startswith(sought), name
