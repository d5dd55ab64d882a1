"""Others' ancestors and descendants, at every moment, are the same sets without what left."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.contraction import Step, bridges

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def on(day):
    return DAY + timedelta(days=day)


def step(source, derived, begins=0, ends=None, rank=1):
    return Step(source, derived, on(begins), None if ends is None else on(ends), rank)


def told(steps, *leaving):
    touching = [one for one in steps if one.source in leaving or one.derived in leaving]
    return sorted(
        (one.source, one.derived, (one.held_from - DAY).days, one.held_until and (one.held_until - DAY).days, one.rank)
        for one in bridges(touching, leaving)
    )


A, X, Y, B, C = range(1, 6)


@pytest.mark.parametrize(
    ("steps", "bridged"),
    [
        ([step(A, X), step(X, B)], [(A, B, 0, None, 1)]),
        ([step(A, X, rank=0), step(X, B, rank=3)], [(A, B, 0, None, 3)]),
        ([step(A, X, 2, 9), step(X, B, 5)], [(A, B, 5, 9, 1)]),
        ([step(A, X, 2, 4), step(X, B, 4)], []),
        ([step(A, X, 3, 3), step(X, B)], []),
        ([step(A, X), step(X, Y), step(Y, B)], [(A, B, 0, None, 1)]),
        ([step(A, X), step(X, Y), step(Y, X), step(Y, B)], [(A, B, 0, None, 1)]),
        ([step(A, X), step(X, A)], []),
        ([step(A, X), step(X, B), step(X, C)], [(A, B, 0, None, 1), (A, C, 0, None, 1)]),
        ([step(X, B), step(X, C)], []),
        # Two ways at once: the surest; one after the other: one stretch where they meet, else two.
        ([step(A, X, rank=3), step(X, B), step(A, Y), step(Y, B)], [(A, B, 0, None, 1)]),
        ([step(A, X, 0, 5), step(X, B), step(A, Y, 5), step(Y, B, rank=2)], [(A, B, 0, None, 2)]),
        ([step(A, X, 0, 5), step(X, B), step(A, Y, 7), step(Y, B)], [(A, B, 0, 5, 1), (A, B, 7, None, 1)]),
    ],
)
def test_what_takes_the_place_of_the_ways_through(steps, bridged):
    assert told(steps, X, Y) == bridged


NODES = range(7)
edges = st.builds(
    lambda ends, begins, lasts, rank: step(ends[0], ends[1], begins, None if lasts is None else begins + lasts, rank),
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda ends: ends[0] != ends[1]),
    st.integers(0, 6),
    st.none() | st.integers(0, 6),
    st.integers(0, 3),
)


def descendants(steps, origin, day):
    """By plain search over the edges of one day; the day begins with `held_from` and is over with `held_until`."""
    reached, waiting = set(), [origin]
    while waiting:
        node = waiting.pop()
        for one in steps:
            holds = one.held_from <= day and (one.held_until is None or day < one.held_until)
            if one.source == node and holds and one.derived not in reached:
                reached.add(one.derived)
                waiting.append(one.derived)
    return reached - {origin}


@settings(deadline=None, max_examples=200)
@given(st.lists(edges, max_size=16), st.sets(st.sampled_from(NODES), max_size=4))
def test_everybody_else_keeps_their_descendants_at_every_moment(steps, leaving):
    touching = [one for one in steps if {one.source, one.derived} & leaving]
    after = [one for one in steps if one not in touching] + list(bridges(touching, leaving))
    for day in (on(number) for number in range(14)):
        for node in set(NODES) - leaving:
            assert descendants(after, node, day) == descendants(steps, node, day) - leaving
