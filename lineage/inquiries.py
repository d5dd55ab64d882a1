"""What the Hub is asked about bare dataset names, once each, and what it answered.

Most cards name a dataset by the id it had before datasets belonged to accounts (`squad`); only the Hub knows what such
a name means today. `lineage.linking` turns the answers into aliases.
"""

from datetime import datetime

from django.db import transaction

from lineage import policy
from lineage.hub.names import is_repo_id
from lineage.hub.records import HubRecord
from lineage.linking.claims import contradicted, mentioned_only
from lineage.models import Artifact, Mention, NameInquiry
from lineage.vocabulary import Kind, Presence

Answer = NameInquiry.Answer


def names_to_ask() -> list[tuple[Kind, str]]:
    """The names to ask the Hub about, sorted: bare ids of datasets, mentioned or listed, that it never was asked.

    Also those whose redirect no longer helps: the Hub listed the name itself since, or what it led to is lost.
    """
    mentioned = Mention.objects.filter(target_kind=Kind.DATASET).exclude(target__contains="/")
    listed = (
        Artifact.objects.current().of_kind(Kind.DATASET).filter(presence=Presence.LISTED).exclude(repo_id__contains="/")
    )
    names = set(mentioned.values_list("target", flat=True).distinct()) | set(listed.values_list("repo_id", flat=True))
    inquiries = NameInquiry.objects.filter(kind=Kind.DATASET)
    redirects = inquiries.filter(answer=Answer.REDIRECT)
    stale = set(contradicted(redirects).values_list("name", flat=True))
    lost = redirects.exclude(artifact__is_current=True).filter(artifact__superseded_by=None)
    stale |= set(lost.values_list("name", flat=True))
    asked = set(inquiries.values_list("name", flat=True))
    return [(Kind.DATASET, name) for name in sorted((names - asked) | stale)]


@transaction.atomic
def record_answer(*, kind: Kind, name: str, answer: str, repo_id: str = "", hub_id: str = "", at: datetime) -> None:
    """Keep what the Hub answered at `at` about `name`: one of `NameInquiry.Answer`, and for a redirect the new id.

    `repo_id` and the Hub's `_id` of the new one are "" where unknown. Where the policy in force lets the new id not be
    stored, and where that id is impossible, the name counts as absent. An earlier answer is replaced.
    Raises ValueError for any other word.
    """
    meant = Answer(answer)
    artifact = None
    if meant is Answer.REDIRECT and repo_id == name:
        meant = Answer.SAME
    elif meant is Answer.REDIRECT:
        artifact = _meant(kind, name, repo_id, hub_id)
        meant = Answer.REDIRECT if artifact else Answer.ABSENT
    NameInquiry.objects.update_or_create(
        kind=kind, name=name, defaults={"answer": meant, "artifact": artifact, "asked_at": at}
    )


def _meant(kind: Kind, name: str, repo_id: str, hub_id: str) -> Artifact | None:
    """The artifact that the Hub redirects to, made as mentioned only where it is not known; None where not allowed.

    A row that has the `_id` but still bears the asked name cannot be its own new name: then the name decides.
    """
    if not is_repo_id(repo_id):
        return None
    record = HubRecord(kind=kind, repo_id=repo_id, hub_id=hub_id, author=repo_id.partition("/")[0])
    for allowed in policy.current().screen([record]).records:
        of_kind = Artifact.objects.of_kind(kind)
        known = of_kind.filter(hub_id=allowed.hub_id).first() if allowed.hub_id else None
        if known is not None and known.is_current and known.repo_id != name:
            return known
        return of_kind.current().filter(repo_id=allowed.repo_id).first() or _made(allowed, is_known=known is not None)
    return None


def _made(record: HubRecord, *, is_known: bool) -> Artifact:
    """A row for what is not listed here; without its `_id` where another row bears that."""
    artifact = mentioned_only(record.kind, record.repo_id, hub_id="" if is_known else record.hub_id)
    artifact.save(force_insert=True)
    return artifact
