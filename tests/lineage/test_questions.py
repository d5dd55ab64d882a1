"""Questions go on past one that fails, stop where the Hub is down, and wait where it asks for it."""

import pytest

from lineage.hub.client import BadPage, HubUnavailable, RateLimited
from lineage.questions import Outcome, put_to_hub

OK, BAD, DOWN, WAIT = None, BadPage("odd"), HubUnavailable("down"), RateLimited(30)


@pytest.mark.parametrize(
    ("answers", "outcome", "asked"),
    [
        pytest.param([], Outcome(), 0, id="no question"),
        pytest.param([OK, OK], Outcome(answered=2), 2, id="all answered"),
        pytest.param([OK, BAD, OK], Outcome(answered=2, failed=1), 3, id="one fails"),
        pytest.param([OK, WAIT, OK], Outcome(answered=1, wait_seconds=30), 2, id="the Hub asks to wait"),
        pytest.param([DOWN] * 9, Outcome(failed=5, gave_up=True), 5, id="the Hub is down"),
        pytest.param([DOWN] * 4 + [OK] + [DOWN] * 4, Outcome(answered=1, failed=8), 9, id="never five in a row"),
    ],
)
def test_how_far_the_questions_come(answers, outcome, asked):
    put = []

    def ask(answer):
        put.append(answer)
        if answer is not OK:
            raise answer

    assert put_to_hub(answers, ask) == outcome
    assert len(put) == asked
