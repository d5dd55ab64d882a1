"""How an artifact or an author is called for a given viewer: one place for every page, export and API.

A viewer with `lineage.see_person_names` sees names as the Hub spells them. Any other viewer sees
organisations in clear, and a stable opaque label in place of every other account: a person's, an
unknown one's, and that of an owner of whom we hold no Author. The rest of a repository id stays as it
is, so a masked name may still give a person away: it is a pseudonym, never "anonymous".

What is withheld is "element not shown" to every viewer, by whatever name it is meant.

A link to the Hub says the whole repository id: show it only where `is_clear` says so.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.conf import settings
from django.db.models import Exists
from django.db.models.functions import Lower

from lineage.labels import ELEMENT_NOT_SHOWN
from lineage.models import Artifact, Author
from lineage.vocabulary import AccountKind

LABEL_LENGTH = 10  # base-32 digits, 50 bits: among a million accounts a collision has odds of 1 in 2,000
QUERY_SIZE = 500  # names in one query: SQLite bounds the number of parameters

Key = TypeVar("Key", int, str)


class HasPermissions(Protocol):
    """What naming asks of a user: Django's own users, anonymous included, have it."""

    def has_perm(self, perm: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone to whom names are shown; with or without the right to see those of persons."""

    sees_person_names: bool


STAFF_ON_SERVER = Viewer(sees_person_names=True)  # whoever may run a command on the server


def viewer_of(user: HasPermissions) -> Viewer:
    """The viewer a user of the site is. Anonymous and unverified users see no person's name."""
    return Viewer(sees_person_names=user.has_perm("lineage.see_person_names"))


def masked(account: str) -> str:
    """The opaque label of a Hub account, the same on every page and in every language.

    Keyed, because Hub names can be listed by anyone; upper and lower case make one account, as on the Hub.
    """
    key = hashlib.sha256(b"lineage.naming:" + settings.MASKING_KEY.encode()).digest()
    digest = hmac.digest(key, account.casefold().encode("utf-8", "surrogatepass"), "sha256")
    return "compte-" + base64.b32encode(digest).decode()[:LABEL_LENGTH].lower()


def repo_ids_shown(repo_ids: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """What to show in place of each repository id (of an alias or a mention).

    One query where nothing is withheld, else one more per 500 names, and at most one per 500 distinct owners for a
    viewer who does not see names.
    """
    wanted = dict.fromkeys(repo_ids)
    hidden = withheld_among(wanted)
    shown = _shown((repo_id for repo_id in wanted if repo_id not in hidden), viewer)
    return {repo_id: shown.get(repo_id, str(ELEMENT_NOT_SHOWN)) for repo_id in wanted}


def names_and_ids(
    keys: Collection[int], repo_ids: Iterable[str], viewer: Viewer
) -> tuple[dict[int, str], dict[str, str]]:
    """What `names_by_key` and `repo_ids_shown` say, together in half as many queries."""
    named: dict[int, str | None] = dict.fromkeys(keys)
    may_hide: list[bool] = []
    for some in _portions(sorted(named)):
        rows = Artifact.objects.filter(pk__in=some).annotate(hides=Exists(Artifact.objects.withheld()))
        for key, repo_id, withheld_at, hides in rows.values_list("pk", "repo_id", "withheld_at", "hides"):
            named[key] = None if withheld_at else repo_id
            may_hide.append(hides)
    wanted = dict.fromkeys(repo_ids)
    hidden = withheld_among(wanted, may_be=any(may_hide) if may_hide else None)
    shown = _shown([*(repo_id for repo_id in named.values() if repo_id is not None), *wanted], viewer)
    texts = {repo_id: str(ELEMENT_NOT_SHOWN) if repo_id in hidden else shown[repo_id] for repo_id in wanted}
    return _said(named, shown), texts


def _shown(repo_ids: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """What to show in place of each repository id that is not withheld."""
    wanted = dict.fromkeys(repo_ids)
    if viewer.sees_person_names:
        return {repo_id: repo_id for repo_id in wanted}
    labels = _labels({_owner(repo_id) for repo_id in wanted} - {""})
    return {repo_id: _with_owner(repo_id, labels.get(_owner(repo_id), "")) for repo_id in wanted}


def labels_of(accounts: Iterable[str]) -> dict[str, str]:
    """The labels of those accounts that are no known organisations, by their names in lower case.

    For whoever sees no names of persons. One query per 500 accounts.
    """
    shown = _labels(set(accounts))
    in_clear = {account.lower() for account, label in shown.items() if label == account}
    return {account.lower(): label for account, label in shown.items() if account.lower() not in in_clear}


def artifact_names(artifacts: Iterable[Artifact], viewer: Viewer) -> dict[int, str]:
    """The names of several artifacts by their key, with few queries however many they are."""
    named = {artifact.pk: None if artifact.withheld_at else artifact.repo_id for artifact in artifacts}
    return _by_key(named, viewer)


def names_by_key(keys: Collection[int], viewer: Viewer) -> dict[int, str]:
    """The names of the artifacts with these keys; "element not shown" for a key that is no longer held."""
    named: dict[int, str | None] = dict.fromkeys(keys)
    for some in _portions(sorted(set(keys))):
        named.update(Artifact.objects.shown().filter(pk__in=some).values_list("pk", "repo_id"))
    return _by_key(named, viewer)


def artifact_name(artifact: Artifact, viewer: Viewer) -> str:
    """The name of one artifact. For several, `artifact_names` asks the database once."""
    return artifact_names([artifact], viewer)[artifact.pk]


def author_name(author: Author, viewer: Viewer) -> str:
    """The account's name, or its opaque label. Asks the database nothing."""
    if viewer.sees_person_names or author.kind == AccountKind.ORGANISATION:
        return author.name
    return masked(author.name)


def author_full_name(author: Author, viewer: Viewer) -> str:
    """The account's display name where this viewer may see it, else "". Asks the database nothing."""
    if viewer.sees_person_names or author.kind == AccountKind.ORGANISATION:
        return author.full_name
    return ""


def is_clear(repo_id: str, shown: str) -> bool:
    """Whether a name was shown as it is, so that the Hub's own address may be linked."""
    return repo_id == shown


def _by_key(named: Mapping[int, str | None], viewer: Viewer) -> dict[int, str]:
    """The names by key; None is not shown."""
    return _said(named, _shown((repo_id for repo_id in named.values() if repo_id is not None), viewer))


def _said(named: Mapping[int, str | None], shown: Mapping[str, str]) -> dict[int, str]:
    return {key: str(ELEMENT_NOT_SHOWN) if repo_id is None else shown[repo_id] for key, repo_id in named.items()}


def withheld_among(repo_ids: Collection[str], *, may_be: bool | None = None) -> set[str]:
    """Those of the repository ids, in whatever case, that a withheld artifact bears or bore.

    `may_be`: whether anything is withheld, where that is known. One query to know, and one per 500 ids where it is so.
    """
    withheld = Artifact.objects.withheld()
    if not repo_ids or not (withheld.exists() if may_be is None else may_be):
        return set()
    hidden: set[str] = set()
    for some in _portions(sorted({repo_id.lower() for repo_id in repo_ids})):
        borne, bore = (
            withheld.annotate(sought=Lower(name)).filter(sought__in=some).values_list("sought", flat=True)
            for name in ("repo_id", "aliases__name")
        )
        hidden.update(borne.union(bore))
    return {repo_id for repo_id in repo_ids if repo_id.lower() in hidden}


def _owner(repo_id: str) -> str:
    owner, slash, _ = repo_id.partition("/")
    return owner if slash else ""


def _with_owner(repo_id: str, label: str) -> str:
    """The repository id with `label` for its owner; as it is when it has none."""
    return f"{label}/{repo_id.partition('/')[2]}" if label else repo_id


def _labels(owners: Collection[str]) -> dict[str, str]:
    """What to show in place of each owner: itself for a known organisation, else its opaque label."""
    organisations: set[str] = set()
    for some in _portions(sorted(owners)):
        organisations.update(Author.objects.organisations().filter(name__in=some).values_list("name", flat=True))
    return {owner: owner if owner in organisations else masked(owner) for owner in owners}


def _portions(items: list[Key]) -> Iterator[list[Key]]:
    """The items in lists short enough for one query."""
    for start in range(0, len(items), QUERY_SIZE):
        yield items[start : start + QUERY_SIZE]
