"""Texts of word processors, which are zip archives: looked into within bounds, never unpacked. Pure."""

import io
import re
import zipfile
from enum import StrEnum

from rights.filetypes.faults import BadFile, FileFault

MOST_MEMBERS = 2_000
MOST_UNPACKED = 100_000_000  # bytes, as the archive says
MOST_RATIO = 200  # of a member over `SMALL`: plain XML rarely packs to a hundredth
SMALL = 1_000_000
MOST_READ = 4_000_000  # of one member
END, END_SIZE, MOST_COMMENT = b"PK\x05\x06", 22, 65_535
ARCHIVES = re.compile(
    r"\.(zip|7z|rar|gz|tgz|bz2|xz|tar|jar|war|apk|cab|iso|docx|docm|xlsx|xlsm|pptx|odt|ods|odp)$", re.I
)
ACTIVE = re.compile(
    r"(vbaproject|vbadata|vbaprojectsignature|activex|/oleobject|(^|/)basic/|(^|/)scripts/)"
    r"|\.(exe|dll|scr|com|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|msi|py|sh|html?|svgz?|swf|class)$",
    re.I,
)
OUTSIDE = re.compile(
    rb"""<Relationship\b(?=[^>]*TargetMode\s*=\s*["']External)(?![^>]*Type\s*=\s*["'][^"']*/hyperlink["'])""", re.I
)
ODT_OUTSIDE = re.compile(
    rb"""<(?:draw:(?:image|object|object-ole|plugin|applet|floating-frame)|text:section-source)\b[^>]*"""
    rb"""xlink:href\s*=\s*["'](?:[a-z][a-z0-9+.-]*:|//|\\\\)""",
    re.I,
)
DOCX_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ODT_MAIN = b"application/vnd.oasis.opendocument.text"


class Office(StrEnum):
    """Which text of a word processor an archive is."""

    DOCX = "docx"
    ODT = "odt"


def office_kind(content: bytes) -> Office:
    """Which one it is, as its members say. Raises BadFile for any other archive, and for what may do something."""
    if end_of_archive(content) != len(content):
        raise BadFile(FileFault.AMBIGUOUS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _weigh(members, len(content))
            _check_names([member.filename for member in members])
            return _read(archive, {member.filename for member in members})
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, KeyError, EOFError, NotImplementedError, OSError):
        raise BadFile(FileFault.BROKEN) from None
    except (RuntimeError, zipfile.zlib.error):  # type: ignore[attr-defined]  # a password, a stream that is none
        raise BadFile(FileFault.BROKEN) from None


def end_of_archive(content: bytes) -> int:
    """Where a zip archive that is among these bytes ends; 0 for none."""
    place = content.rfind(END, max(0, len(content) - END_SIZE - MOST_COMMENT))
    if place < 0 or place + END_SIZE > len(content):
        return 0
    return place + END_SIZE + int.from_bytes(content[place + 20 : place + 22], "little")


def _weigh(members: list[zipfile.ZipInfo], size: int) -> None:
    """Raises BadFile for more than any letter holds."""
    if any(member.flag_bits & 0x1 for member in members):
        raise BadFile(FileFault.LOCKED)
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or packed > size:  # packed > size: they overlap
        raise BadFile(FileFault.BOMB)
    if any(one.file_size > SMALL and one.file_size > MOST_RATIO * max(one.compress_size, 1) for one in members):
        raise BadFile(FileFault.BOMB)


def _check_names(names: list[str]) -> None:
    """Raises BadFile for names that lead out of the archive, stand there twice, or are of what does something."""
    if len(names) != len({name.casefold() for name in names}) or any(_leads_out(name) for name in names):
        raise BadFile(FileFault.BROKEN)
    if any(ARCHIVES.search(name) for name in names):
        raise BadFile(FileFault.NESTED)
    if any(ACTIVE.search(name) for name in names):
        raise BadFile(FileFault.MACROS)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/")


def _read(archive: zipfile.ZipFile, names: set[str]) -> Office:
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return _docx(archive, names)
    if "mimetype" in names and "content.xml" in names:
        return _odt(archive, names)
    raise BadFile(FileFault.NOT_TAKEN)


def _docx(archive: zipfile.ZipFile, names: set[str]) -> Office:
    types = _member(archive, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise BadFile(FileFault.MACROS)
    if DOCX_MAIN not in types:
        raise BadFile(FileFault.NOT_TAKEN)
    _check_entities(types)
    for name in names:
        if name.endswith(".rels") and OUTSIDE.search(_member(archive, name)):
            raise BadFile(FileFault.EXTERNAL)
    _check_entities(_member(archive, "word/document.xml"))
    return Office.DOCX


def _odt(archive: zipfile.ZipFile, names: set[str]) -> Office:
    if _member(archive, "mimetype").strip() != ODT_MAIN:
        raise BadFile(FileFault.NOT_TAKEN)
    for name in names & {"content.xml", "styles.xml"}:
        said = _member(archive, name)
        _check_entities(said)
        if b"<script:event-listener" in said:
            raise BadFile(FileFault.MACROS)
        if ODT_OUTSIDE.search(said):
            raise BadFile(FileFault.EXTERNAL)
    return Office.ODT


def _check_entities(said: bytes) -> None:
    """Raises BadFile for a document type of its own: by it a few lines become gigabytes, or fetch another file."""
    if b"<!DOCTYPE" in said or b"<!ENTITY" in said:
        raise BadFile(FileFault.BOMB)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a member, as much of it as any letter needs."""
    with archive.open(name) as member:
        content = member.read(MOST_READ + 1)
    if len(content) > MOST_READ:
        raise BadFile(FileFault.TOO_LARGE)
    return content
