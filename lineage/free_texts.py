"""The free texts of artifacts (licence, task, library, languages, tags) as a viewer may read them.

Whoever sees no names of persons reads a label in place of each account that a text names as the Hub writes it, known
organisations excepted, and of the artifact's own owner where its bare name stands as a word. A tag that is the id of
something withheld is left out for everybody.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from lineage.hub.texts import LISTS, TEXTS, accounts_named, renamed, texts_in
from lineage.models import Artifact
from lineage.naming import Viewer, labels_of, withheld_among

Facts = dict[str, str | list[str]]


def facts_by_key(artifacts: Iterable[Artifact], viewer: Viewer) -> dict[int, Facts]:
    """What to show of the texts of these artifacts, by their keys; as many queries as `facts_shown`."""
    artifacts = list(artifacts)
    said = facts_shown(((artifact.owner, _stored(artifact)) for artifact in artifacts), viewer)
    return {artifact.pk: facts for artifact, facts in zip(artifacts, said, strict=True)}


def facts_shown(said: Iterable[tuple[str, Facts]], viewer: Viewer) -> list[Facts]:
    """What to show of several artifacts' texts, in their order; `said`: the owner of each, and its texts.

    One query, and one more where anything is withheld, if a text could be an id; one for each 500 accounts named, for
    whoever sees no names.
    """
    said = list(said)
    texts = {text for _owner, facts in said for text in texts_in(facts.values())}
    hidden = withheld_among({text for text in texts if "/" in text})
    labels = {} if viewer.sees_person_names else labels_of({*chain.from_iterable(map(_accounts, said))})
    return [{name: _shown(fact, hidden, labels, owner) for name, fact in facts.items()} for owner, facts in said]


def _accounts(said: tuple[str, Facts]) -> Iterator[str]:
    """Whom these texts may name: accounts as the Hub writes them, and their owner."""
    owner, facts = said
    texts = list(texts_in(facts.values()))
    if owner and any(owner.lower() in text.lower() for text in texts):
        yield owner
    yield from chain.from_iterable(map(accounts_named, texts))


def _stored(artifact: Artifact) -> Facts:
    return {name: getattr(artifact, name) for name in (*TEXTS, *LISTS)}


def _shown(fact: str | list[str], hidden: set[str], labels: Mapping[str, str], owner: str) -> str | list[str]:
    if isinstance(fact, str):
        return renamed(fact, labels, owner)
    return [renamed(text, labels, owner) for text in fact if text not in hidden]
