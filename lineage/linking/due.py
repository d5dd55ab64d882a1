"""Whether a harvest changed anything that linking reads. If not, linking again would change no row."""

from hashlib import blake2b

from lineage.linking.claims import contradicted
from lineage.models import GraphState, HarvestRun, NameInquiry


def is_due(state: GraphState, *, gone: int) -> bool:
    """Whether linking after a harvest, which marked so many artifacts as gone, may change anything.

    It reads the artifacts' names, kinds and presences, their mentions, old names, staff's verdicts and the Hub's
    answers. Of the first three harvests tell, also those that ended badly; whoever else changes any of it marks the
    state. Answers are compared: a harvest that lists an old name contradicts one without changing a row.
    """
    return state.is_due or state.as_of is None or gone > 0 or _has_unlinked_rows() or state.answers != answers()


def answers() -> str:
    """A digest of the Hub's answers that stand: nothing can be read from it."""
    redirects = NameInquiry.objects.filter(answer=NameInquiry.Answer.REDIRECT)
    against = set(contradicted(redirects).values_list("pk", flat=True))
    stand = [
        row for row in redirects.order_by("pk").values_list("pk", "artifact_id", "asked_at") if row[0] not in against
    ]
    return blake2b(repr(stand).encode(), digest_size=16).hexdigest()


def _has_unlinked_rows() -> bool:
    """In the harvests since the last one that was linked: that ended well, and those after it did not."""
    runs = HarvestRun.objects.since_linked().values_list("counts", flat=True)
    return any(counts.get("unlinked", 1) or counts.get("gone", 0) for counts in runs)
