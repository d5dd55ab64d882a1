"""The interface for programs under load: an artifact beside a constant answer, and a long trace streamed in flat memory."""

import http.client
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter

from django.db.models import F
from django.utils import timezone

from access import accounts, tokens
from access.models import User
from access.roles import Role
from access.scopes import Scope
from benchmarks.serving import BEHIND_TLS, measured, served
from benchmarks.timing import Figure
from lineage import graph
from lineage.models import Artifact, Derivation, GraphState
from lineage.vocabulary import Certainty, Kind, Presence, Relation

TABLE = "interface for programs"
HOPS = 250_000
BATCH = 10_000
EACH = 100  # reads by each of eight readers


def figures() -> Iterator[Figure]:
    """An artifact by its key beside a constant answer behind the same token; then 250,000 hops as lines."""
    key = _root_of_a_long_trace()
    sent = {"Authorization": f"Bearer {_token()}"}
    address = f"/api/v1/artifacts/{key}/"
    with served() as (port, _server):
        yield measured(
            TABLE, "constant answer behind a token (the floor)", "/bench/constant.json", port, sent, each=EACH
        )
        yield measured(TABLE, "this project, an artifact by its key", address, port, sent, each=EACH)
        yield measured(TABLE, "this project, a page of 100 artifacts", "/api/v1/artifacts/", port, sent)
    with served(workers=1) as (port, server):
        yield _streamed(f"{address}trace.jsonl", port, sent, server)


def _root_of_a_long_trace() -> int:
    """The key of an artifact with 250,000 derivatives, made for it: made-up hubs of the usual size have none."""
    node = {"kind": Kind.MODEL, "presence": Presence.LISTED, "owner": "made-up-long"}
    root = Artifact.objects.create(**node, repo_id="made-up-long/root")
    edge = {"source": root, "relation": Relation.FINETUNE, "certainty": Certainty.RESOLVED, "held_from": timezone.now()}
    for start in range(0, HOPS, BATCH):
        rows = [Artifact(**node, repo_id=f"made-up-long/n{number}") for number in range(start, start + BATCH)]
        made = Artifact.objects.bulk_create(rows)
        Derivation.objects.bulk_create(Derivation(**edge, derived=row) for row in made)
    GraphState.objects.update(generation=F("generation") + 1)
    graph.build()
    return root.pk


def _token() -> str:
    at = timezone.now()
    account = User.objects.filter(username="bench-program").first() or accounts.create(
        username="bench-program", roles=[Role.RESEARCHER], by=None, at=at
    )
    return tokens.make(account=account, name="bench", scopes=[Scope.READ], days=1, at=at, is_verified=True)[1]


def _streamed(address: str, port: int, sent: Mapping[str, str], server: int) -> Figure:
    """Read all lines, looking at the server's memory at the first and then every ten thousand lines."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    start = perf_counter()
    connection.request("GET", address, headers={**BEHIND_TLS, **sent})
    answer = connection.getresponse()
    memory = []
    for number, _line in enumerate(answer, 1):
        if number % BATCH == 1:
            memory.append(_megabytes(server))
    if number != HOPS:
        raise RuntimeError(f"{number} lines instead of {HOPS}")
    seconds = perf_counter() - start
    note = f"server: {memory[0]:.0f} MB at the first line, at most {max(memory):.0f} MB, {memory[-1]:.0f} MB at the end"
    return Figure(TABLE, f"this project, {HOPS:,} hops streamed", "", seconds, note)


def _megabytes(server: int) -> float:
    """What the server's only worker holds in memory (Linux)."""
    worker = Path(f"/proc/{server}/task/{server}/children").read_text().split()[0]
    pages = int(Path(f"/proc/{worker}/statm").read_text().split()[1])
    return pages * 4096 / 1_000_000
