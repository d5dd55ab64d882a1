"""Effects carried out again in a restored base, from what the ledger says of them; no entry is made here."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lineage.models import Artifact
from rights import suppressions
from rights.effects.erasure import remove
from rights.effects.holdings import Holdings
from rights.effects.recognition import Recognised
from rights.effects.rectification import close, put_in_place
from rights.effects.restriction import begin, end, hold
from rights.models import Rectification, Restriction, Suppression

Redo = Mapping[str, Any]


class NotThere(Exception):
    """What an effect was about is not in this base: it was harvested after the backup. Nothing was changed."""


def carry_out_again(redo: Redo, *, reference: str, at: datetime, known: Recognised) -> None:
    """Do it again, within the caller's transaction. Raises NotThere, and KeyError for a word that is none of these."""
    AGAIN[redo["do"]](redo, reference, at, known)


def marks_in(redo: Redo) -> set[str]:
    """The fingerprints that it names."""
    return {row["fingerprint"] for row in redo.get("listed", ())}


def _remove(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    suppressions.put_back(redo["listed"])
    is_of_others = any(row["subject"] == Suppression.Subject.OTHERS for row in redo["listed"])
    held = replace(_held(redo, known), is_of_others=is_of_others)
    remove(held, ground=redo["ground"], reference=reference, at=at)


def _restrict(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    suppressions.put_back(redo["listed"])
    begin(_held(redo, known), reference=reference, at=at)


def _hold(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    suppressions.put_back(redo["listed"])
    hold(_held(redo, known), cases=redo["cases"], at=at)


def _announce(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    Restriction.objects.in_force().filter(reference=reference).update(notice_sent_at=at)


def _lift(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    for restriction in Restriction.objects.in_force().filter(reference=reference):
        end(restriction, at=at)


def _rectify(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    artifact = Artifact.objects.current().filter(pk=redo["artifact"]).first()
    if artifact is None:
        raise NotThere
    put_in_place(artifact, field=redo["field"], value=redo["value"], reference=reference, at=at)


def _close(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    named = {"artifact_key": redo["artifact"], "field": redo["field"]}
    for rectification in Rectification.objects.in_force().filter(**named):
        close(rectification, at=at)


def _list(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    suppressions.put_back(redo["listed"])


def _retire_key(redo: Redo, reference: str, at: datetime, known: Recognised) -> None:
    suppressions.put_back(redo["listed"])
    Suppression.objects.filter(key_id=redo["key_id"]).delete()


def _held(redo: Redo, known: Recognised) -> Holdings:
    return known.holdings(marks_in(redo), redo["artifacts"])


AGAIN: Mapping[str, Callable[[Redo, str, datetime, Recognised], None]] = {
    "announce": _announce,
    "close": _close,
    "hold": _hold,
    "lift": _lift,
    "list": _list,
    "rectify": _rectify,
    "remove": _remove,
    "restrict": _restrict,
    "retire_key": _retire_key,
}
