"""Corpora: a question frozen into files for a study.

What a person has changed or erased reaches the files, and recipients. `mark` is called in the transaction of a change
and says what must leave; `mend` writes the files anew, and no file is handed over before. Rows only ever leave: what is
released again comes back with the next corpus.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.conf import settings
from django.db import transaction

from lineage import disclosures, graph
from lineage.consultations import Reader, keys_in, packed
from lineage.corpora import codebook, files, projections, sample, tables
from lineage.hub.parse import PARSER_VERSION
from lineage.models import Artifact, Corpus, Disclosure, Recall

FORM = "corpus"  # in the ledger of exports
SAMPLE = "sample"  # in a definition: how many edges are drawn to be coded by hand
Pending = Mapping[str, Any]


def request(*, title: str, definition: Mapping[str, Any], by: Reader, at: datetime) -> Corpus:
    """A corpus to be made: its row, without files yet. `by`: its holder."""
    return Corpus.objects.create(
        user_key=by.pk or 0, title=title, definition=dict(definition), frozen_at=at, parser_version=PARSER_VERSION
    )


def freeze(corpus: Corpus) -> None:
    """Write its files as the base stands, once: what is frozen already stays."""
    folder = folder_of(corpus)
    with files.locked(folder):
        corpus.refresh_from_db()
        if corpus.tables:
            return
        keys = sorted(tables.asked(corpus.definition).values_list("pk", flat=True))
        corpus.as_of = graph.current().as_of
        tables.write(folder, keys)
        sample.draw(folder, corpus.definition.get(SAMPLE) or 0, seed=corpus.pk)
        projections.write(folder)
        _told(corpus, keys, "as_of")
    mend(corpus.pk)  # what was marked meanwhile


def folder_of(corpus: Corpus) -> Path:
    """Where its files stand."""
    return Path(settings.VAR_DIR) / "corpora" / str(corpus.pk)


def opened(corpus: Corpus, keep: ExitStack) -> list[tuple[str, IO[bytes]]]:
    """Its files by their names, open until `keep` ends: mended first, and of one state, whatever changes meanwhile.

    Call it after `hand_over`: what must leave later finds the recipient in the ledger.
    """
    mend(corpus.pk)
    with files.locked(folder_of(corpus)):
        return [(path.name, keep.enter_context(path.open("rb"))) for path in files.of(folder_of(corpus))]


def hand_over(corpus: Corpus, *, by: Reader, at: datetime) -> Disclosure:
    """Record that its files leave: the consultation, and the entry of the ledger of exports."""
    return disclosures.enter(
        by=by,
        at=at,
        form=FORM,
        reference=f"corpus:{corpus.pk}",
        definition={"corpus": corpus.pk, "frozen_at": corpus.frozen_at.isoformat()},
        artifacts=keys_in(corpus.shown),
    )


@transaction.atomic
def mark(
    *, at: datetime, gone: Collection[int] = (), aliases: Collection[int] = (), fields: Iterable[str] = ()
) -> None:
    """Say that these artifacts leave every corpus, or that these `fields` of them changed; and ask recipients to act.

    `aliases`: keys of old names that leave with them, of whatever artifact.
    """
    names = list(fields)
    for corpus in Corpus.objects.select_for_update():
        is_being_written = not corpus.tables  # it may have read already what leaves now
        touched = sorted(set(gone) if is_being_written else set(keys_in(corpus.shown)) & set(gone))
        if not touched and not (aliases and not names):
            continue
        pending = dict(corpus.pending)
        if names:
            known = pending.get("changed", {})
            pending["changed"] = known | {str(key): sorted({*known.get(str(key), ()), *names}) for key in touched}
        else:
            pending["gone"] = sorted({*pending.get("gone", ()), *touched})
            pending["aliases"] = sorted({*pending.get("aliases", ()), *aliases})
        corpus.pending = pending
        corpus.save(update_fields=["pending"])
        if touched:
            _recall(corpus, at)
        if not is_being_written:
            transaction.on_commit(lambda key=corpus.pk: mend(key), robust=True)  # type: ignore[misc]


def _recall(corpus: Corpus, at: datetime) -> None:
    received = Disclosure.objects.filter(reference=f"corpus:{corpus.pk}", kept_until__gt=at)
    for user_key in sorted(set(received.values_list("user_key", flat=True))):
        Recall.objects.get_or_create(corpus_key=corpus.pk, user_key=user_key, done_at=None, defaults={"asked_at": at})
    Corpus.objects.filter(pk=corpus.pk).update(replaced_at=at)


def mend(key: int) -> bool:
    """Write the files anew without what must leave; returns whether anything had to.

    The database waits for none of it: what is marked meanwhile stays marked, and is mended in the next round.
    """
    corpus, mended = Corpus.objects.get(pk=key), False
    while corpus.pending and corpus.tables:
        with files.locked(folder_of(corpus)):
            corpus.refresh_from_db()
            _rewrite(corpus, corpus.pending)
        mended = True
    return mended


def _rewrite(corpus: Corpus, pending: Pending) -> None:
    folder, gone = folder_of(corpus), set(pending.get("gone", ()))
    before = tables.counts(folder)
    tables.without(folder, gone, pending.get("aliases", ()))
    if changed := {int(key): names for key, names in pending.get("changed", {}).items()}:
        tables.corrected(folder, _values(changed))
    projections.write(folder)
    after = tables.counts(folder)
    with transaction.atomic():
        now = Corpus.objects.select_for_update().get(pk=corpus.pk)
        corpus.replaced_at, corpus.pending = now.replaced_at, {} if now.pending == pending else now.pending
        corpus.withdrawn = {
            name: left
            for name in tables.COLUMNS
            if (left := corpus.withdrawn.get(name, 0) + before[name] - after[name])
        }
        _told(corpus, sorted(set(keys_in(corpus.shown)) - gone), "pending", "withdrawn")


def mend_all() -> int:
    """Mend what a failure left: every corpus of which something must leave. Returns how many."""
    return sum(mend(key) for key in Corpus.objects.exclude(pending={}).values_list("pk", flat=True))


def take_codes(corpus: Corpus, filled: bytes) -> int:
    """Read the codes of a filled-in sample back into the corpus; returns how many edges have one.

    Raises CodesRefused.
    """
    mend(corpus.pk)
    folder = folder_of(corpus)
    with files.locked(folder):
        corpus.refresh_from_db()
        coded = sample.code(folder, filled)
        projections.write_sample(folder)
        _told(corpus, keys_in(corpus.shown))
    return coded


def _values(changed: Mapping[int, Collection[str]]) -> dict[int, dict[str, Any]]:
    rows = Artifact.objects.shown().in_bulk(list(changed))
    return {key: {name: getattr(rows[key], name) for name in names} for key, names in changed.items() if key in rows}


def _told(corpus: Corpus, keys: list[int], *changed: str) -> None:
    """Keep what `changed`, recount the files and their checksums, and write the codebook that tells them."""
    folder = folder_of(corpus)
    sums = {path.name: _sum(path) for path in files.of(folder) if path.name != codebook.FILE}
    corpus.shown = packed(np.array(keys, dtype=np.uint64))
    corpus.tables = {
        "rows": tables.counts(folder),
        "sha256": sums,
        "codes": sample.counts(folder),
        "naming_their_owner": tables.naming_their_owner(keys),
    }
    codebook.write(folder, corpus)
    corpus.save(update_fields=["shown", "tables", *changed])


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
