"""Plain makers of rows. Names are made up; `at` is always an argument of what is tested."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from access.models import User
from access.roles import Role
from lineage.models import Alias, Artifact, Author, Derivation, HarvestRun, IndexedName, Mention
from lineage.vocabulary import AliasOrigin, Certainty, Field, Kind, Presence, Relation, RunState
from rights import notices
from rights.models import Notice, ProjectPeriod

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
    artifact = Artifact.objects.create(repo_id=repo_id, kind=kind, owner=owner, **fields)
    if artifact.is_current:
        IndexedName.objects.create(artifact=artifact, name=repo_id)
    return artifact


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


def make_notice(**fields: Any) -> Notice:
    """A published notice that declares all the register uses, unless told otherwise."""
    notice = notices.drawn(in_force_from=date(2020, 1, 1))
    notice.version, notice.published_at = Notice.objects.count() + 1, AT
    for name, value in fields.items():
        setattr(notice, name, value)
    notice.save()
    return notice


def open_project(**fields: Any) -> ProjectPeriod:
    """A period long enough for any test, under a notice that declares all: harvests may take place."""
    make_notice()
    said = {"starts_on": date(2020, 1, 1), "ends_on": date(2100, 1, 1), "informed_on": date(2020, 1, 1)}
    return ProjectPeriod.objects.create(**said | {"notice_reference": "a test"} | fields)
