"""Which rows of each table are about an account: one line a table that the register calls data of account holders.

What hangs on a case needs no line: it is found through the references of the person's cases.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from lineage import consultations, disclosures
from lineage.amendments import fingerprint_of_account
from lineage.hub.texts import without
from lineage.models import (
    AliasVerdict,
    Artifact,
    Bridge,
    Corpus,
    Counter,
    Departed,
    Derivation,
    DerivationVerdict,
    Disclosure,
    IndexedName,
    Mention,
    Recall,
    Sighting,
    Watch,
    WatchedChange,
    WeeklyCounter,
)
from lineage.silencing import written
from lineage.statistics import telling as statistics
from rights.models import (
    AccessPackage,
    ContactPoint,
    FollowUpCode,
    JournalEntry,
    NameDoubt,
    Rectification,
    Restriction,
    RightsCase,
)
from rights.package.concerned import Concerned

Found = Iterable[Model]


def rows_of(model: str, whose: Concerned) -> list[Model]:
    """The rows of one table about an account, in the order of their keys.

    Raises KeyError for a table not thought of.
    """
    kind: Any = apps.get_model(model)
    path = None if model in ABOUT else way_to_a_case(kind)
    if path is None:
        return sorted(ABOUT[model](whose), key=lambda row: row.pk)
    rows = kind._default_manager.filter(**{f"{path}__in": whose.references})
    return list(rows.order_by("pk"))


def way_to_a_case(model: type[Any], steps: int = 2) -> str | None:
    """The look-up that leads from a row to the reference of the case it hangs on; None where none does."""
    if model is RightsCase:
        return "reference"
    for field in model._meta.concrete_fields if steps else ():
        if field.many_to_one and field.related_model is not model:
            further = way_to_a_case(field.related_model, steps - 1)
            if further:
                return f"{field.name}__{further}"
    return None


def texts_of_others(whose: Concerned) -> Iterator[tuple[int, dict[str, str | list[str]]]]:
    """What other people's artifacts say of the account in free texts: the artifact's key, and the names by field."""
    named = whose.held.remains.naming
    for artifact, changed in written(whose.held.remains):
        yield artifact.pk, {name: without(getattr(artifact, name), lambda text: not named(text)) for name in changed}


def _of_artifact(model: Any) -> Callable[[Concerned], Found]:
    return lambda whose: model._default_manager.filter(artifact__in=whose.keys)


def _at_an_end(model: Any) -> Callable[[Concerned], Found]:
    """Edges that begin or end at one of the artifacts."""
    return lambda whose: model._default_manager.filter(Q(source__in=whose.keys) | Q(derived__in=whose.keys))


def _by_case(model: Any) -> Callable[[Concerned], Found]:
    return lambda whose: model._default_manager.filter(reference__in=whose.references)


def _mentions(whose: Concerned) -> Found:
    """What its own cards say, and what others' say of it."""
    return chain(Mention.objects.filter(artifact__in=whose.keys), whose.held.remains.mentions())


def _name_verdicts(whose: Concerned) -> Found:
    held = whose.held.remains.verdicts() | AliasVerdict.objects.filter(artifact__in=whose.keys)
    return held.distinct()


def _restrictions(whose: Concerned) -> Found:
    return Restriction.objects.filter(reference__in=whose.references)


def _rectifications(whose: Concerned) -> Found:
    return Rectification.objects.filter(artifact_key__in=whose.keys)


def _contact_points(whose: Concerned) -> Found:
    """Where its holder can be written to, as staff read it in public."""
    return ContactPoint.objects.filter(artifact_key__in=whose.keys)


def _doubts(whose: Concerned) -> Found:
    """Artifacts of this account whose name was found to hold somebody else's erased one."""
    return NameDoubt.objects.filter(artifact_key__in=whose.keys)


def _acts(whose: Concerned) -> Found:
    """What was done in its cases, and what was done to one of its artifacts."""
    for entry in JournalEntry.objects.order_by("number").iterator():
        if entry.reference in whose.references or entry.details.get("artifact") in whose.keys:
            yield entry


def _consulted(whose: Concerned) -> Found:
    return consultations.about(artifacts=whose.keys, authors=whose.authors)


def _handed_over(whose: Concerned) -> Found:
    entries = Disclosure.objects.order_by("pk").iterator() if whose.keys else ()
    return (entry for entry in entries if not whose.keys.isdisjoint(disclosures.shown_keys(entry)))


def _frozen(whose: Concerned) -> Iterator[Corpus]:
    """The corpora whose files hold something of theirs."""
    rows = Corpus.objects.order_by("pk").iterator() if whose.keys else ()
    return (row for row in rows if not whose.keys.isdisjoint(consultations.keys_in(row.shown)))


def _recalled(whose: Concerned) -> Found:
    """What recipients of these corpora are asked to do."""
    return Recall.objects.filter(corpus_key__in=[row.pk for row in _frozen(whose)])


def _departed(whose: Concerned) -> Found:
    """Traces of its own elements that left, and its elements that named one that did."""
    left = [fingerprint_of_account(account) for account in whose.held.accounts]
    return Departed.objects.filter(Q(owner__in=left) | Q(derived__in=whose.keys))


ABOUT: Mapping[str, Callable[[Concerned], Found]] = {
    "lineage.Author": lambda whose: whose.held.remains.authors(),
    "lineage.Artifact": lambda whose: Artifact.objects.filter(pk__in=whose.keys),
    "lineage.IndexedName": _of_artifact(IndexedName),
    "lineage.Counter": _of_artifact(Counter),
    "lineage.WeeklyCounter": _of_artifact(WeeklyCounter),
    "lineage.Mention": _mentions,
    "lineage.Alias": lambda whose: whose.held.remains.aliases().distinct(),
    "lineage.NameInquiry": lambda whose: whose.held.remains.inquiries().distinct(),
    "lineage.Derivation": _at_an_end(Derivation),
    "lineage.Bridge": _at_an_end(Bridge),
    "lineage.DerivationVerdict": _at_an_end(DerivationVerdict),
    "lineage.AliasVerdict": _name_verdicts,
    "lineage.Sighting": _of_artifact(Sighting),
    "lineage.Consultation": _consulted,
    "lineage.Disclosure": _handed_over,
    "lineage.Corpus": _frozen,
    "lineage.Recall": _recalled,
    "lineage.Departed": _departed,
    "lineage.Watch": _of_artifact(Watch),
    "lineage.WatchedChange": lambda whose: WatchedChange.objects.filter(watch__artifact__in=whose.keys),
    "lineage.Statistic": lambda whose: statistics.about(whose.keys),
    "rights.Suppression": lambda whose: whose.entries,
    "rights.Restriction": _restrictions,
    "rights.Rectification": _rectifications,
    "rights.NameDoubt": _doubts,
    "rights.JournalEntry": _acts,
    "rights.Referral": lambda whose: (),  # a letter of somebody else, who named no account of theirs
    "rights.ReferralDossier": lambda whose: (),
    "rights.ContactPoint": _contact_points,
    "rights.Knock": lambda whose: (),  # fingerprints of network addresses, which lead to no account
    "rights.FollowUpCode": _by_case(FollowUpCode),
    "rights.AccessPackage": _by_case(AccessPackage),
}
