"""What the Hub answered, as the client hands it on. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from lineage.vocabulary import AccountKind


@dataclass(frozen=True, slots=True)
class Page:
    """Raw records of one list page. `next_url` is None on the last.

    `total`: records of the whole listing where the Hub says so. `wait_seconds`: how long to leave the Hub alone
    before the next request, 0 where it takes more.
    """

    records: list[object]
    next_url: str | None
    total: int | None = None
    wait_seconds: float = 0.0


class Answer(StrEnum):
    """What the Hub says of a name."""

    REDIRECT = "redirect"
    SAME = "same"
    ABSENT = "absent"  # or not public: the Hub does not tell them apart


class Meaning(NamedTuple):
    """The repository that a name means. `repo_id` and `hub_id` are "" where there is none, or it is not said."""

    answer: Answer
    repo_id: str = ""
    hub_id: str = ""


class Overview(NamedTuple):
    """All that is read of an account's overview."""

    kind: AccountKind
    full_name: str = ""
