"""What an effect on an account would touch, in numbers, and who would have to be told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lineage import disclosures
from lineage.models import Counter, Derivation, DerivationVerdict, Mention, Sighting, WeeklyCounter
from lineage.remains import Remains
from lineage.silencing import written
from lineage.tracing import reached
from rights.effects.holdings import EffectRefused, Holdings, holdings

LABELS: dict[str, Promise] = {
    "rows": gettext_lazy("rows that leave"),
    "artifacts": gettext_lazy("artifacts of the account"),
    "authors": gettext_lazy("accounts on the Hub"),
    "aliases": gettext_lazy("old names"),
    "mentions": gettext_lazy("mentions in others' cards"),
    "records": gettext_lazy("records of others that are touched"),
    "edges": gettext_lazy("edges that are replaced"),
    "others": gettext_lazy("artifacts of others made from its own, in any step"),
    "exports": gettext_lazy("exports that hold it"),
    "recipients": gettext_lazy("recipients to tell"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What an effect would touch, in rows.

    `records`: other people's artifacts whose mentions or free texts name this account. `others`: other people's
    artifacts made from this account's, in any step. `exports`: copies that may still be kept; `recipients`: the keys of
    who has them, to be told of the effect (Art. 19); 0 stands for whoever works on the server.
    """

    rows: int
    artifacts: int
    authors: int
    aliases: int
    mentions: int
    records: int
    edges: int
    others: int
    exports: int
    recipients: frozenset[int]
    threshold: int

    @property
    def needs_second(self) -> bool:
        """Whether a second agent has to confirm."""
        return self.others >= self.threshold

    def counts(self) -> dict[str, int | str]:
        """The numbers, for the journal."""
        return {name: len(self.recipients) if name == "recipients" else getattr(self, name) for name in LABELS}

    def lines(self) -> Iterator[tuple[str, int]]:
        """The numbers and what each is called, in the language in force; the threshold last."""
        yield from ((str(LABELS[name]), int(count)) for name, count in self.counts().items())
        yield _("threshold from which a second agent confirms"), self.threshold

    def __str__(self) -> str:
        return ngettext(
            "1 account, {artifacts} artifacts, {mentions} mentions by others, {others} descendant of others",
            "1 account, {artifacts} artifacts, {mentions} mentions by others, {others} descendants of others",
            self.others,
        ).format(artifacts=self.artifacts, mentions=self.mentions, others=self.others)


def preview(account: str, *, at: datetime) -> Preview:
    """What an effect on this account would touch at `at`. Changes nothing. Raises EffectRefused as `holdings` does."""
    return measured(holdings(account), at=at)


def measured(held: Holdings, *, at: datetime) -> Preview:
    """What an effect on these holdings would touch."""
    gone = held.remains
    entries = list(disclosures.still_held(gone.keys, at=at))
    counted = {
        "artifacts": len(gone.keys),
        "authors": gone.authors().count(),
        "aliases": gone.aliases().count(),
        "mentions": gone.mentions().count(),
        "edges": Derivation.objects.filter(_touching(gone)).count(),
    }
    return Preview(
        **counted,
        rows=sum(counted.values()) + _further_rows(gone),
        records=len(_records(gone)),
        others=len(reached(gone.keys)),
        exports=len(entries),
        recipients=frozenset(entry.user_key for entry in entries),
        threshold=settings.RIGHTS_SECOND_APPROVAL,
    )


def confirmed(seen: Preview, *, by: int, second: int | None) -> None:
    """Raise EffectRefused for a great impact without a second agent."""
    if seen.needs_second and second in (None, by):
        raise EffectRefused(
            _(
                "{impact}: above the threshold (RIGHTS_SECOND_APPROVAL), a second agent has to confirm. "
                "Nothing was changed."
            ).format(impact=seen)
        )


def _touching(gone: Remains) -> Q:
    return Q(source__in=gone.keys) | Q(derived__in=gone.keys)


def _further_rows(gone: Remains) -> int:
    """The rows that leave with the account's artifacts and names."""
    own = (
        model._default_manager.filter(artifact__in=gone.keys) for model in (Mention, Counter, WeeklyCounter, Sighting)
    )
    decided = DerivationVerdict.objects.filter(_touching(gone))
    return sum(rows.count() for rows in (*own, decided, gone.inquiries(), gone.verdicts()))


def _records(gone: Remains) -> set[int]:
    """Others' artifacts that name the account, in a mention or in a free text."""
    return {*gone.mentions().values_list("artifact", flat=True), *(artifact.pk for artifact, _changed in written(gone))}
