"""The codebook of a corpus: what it is, what each column means, what was withdrawn, and how to cite it."""

import json
from pathlib import Path
from typing import Any

from lineage.corpora import files, tables
from lineage.models import Corpus

FILE = "codebook.json"


def write(folder: Path, corpus: Corpus) -> None:
    """Write it from the row of the corpus."""
    with files.text_file(folder / FILE) as file:
        json.dump(_told(corpus), file, indent=1, ensure_ascii=False)


def _told(corpus: Corpus) -> dict[str, Any]:
    as_of = corpus.as_of.isoformat() if corpus.as_of else None
    return {
        "notice": tables.NOTICE,
        "citation": f"Genealogy of models and datasets, corpus {corpus.pk}, frozen {corpus.frozen_at:%Y-%m-%d}, "
        f"harvest of {as_of}, parser {corpus.parser_version}.",
        "definition": corpus.definition,
        "frozen_at": corpus.frozen_at.isoformat(),
        "as_of": as_of,
        "parser_version": corpus.parser_version,
        "labels": "Labels of accounts are the same in every corpus, page and answer of this installation.",
        "names": "The part after the slash is the Hub's own: it may name somebody, so a label is a pseudonym, never "
        "anonymous. “naming_their_owner” counts the artifacts that bear the name of their masked owner there.",
        "naming_their_owner": corpus.tables["naming_their_owner"],
        "sample": "Edges drawn at random, each as likely as any other, with the number of the corpus as the seed.",
        "codes": corpus.tables["codes"],
        "replaced_at": corpus.replaced_at.isoformat() if corpus.replaced_at else None,
        "withdrawn": corpus.withdrawn,
        "rows": corpus.tables["rows"],
        "sha256": corpus.tables["sha256"],
        "tables": {
            table: {name: {"type": str(kind), "meaning": words} for name, (kind, words) in columns.items()}
            for table, columns in tables.COLUMNS.items()
        },
    }
