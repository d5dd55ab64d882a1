"""Questions put to the Hub one by one: what an old name means, what an account is. Within its rate limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from lineage import inquiries
from lineage.hub.client import HubClient, HubError, RateLimited
from lineage.vocabulary import Kind

FAILURES_IN_A_ROW = 5  # a single question may always fail; as many one after the other, and the Hub is down

Question = TypeVar("Question")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far the questions came. `wait_seconds`: the Hub asks to wait so long; `gave_up`: it no longer answers."""

    answered: int = 0
    failed: int = 0
    wait_seconds: float | None = None
    gave_up: bool = False


def put_to_hub(questions: Sequence[Question], ask: Callable[[Question], None]) -> Outcome:
    """Call `ask` with each question, until none is left or the Hub asks to wait or fails five times in a row.

    `ask` stores its answer itself and raises HubError where there is none.
    """
    answered = failed = in_a_row = 0
    for question in questions:
        try:
            ask(question)
        except RateLimited as limit:
            return Outcome(answered, failed, wait_seconds=limit.wait_seconds)
        except HubError:
            failed, in_a_row = failed + 1, in_a_row + 1
            if in_a_row == FAILURES_IN_A_ROW:
                return Outcome(answered, failed, gave_up=True)
        else:
            answered, in_a_row = answered + 1, 0
    return Outcome(answered, failed)


def ask_old_names(client: HubClient, *, clock: Callable[[], datetime], at_most: int | None = None) -> Outcome:
    """Ask the Hub what bare dataset names mean today, and keep the answers; `linking.link` draws on them."""

    def ask(question: tuple[Kind, str]) -> None:
        kind, name = question
        meaning = client.meaning(kind, name)
        inquiries.record_answer(
            kind=kind, name=name, answer=meaning.answer, repo_id=meaning.repo_id, hub_id=meaning.hub_id, at=clock()
        )

    return put_to_hub(inquiries.names_to_ask()[:at_most], ask)
