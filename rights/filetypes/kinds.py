"""The short list of what is taken, and which of it bytes are. Pure.

A name is believed in nothing; where it claims another kind than the bytes are of, the file is refused.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from rights.filetypes.archives import end_of_archive, office_kind
from rights.filetypes.faults import BadFile, FileFault
from rights.filetypes.names import extension_of
from rights.filetypes.pictures import JPEG_SIGN, PNG_SIGN, check_jpeg, check_png
from rights.mail import BadMail, read


class FileKind(StrEnum):
    """What is taken."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    TEXT = "txt"
    DOCX = "docx"
    ODT = "odt"
    MAIL = "eml"


EXTENSIONS: Mapping[str, FileKind] = {**{kind.value: kind for kind in FileKind}, "jpeg": FileKind.JPEG}
# What a browser is told it gets: nothing that it opens by itself.
BYTES = "application/octet-stream"
MEDIA_TYPES: Mapping[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.TEXT: BYTES,
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.MAIL: BYTES,
}
PDF_SIGN, PDF_END = b"%PDF-", b"%%EOF"
TAIL, HEAD = 4096, 1024
ACTIVE = (b"<html", b"<script", b"<svg", b"<!doctype", b"<iframe", b"<body", b"<?php", b"<?xml", b"<hta:")
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
PROGRAMS = (b"#!", b"{\\rtf", b"%!PS", b"<")
EXECUTABLES = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"\xd0\xcf\x11\xe0")
ANY_TIME = datetime(9999, 1, 1, tzinfo=UTC)  # which date a mail bears is of no matter here


def kind_of(content: bytes, name: str = "") -> FileKind:
    """Which kind of file it is. Raises BadFile for anything else, and where the name claims another kind."""
    if not content.strip():
        raise BadFile(FileFault.EMPTY)
    claimed = extension_of(name)
    if claimed and claimed not in EXTENSIONS:
        raise BadFile(FileFault.NOT_TAKEN)
    found = _binary(content) or _text(content, claimed)
    if claimed and EXTENSIONS[claimed] != found:
        raise BadFile(FileFault.NOT_AS_NAMED)
    return found


def _binary(content: bytes) -> FileKind | None:
    """The kind by its first bytes, borne out by the rest; None where they say nothing."""
    if content.startswith(b"PK\x03\x04"):
        return FileKind(office_kind(content).value)
    for sign, kind in ((PDF_SIGN, FileKind.PDF), (PNG_SIGN, FileKind.PNG), (JPEG_SIGN, FileKind.JPEG)):
        if content.startswith(sign):
            _check_single(content, kind)
            return kind
    return None


def _check_single(content: bytes, kind: FileKind) -> None:
    """Raises BadFile for a file that is cut off, and for one that is of two kinds at once."""
    if kind == FileKind.PDF and PDF_END not in content[-TAIL:]:
        raise BadFile(FileFault.BROKEN)
    if kind == FileKind.PNG:
        check_png(content)
    if kind == FileKind.JPEG:
        check_jpeg(content)
    head = content[:HEAD].lower()
    is_two = end_of_archive(content) == len(content) or any(sign in head for sign in ACTIVE)
    if is_two or (kind != FileKind.PDF and PDF_SIGN in content[:HEAD]):
        raise BadFile(FileFault.AMBIGUOUS)


def _text(content: bytes, claimed: str) -> FileKind:
    """A mail, or plain text: nothing that a program would run or show as a page."""
    if claimed == FileKind.MAIL or not claimed:
        kind = _mail(content)
        if kind or claimed:
            return kind or _refused(FileFault.NOT_AS_NAMED)
    words = _decoded(content)
    if words is None or CONTROLS.search(words):
        raise BadFile(FileFault.NOT_AS_NAMED if claimed else FileFault.NOT_TAKEN)
    head = words.lstrip("\ufeff \t\r\n\f")[:HEAD].lower().encode("utf-8", "replace")
    if head.startswith(tuple(sign.lower() for sign in PROGRAMS)) or any(sign in head for sign in ACTIVE):
        raise BadFile(FileFault.NOT_TAKEN)
    return FileKind.TEXT


def _mail(content: bytes) -> FileKind | None:
    """A mail; None where it is none. Raises BadFile for one that holds a program, or other mails without end."""
    try:
        mail = read(content, at=ANY_TIME)
    except BadMail:
        return None
    if not (mail.sender or mail.message_id):
        return None
    if any(part.content.startswith(EXECUTABLES) for part in mail.parts):
        raise BadFile(FileFault.NESTED)
    return FileKind.MAIL


def _refused(fault: FileFault) -> FileKind:
    raise BadFile(fault)


def _decoded(content: bytes) -> str | None:
    """The bytes as text; None where they are none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        charsets: tuple[str, ...] = ("utf-16",)
    else:
        charsets = ("utf-8", "cp1252")
    for charset in charsets:
        try:
            return content.decode(charset)
        except UnicodeError:
            continue
    return None
