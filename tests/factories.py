"""Plain makers of rows. Names are made up; `at` is always an argument of what is tested."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from access.models import User
from access.roles import Role
from lineage.models import Alias, Artifact, Author, Derivation, HarvestRun, Mention
from lineage.vocabulary import AliasOrigin, Certainty, Field, Kind, Presence, Relation, RunState

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(username: str = "", *roles: Role, **fields: Any) -> User:
    """An account with these roles (`access.roles`): its permissions follow from them alone."""
    user: User = User.objects.create_user(username=username or f"agent{next(_numbers)}", **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def make_author(name: str = "", **fields: Any) -> Author:
    return Author.objects.create(name=name or f"org-{next(_numbers)}", **fields)


def make_artifact(repo_id: str = "", kind: Kind = Kind.MODEL, **fields: Any) -> Artifact:
    repo_id = repo_id or f"org/model-{next(_numbers)}"
    owner = repo_id.partition("/")[0] if "/" in repo_id else ""
    fields.setdefault("presence", Presence.LISTED)
    return Artifact.objects.create(repo_id=repo_id, kind=kind, owner=owner, **fields)


def make_derivation(source: Artifact, derived: Artifact, **fields: Any) -> Derivation:
    fields.setdefault("relation", Relation.FINETUNE)
    fields.setdefault("certainty", Certainty.RESOLVED)
    fields.setdefault("held_from", AT)
    return Derivation.objects.create(source=source, derived=derived, **fields)


def make_mention(artifact: Artifact, target: str, **fields: Any) -> Mention:
    fields.setdefault("field", Field.BASE_MODEL_TAG)
    fields.setdefault("target_kind", Kind.MODEL)
    fields.setdefault("relation", Relation.FINETUNE)
    return Mention.objects.create(artifact=artifact, target=target, **fields)


def make_alias(name: str, artifact: Artifact, **fields: Any) -> Alias:
    fields.setdefault("origin", AliasOrigin.REDIRECT)
    fields.setdefault("held_from", AT)
    return Alias.objects.create(name=name, kind=artifact.kind, artifact=artifact, **fields)


def make_run(state: RunState = RunState.COMPLETE, **fields: Any) -> HarvestRun:
    fields.setdefault("source", HarvestRun.Source.SNAPSHOT)
    fields.setdefault("created_at", AT)
    fields.setdefault("started_at", AT)
    if state not in (RunState.QUEUED, RunState.RUNNING):
        fields.setdefault("ended_at", AT)
    return HarvestRun.objects.create(state=state, **fields)
