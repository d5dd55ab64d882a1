"""One answer of each operation, made up, for the description of the interface: what stands in it and how it looks."""

import json
from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]

_LABEL = "compte-7mq2xk4abc"
_BASE: Row = {"id": 12, "kind": "model", "repo_id": "made-up-lab/base-7b"}
_TUNED: Row = {"id": 31, "kind": "model", "repo_id": f"{_LABEL}/base-7b-chat"}
_ORGANISATION: Row = {"id": 3, "kind": "organisation", "name": "made-up-lab"}
_HARVESTED = "2026-11-02T04:00:00+01:00"

_ARTIFACT: Row = {
    "id": 31,
    "kind": "model",
    "repo_id": _TUNED["repo_id"],
    "masked": True,
    "author": {"id": 9, "kind": "person", "name": _LABEL},
    "presence": "listed",
    "gone_since": None,
    "created_at": "2026-03-14T09:26:53+01:00",
    "modified_at": "2026-05-01T12:00:00+02:00",
    "license": "apache-2.0",
    "task": "text-generation",
    "library": "transformers",
    "languages": ["en", "fr"],
    "tags": ["chat", "conversational"],
    "gated": "",
    "disabled": False,
    "size": 14_500_000_000,
    "parent": 12,
    "family": 12,
    "downloads": 1_204,
    "likes": 7,
}
_EDGE: Row = {
    "id": 57,
    "source": _BASE,
    "derived": _TUNED,
    "relation": "finetune",
    "certainty": "resolved",
    "held_from": _HARVESTED,
    "held_until": None,
}
_AUTHOR: Row = {**_ORGANISATION, "full_name": "Made-up laboratory", "artifacts": 41}
_FAMILY: Row = {"id": 12, "root": _BASE, "members": 380}
_ALIAS: Row = {
    "id": 4,
    "kind": "model",
    "name": "base-7b",
    "artifact": _BASE,
    "origin": "redirect",
    "held_from": _HARVESTED,
    "held_until": None,
}
_WEEK: Row = {"id": 800, "artifact": 31, "week": "2026-10-26", "downloads": 1_204, "likes": 7}
_RUN: Row = {
    "id": 8,
    "source": "hub",
    "state": "complete",
    "created_at": _HARVESTED,
    "started_at": _HARVESTED,
    "ended_at": "2026-11-02T04:31:10+01:00",
    "counts": {"rows": 4_012_345, "created": 5_120},
}
_HOP: Row = {
    "artifact": _TUNED,
    "depth": 1,
    "relation": "finetune",
    "certainty": "resolved",
    "path_certainty": "resolved",
    "via": _BASE,
    "downloads": 1_204,
    "likes": 7,
}
_TRACE: Row = {
    "origin": _BASE,
    "direction": "downstream",
    "as_of": _HARVESTED,
    "filters": {"certainty": "declared", "relation": [], "kind": [], "presence": [], "depth": None},
    "count": 379,
}
_PUBLISHER: Row = {"author": _ORGANISATION, "kind": "organisation", "artifacts": 40, "downloads": 52_000}
_WAY = [
    {
        "source": _BASE,
        "derived": _TUNED,
        "edges": [{"relation": "finetune", "certainty": "resolved"}],
        "evidence": [
            {
                "field": "base_model_tag",
                "target": _BASE["repo_id"],
                "relation": "finetune",
                "resolved": True,
                "since": _HARVESTED,
            }
        ],
    }
]
_TABLE: Row = {
    "measure": "licences",
    "total": 1_000,
    "others": 120,
    "left_out": 14,
    "lines": [{"label": "apache-2.0", "number": 880.0, "share": 0.88, "artifacts": []}],
}


def _page(row: Row, address: str) -> Row:
    return {"next": f"https://genealogy.example/api/v1/{address}?cursor=MTAw", "results": [row]}


def _lines(row: Row) -> str:
    return json.dumps(row) + "\n"


ASKED: Mapping[str, Any] = {"artifact_look_up": {"kind": "model", "repo_id": "made-up-lab/base-7b"}}
ANSWERED: Mapping[str, Any] = {
    "artifacts": _page(_ARTIFACT, "artifacts/"),
    "artifact_lines": _lines(_ARTIFACT),
    "artifact": _ARTIFACT,
    "artifact_look_up": _ARTIFACT,
    "derivations": _page(_EDGE, "derivations/"),
    "derivation_lines": _lines(_EDGE),
    "authors": _page(_AUTHOR, "authors/"),
    "author": _AUTHOR,
    "families": _page(_FAMILY, "families/"),
    "family": _FAMILY,
    "aliases": _page(_ALIAS, "aliases/"),
    "alias_lines": _lines(_ALIAS),
    "weekly_counters": _page(_WEEK, "weekly-counters/"),
    "weekly_counter_lines": _lines(_WEEK),
    "harvests": _page(_RUN, "harvests/"),
    "harvest": _RUN,
    "harvest_differences": _page({"change": "begun", **_EDGE}, "harvests/8/differences/"),
    "trace": {**_TRACE, **_page(_HOP, "artifacts/12/trace/")},
    "trace_lines": _lines(_HOP),
    "trace_publishers": {
        "accounts": {"organisation": 1, "person": 214, "unknown": 30},
        **_page(_PUBLISHER, "artifacts/12/trace/publishers/"),
    },
    "paths": {"origin": _BASE, "target": _TUNED, "more": False, "paths": [_WAY]},
    "statistics": {"year": "2026", "family": None, "tables": [_TABLE]},
    "coverage": {
        "as_of": _HARVESTED,
        "generation": 96,
        "models": 3_100_000,
        "datasets": 1_000_000,
        "silent_models": 2_230_000,
        "unnamed_models": 31_000,
        "unusable": {"placeholder": 40_211, "path": 9_804},
    },
}
