"""Mails that say that a mail of ours did not arrive. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]{1,240}>)", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """`message_id` of the mail that came back, "" where the report does not say; `status` as servers number it."""

    message_id: str
    status: str

    @property
    def for_good(self) -> bool:
        """Whether trying again is of no use."""
        return not self.status.startswith("4")


def bounce_of(message: Message) -> Bounce | None:
    """What a report of non-delivery says; None for any other mail, also for a report that it was delivered."""
    if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
        return None
    parts = list(_parts(message))
    status = _first(STATUS, (_text(part) for part in parts if part.get_content_type() == "message/delivery-status"))
    if status.startswith("2"):
        return None
    return Bounce(_first(MESSAGE_ID, (_text(part) for part in parts if part.get_content_type() in RETURNED)), status)


def _parts(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    return (part for part in payload if isinstance(part, Message)) if isinstance(payload, list) else iter(())


def _text(part: Message) -> str:
    """The part as it was sent, its own headers left out."""
    try:
        payload = part.get_payload()
        if isinstance(payload, list):
            return "\n\n".join(str(inner) for inner in payload)
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _first(pattern: re.Pattern[str], texts: Iterator[str]) -> str:
    return next((found[1] for text in texts if (found := pattern.search(text))), "")
