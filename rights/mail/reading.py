"""A letter that came as a file of mail: who sent it, when we received it, what it says, what came with it. Pure.

What a mail says of itself is its sender's word. Only the topmost Received header was written by our own server;
an agent confirms the date before it counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime

from rights.mail.bounces import Bounce, bounce_of
from rights.mail.bounded import BadMail, Fault, parsed
from rights.mail.plain import cleaned, decoded, one_line, without_markup

__all__ = ["BadMail", "Fault", "Mail", "Part", "read"]

MOST_REFERENCES = 50
OLDEST_DAYS = 366  # a date before that is a clock that was wrong, or an old letter: not proposed
# What the library raises for headers that somebody made to break it.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
MESSAGE_ID = re.compile(r"<[^<>\s]{1,240}>")
ADDRESS = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that came with a mail. `name`: as its sender called it, on one line."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. `received_at` is a proposal: None where nothing in it is to be believed."""

    sender: str
    sender_name: str
    subject: str
    received_at: datetime | None
    by_our_server: bool
    text: str
    parts: tuple[Part, ...]
    message_id: str
    follows: tuple[str, ...]
    bounce: Bounce | None
    automatic: bool


def read(content: bytes, *, at: datetime) -> Mail:
    """The mail in these bytes, read at the moment `at`. Raises BadMail: then nothing of it is to be kept."""
    message = parsed(content)
    if not any(header in message for header in ("from", "date", "received", "message-id", "subject")):
        raise BadMail(Fault.NO_MAIL)
    try:
        return _read(message, at)
    except RecursionError:
        raise BadMail(Fault.TOO_NESTED) from None


def _read(message: EmailMessage, at: datetime) -> Mail:
    name, address = parseaddr(header(message, "from"))
    received = _server_date(message, at)
    return Mail(
        sender=address if ADDRESS.fullmatch(address) else "",
        sender_name=one_line(name),
        subject=one_line(header(message, "subject")),
        received_at=received or _believable(header(message, "date"), at),
        by_our_server=received is not None,
        text=cleaned("\n\n".join(_texts(message))),
        parts=tuple(_attached(message)),
        message_id="".join(MESSAGE_ID.findall(header(message, "message-id"))[:1]),
        follows=_follows(message),
        bounce=bounce_of(message),
        automatic=header(message, "auto-submitted").partition(";")[0].strip().lower() not in ("", "no"),
    )


def header(message: Message, name: str) -> str:
    """The first header of this name on one line, or "": what cannot be read counts as missing."""
    try:
        return one_line(str(message.get(name, "")), most=4000)
    except UNREADABLE:
        return ""


def _follows(message: EmailMessage) -> tuple[str, ...]:
    """The mails that this one answers, the nearest first, each once."""
    nearest = MESSAGE_ID.findall(header(message, "in-reply-to"))
    before = MESSAGE_ID.findall(header(message, "references"))[::-1]
    return tuple(dict.fromkeys([*nearest, *before]))[:MOST_REFERENCES]


def _server_date(message: EmailMessage, at: datetime) -> datetime | None:
    """When the last server on the way, ours, took it."""
    return _believable(header(message, "received").rpartition(";")[2], at)


def _believable(text: str, at: datetime) -> datetime | None:
    """The moment that is written there, unless it lies in the future or long past."""
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if at - timedelta(days=OLDEST_DAYS) <= moment <= at else None


def _texts(part: Message) -> Iterator[str]:
    """What is to be read, in its order: of alternatives the plain one, unless it is empty."""
    if part.get_content_type() == "multipart/alternative":
        yield from _best(part)
    elif part.is_multipart() and part.get_content_maintype() == "multipart":
        for inner in _inner(part):
            yield from _texts(inner)
    elif not _is_attached(part):
        yield _text_of(part)


def _best(part: Message) -> Iterator[str]:
    """Plain words before marked-up ones; the first alternative that says anything."""
    ordered = sorted(_inner(part), key=lambda inner: inner.get_content_type() != "text/plain")
    for inner in ordered:
        texts = [text for text in _texts(inner) if text.strip()]
        if texts:
            yield from texts
            return


def _attached(message: Message) -> Iterator[Part]:
    """What is not to be read as text, forwarded mails whole."""
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for inner in _inner(message):
            yield from _attached(inner)
    elif _is_attached(message):
        yield Part(_name_of(message), _bytes_of(message))


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _is_attached(part: Message) -> bool:
    """Whether it is a file: by its disposition, its name or its type."""
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
        return True
    return bool(_name_of(part)) or part.get_content_type() not in ("text/plain", "text/html")


def _name_of(part: Message) -> str:
    try:
        return one_line(part.get_filename() or "", most=120)
    except UNREADABLE:
        return ""


def _bytes_of(part: Message) -> bytes:
    """The content of a leaf, or the whole of a forwarded mail."""
    try:
        if part.is_multipart():
            return b"\n".join(inner.as_bytes() for inner in _inner(part))
        payload = part.get_payload(decode=True)
    except UNREADABLE:
        return b""
    return payload if isinstance(payload, bytes) else b""


def _text_of(part: Message) -> str:
    text = decoded(_bytes_of(part), part.get_content_charset())
    return without_markup(text) if part.get_content_type() == "text/html" else text
