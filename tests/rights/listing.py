"""Records of a made-up Hub, and the suppression list with them."""

from dataclasses import replace

from lineage.hub.records import HubRecord, Mention
from lineage.vocabulary import Field, Kind, Relation
from rights import suppressions
from rights.suppressions import Ground, Names
from tests.factories import AT


def record(repo_id, number="", *bases, datasets=(), **facts):
    """A listed model; `number` is repeated to its `_id`; `bases` and `datasets` are what its card names."""
    owner = repo_id.partition("/")[0] if "/" in repo_id else ""
    mentions = [Mention(Field.BASE_MODEL_TAG, Kind.MODEL, base, Relation.FINETUNE, resolved=True) for base in bases]
    mentions += [Mention(Field.DATASETS_CARD, Kind.DATASET, name, Relation.TRAINED_ON) for name in datasets]
    made = HubRecord(
        Kind.MODEL, repo_id, hub_id=(number * 24)[:24], author=owner, created_at=AT, mentions=tuple(mentions)
    )
    return replace(made, **facts)


def listed(*accounts, hub_ids=(), repo_ids=(), ground=Ground.ERASURE, at=AT):
    """Put these on the suppression list."""
    names = Names(frozenset(accounts), frozenset((number * 24)[:24] for number in hub_ids), frozenset(repo_ids))
    return suppressions.suppress(names, ground=ground, reference="case-1", at=at)
