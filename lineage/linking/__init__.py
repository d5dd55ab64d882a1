"""From mentions, the listing and staff's verdicts to aliases, edges, parents and families.

Set-based, the same whatever the order in which records arrived, and idempotent: linking again changes no row.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lineage.linking.aliases import renew_aliases
from lineage.linking.desk import Desk, clear_desk
from lineage.linking.due import answers, is_due
from lineage.linking.edges import lay_out_edges, renew_edges
from lineage.linking.families import renew_families
from lineage.linking.nodes import fingerprint, lay_out_nodes
from lineage.linking.targets import lay_out_targets, sweep
from lineage.models import GraphState, HarvestRun

__all__ = ["Linked", "hold_genealogy", "link", "link_if_due", "relink"]


@dataclass(frozen=True, slots=True)
class Linked:
    """What one linking changed, in rows; `cycles_broken` counts those that stand broken now."""

    aliases_begun: int = 0
    aliases_ended: int = 0
    edges_begun: int = 0
    edges_ended: int = 0
    edges_reassessed: int = 0
    mentioned: int = 0
    swept: int = 0
    placed: int = 0
    cycles_broken: int = 0

    @property
    def changed(self) -> int:
        """Rows begun, ended, changed, made or deleted."""
        edges = self.edges_begun + self.edges_ended + self.edges_reassessed
        return edges + self.aliases_begun + self.aliases_ended + self.mentioned + self.swept + self.placed


@transaction.atomic
def link(*, at: datetime) -> Linked:
    """Link after a harvest that started at `at`: the genealogy is then as of that moment."""
    state = hold_genealogy()
    linked = _renew(state, at=at, sweeps=True)
    state.as_of, state.is_due, state.answers = at, False, answers()
    state.save(update_fields=["as_of", "is_due", "answers"])
    return linked


@transaction.atomic
def link_if_due(*, at: datetime, gone: int = 0) -> Linked:
    """Link after a harvest that started at `at`, where that may change anything.

    `gone`: how many artifacts the harvest marked as gone. The genealogy is as of that moment in any case.
    """
    state = hold_genealogy(amends=False)
    if is_due(state, gone=gone):
        return link(at=at)
    state.as_of = at
    state.save(update_fields=["as_of"])
    before = HarvestRun.objects.ended_well().order_by("pk").last()
    return Linked(cycles_broken=before.counts.get("cycles_broken", 0) if before else 0)


@transaction.atomic
def relink(*, at: datetime) -> Linked:
    """Link after a verdict or an answer given at `at`: the genealogy stays as of its latest harvest.

    Deletes no artifact, for a harvest may be storing records meanwhile.
    """
    return _renew(hold_genealogy(), at=at, sweeps=False)


def _renew(state: GraphState, *, at: datetime, sweeps: bool) -> Linked:
    with clear_desk() as own:
        linked = _link_on(own, at=at, sweeps=sweeps)
        nodes = fingerprint(own)
    if linked.changed or nodes != state.nodes:
        state.generation, state.nodes = state.generation + 1, nodes
        state.save(update_fields=["generation", "nodes"])
    return linked


def _link_on(own: Desk, *, at: datetime, sweeps: bool) -> Linked:
    aliases_begun, aliases_ended = renew_aliases(own, at=at)
    nodes = lay_out_nodes(own)
    mentioned = lay_out_targets(own)
    lay_out_edges(own, nodes)
    edges_begun, edges_ended, edges_reassessed = renew_edges(own, at=at)
    placed, cycles_broken = renew_families(own)
    return Linked(
        aliases_begun=aliases_begun,
        aliases_ended=aliases_ended,
        edges_begun=edges_begun,
        edges_ended=edges_ended,
        edges_reassessed=edges_reassessed,
        mentioned=mentioned,
        swept=sweep(own) if sweeps else 0,
        placed=placed,
        cycles_broken=cycles_broken,
    )


def hold_genealogy(*, amends: bool = True) -> GraphState:
    """The one row of the graph's state: until the transaction ends, nobody else links or amends.

    `amends`: what linking reads is about to change, so that the next harvest links everything.
    """
    GraphState.objects.get_or_create(pk=1)
    state = GraphState.objects.select_for_update().get(pk=1)
    if amends and not state.is_due:
        state.is_due = True
        state.save(update_fields=["is_due"])
    return state
