"""Which step of a right may follow which: the one table, and what each move needs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rights.vocabulary import State


class Move(StrEnum):
    """What can happen to one right of a case."""

    VERIFY = "verify"
    DECIDE = "decide"
    DISMISS = "dismiss"
    FULFIL = "fulfil"
    WITHDRAW = "withdraw"
    GIVE_UP = "give_up"
    REDIRECT = "redirect"
    CORRECT = "correct"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: from any of `before` to `after`."""

    before: frozenset[State]
    after: State


def _step(after: State, *before: State) -> Step:
    return Step(frozenset(before), after)


TABLE: Mapping[Move, Step] = {
    Move.VERIFY: _step(State.VERIFIED, State.RECEIVED),
    Move.DECIDE: _step(State.DECIDED, State.VERIFIED),
    # A refusal that hangs on no identity: an organisation, a right that does not apply, nothing held.
    Move.DISMISS: _step(State.DECIDED, State.RECEIVED),
    Move.FULFIL: _step(State.FULFILLED, State.DECIDED),
    Move.WITHDRAW: _step(State.WITHDRAWN, State.RECEIVED, State.VERIFIED, State.DECIDED),
    Move.GIVE_UP: _step(State.NOT_IDENTIFIED, State.RECEIVED),
    Move.REDIRECT: _step(State.REDIRECTED, State.RECEIVED, State.VERIFIED),
    # A wrong click, or a person who comes back: from the start, so that every check is made again.
    Move.CORRECT: _step(State.RECEIVED, State.VERIFIED, State.DECIDED),
    Move.REOPEN: _step(State.RECEIVED, State.FULFILLED, State.WITHDRAWN, State.NOT_IDENTIFIED, State.REDIRECTED),
}
ENDS = frozenset({State.FULFILLED, State.WITHDRAWN, State.NOT_IDENTIFIED, State.REDIRECTED})


def after(state: str, move: Move) -> State | None:
    """Where the move leads from this state; None where it may not be made."""
    return TABLE[move].after if state in TABLE[move].before else None


def offered(state: str) -> list[Move]:
    """The moves that may be made from this state, in the order of the work."""
    return [move for move in TABLE if after(state, move)]
