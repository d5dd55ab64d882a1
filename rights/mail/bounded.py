"""Mail parsed within bounds: nothing that a stranger sends may take our time or memory. Pure."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from enum import StrEnum
from typing import Any, cast

MOST_BYTES = 20_000_000
MOST_LINES = 400_000  # 20 MB of base64 are 263,000
MOST_CONTAINERS = 25  # a forwarded mail in a forwarded mail has four or five
MOST_PARTS = 100
MOST_HEADERS = 1_000
MOST_HEADER_CHARACTERS = 8_000  # of one header, its continuations included


class Fault(StrEnum):
    """Why bytes are no mail that we take."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_NESTED = "too_nested"
    TOO_MANY_HEADERS = "too_many_headers"
    UNREADABLE = "unreadable"
    NO_MAIL = "no_mail"


class BadMail(Exception):
    """The bytes are no mail, or one that is refused unread; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Bounded(EmailPolicy):
    """Today's rules of reading, but for headers that are too long or too many."""

    budget: list[int] = []  # one number: how many headers may still come

    def header_source_parse(self, sourcelines: Any) -> tuple[str, str]:
        self.budget[0] -= 1
        if self.budget[0] < 0 or sum(map(len, sourcelines)) > MOST_HEADER_CHARACTERS:
            raise BadMail(Fault.TOO_MANY_HEADERS)
        return super().header_source_parse(sourcelines)


def parsed(content: bytes) -> EmailMessage:
    """The message these bytes hold, its parts counted. Raises BadMail."""
    _weigh(content)
    try:
        return cast(EmailMessage, message_from_bytes(content, policy=_policy()))
    except RecursionError:
        raise BadMail(Fault.TOO_NESTED) from None
    except (ValueError, LookupError, TypeError, AttributeError):  # what odd headers make the library raise
        raise BadMail(Fault.UNREADABLE) from None


def _policy() -> Bounded:
    """The rules for one mail, which count its headers and its parts as they are met."""
    left = [MOST_PARTS]

    def part(policy: Any = None) -> EmailMessage:
        left[0] -= 1
        if left[0] < 0:
            raise BadMail(Fault.TOO_NESTED)
        return EmailMessage(policy)

    rules: Any = Bounded  # the types know nothing of what a policy of one's own adds
    return cast(Bounded, rules(budget=[MOST_HEADERS], message_factory=part))


def _weigh(content: bytes) -> None:
    """Raises BadMail for what is not worth, or not safe to be, parsed."""
    if not content.strip():
        raise BadMail(Fault.EMPTY)
    if len(content) > MOST_BYTES or content.count(b"\n") + content.count(b"\r") > 2 * MOST_LINES:
        raise BadMail(Fault.TOO_LARGE)
    lowered = content.lower()
    if lowered.count(b"multipart/") + lowered.count(b"message/rfc822") > MOST_CONTAINERS:
        raise BadMail(Fault.TOO_NESTED)
