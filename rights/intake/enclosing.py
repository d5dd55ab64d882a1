"""Files that come with a letter: checked by their content, within the bounds of the settings, and kept sealed."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rights.filetypes import BadFile, FileFault, FileKind, file_name, kind_of
from rights.mail import Part
from rights.mail.plain import one_line
from rights.models import Attachment, IncomingLetter

MEGABYTE = 1_000_000
LONGEST_NAME = 120
FAULTS: Mapping[FileFault, Promise] = {
    FileFault.EMPTY: gettext_lazy("it is empty"),
    FileFault.TOO_LARGE: gettext_lazy("it is too large"),
    FileFault.NOT_TAKEN: gettext_lazy("it is none of PDF, PNG, JPEG, plain text, .docx, .odt and .eml"),
    FileFault.NOT_AS_NAMED: gettext_lazy("its content is not what its name says"),
    FileFault.BROKEN: gettext_lazy("it is damaged or cut off"),
    FileFault.AMBIGUOUS: gettext_lazy("it is of two kinds at once"),
    FileFault.BOMB: gettext_lazy("it would take too much memory to open"),
    FileFault.NESTED: gettext_lazy("it holds another archive or a program"),
    FileFault.LOCKED: gettext_lazy("it is locked by a password"),
    FileFault.MACROS: gettext_lazy("it holds macros or a program"),
    FileFault.EXTERNAL: gettext_lazy("it fetches something from elsewhere when it is opened"),
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that is taken."""

    name: str
    kind: FileKind
    content: bytes


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not: its name on one line, and why, in words."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name or '–'}: {self.why}"


def sorted_out(parts: Iterable[Part]) -> tuple[list[Enclosed], list[LeftOut]]:
    """Which of these files are taken, and which are not and why. A file that comes twice is taken once."""
    taken: dict[str, Enclosed] = {}
    left: list[LeftOut] = []
    total = 0
    for part in parts:
        found = _looked_at(part, count=len(taken), total=total)
        if isinstance(found, LeftOut):
            left.append(found)
        elif (digest := fingerprint(found.content)) not in taken:
            taken[digest] = found
            total += len(found.content)
    return list(taken.values()), left


def enclose(letter: IncomingLetter, files: Iterable[Enclosed]) -> None:
    """Keep the files, sealed, with their letter."""
    for file in files:
        Attachment.objects.create(
            letter=letter,
            name=file.name,
            kind=file.kind.value,
            size=len(file.content),
            sha256=fingerprint(file.content),
            content=file.content,
        )


def fingerprint(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _looked_at(part: Part, *, count: int, total: int) -> Enclosed | LeftOut:
    shown = one_line(part.name, most=LONGEST_NAME)
    if count >= settings.ATTACHMENTS_PER_LETTER:
        why = _("a letter has {count} files at most").format(count=settings.ATTACHMENTS_PER_LETTER)
        return LeftOut(shown, why)
    too_large = _too_large(len(part.content), total)
    if too_large:
        return LeftOut(shown, too_large)
    try:
        kind = kind_of(part.content, part.name)
    except BadFile as bad:
        return LeftOut(shown, str(FAULTS[bad.fault]))
    return Enclosed(file_name(part.name, kind.value), kind, part.content)


def _too_large(size: int, total: int) -> str:
    """Why a file of this size is too large after `total` bytes of others; "" where it is not."""
    if size > settings.ATTACHMENT_MEGABYTES * MEGABYTE:
        return _("a file has {size} MB at most").format(size=settings.ATTACHMENT_MEGABYTES)
    if total + size > settings.ATTACHMENTS_MEGABYTES * MEGABYTE:
        return _("the files of a letter have {size} MB together at most").format(size=settings.ATTACHMENTS_MEGABYTES)
    return ""
