"""Small files of each kind that is taken, and the makers of hostile ones. Everything is made up here."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
ODT_TYPE = "application/vnd.oasis.opendocument.text"
EML = b"From: Zoe <zoe@canari.example>\nDate: Mon, 2 Nov 2026 09:00:00 +0100\nMessage-ID: <1@canari.example>\n\nhello\n"
TEXT = b"Bonjour, voici ma demande.\n"
ELF, EXE = b"\x7fELF\x02\x01\x01" + b"\0" * 60, b"MZ\x90\0" + b"\0" * 60


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int = 1, height: int = 1) -> bytes:
    """A grey picture; only its header is true for large sizes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1, comment: bytes = b"") -> bytes:
    """As much of a JPEG as is looked at."""
    said = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + said + frame + b"\xff\xda\0\2\x00\xff\xd9"


def zipped(members: dict[str, str | bytes], *, packed: bool = True) -> bytes:
    """An archive of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, said in members.items():
            archive.writestr(name, said)
    return content.getvalue()


def docx(**more: str | bytes) -> bytes:
    """A Word text, with further members."""
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<w:document/>", **more})


def odt(content: str = "<office/>", **more: str | bytes) -> bytes:
    """An OpenDocument text."""
    return zipped({"mimetype": ODT_TYPE, "content.xml": content, **more})


def patched(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same bytes with one thing lied about."""
    assert old in content
    return content.replace(old, new)


def locked() -> bytes:
    """A Word text whose members claim to be encrypted."""
    content = bytearray(docx())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(sign)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(sign, start + 1)
    return bytes(content)


def bomb() -> bytes:
    """A Word text that unpacks to a hundred times of what any letter holds."""
    return docx(**{"word/media/a.xml": b"\0" * 30_000_000})


def overlapping() -> bytes:
    """An archive whose members all point at the same packed bytes."""
    content = docx(**{"word/big.xml": bytes(range(256)) * 200})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("word/big.xml").compress_size
    at = content.find(b"PK\x01\x02")
    size_bytes = struct.pack("<I", size)
    table = bytearray(content[at:])
    start = 0
    while (start := table.find(b"PK\x01\x02", start)) >= 0:
        table[start + 20 : start + 24] = struct.pack("<I", len(content))
        start += 1
    assert size_bytes
    return content[:at] + bytes(table)


def external(kind: str = "attachedTemplate") -> bytes:
    """A Word text that fetches something."""
    rels = (
        f'<Relationships><Relationship Id="a" Type="http://schemas/{kind}" '
        'Target="https://evil.example/x.dotm" TargetMode="External"/></Relationships>'
    )
    return docx(**{"word/_rels/document.xml.rels": rels})


GOOD: list[tuple[str, bytes, str]] = [
    ("a.pdf", PDF, "pdf"),
    ("a.PDF", PDF, "pdf"),
    ("scan", PDF, "pdf"),
    ("a.pdf ", PDF, "pdf"),
    ("a.png", png(), "png"),
    ("a.jpg", jpeg(), "jpg"),
    ("a.jpeg", jpeg(), "jpg"),
    ("a.txt", TEXT, "txt"),
    ("", TEXT, "txt"),
    ("a.txt", "è café".encode("cp1252"), "txt"),
    ("a.txt", "bonjour".encode("utf-16"), "txt"),
    ("a.docx", docx(), "docx"),
    ("a.docx", external("hyperlink"), "docx"),
    ("a.odt", odt(), "odt"),
    ("a.eml", EML, "eml"),
    ("", EML, "eml"),
    ("a.txt", EML, "txt"),
    ("with script.pdf", PDF.replace(b"/Type/Catalog", b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "pdf"),
]
# name, bytes, why it is refused
HOSTILE: list[tuple[str, bytes, str]] = [
    ("nothing.pdf", b"", "empty"),
    ("blank.txt", b" \n\t ", "empty"),
    ("program.pdf", EXE, "not_as_named"),
    ("program.txt", ELF, "not_as_named"),
    ("program", EXE, "not_taken"),
    ("invoice.pdf.exe", EXE, "not_taken"),
    ("invoice.pdf.exe", PDF, "not_taken"),
    ("invoice.exe\u202efdp", b"MZ", "not_taken"),
    ("fdp\u202e.exe", PDF, "not_taken"),
    ("a.pdf\0.exe", PDF, "not_taken"),
    ("a.pdf", png(), "not_as_named"),
    ("a.png", jpeg(), "not_as_named"),
    ("a.txt", PDF, "not_as_named"),
    ("a.eml", TEXT, "not_as_named"),
    ("a.pdf", b"%PDF-1.4 cut off", "broken"),
    ("a.png", png()[:-6], "broken"),
    ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "broken"),
    ("a.png", png(60_000, 60_000), "bomb"),
    ("a.jpg", jpeg(60_000, 60_000), "bomb"),
    ("a.pdf", PDF + zipped({"a.class": "x"}), "ambiguous"),
    ("a.pdf", PDF[:-6] + zipped({"a.class": "x"}, packed=False)[:-22] + b"%%EOF\n" + zipped({})[:22], "ambiguous"),
    ("a.png", png() + zipped({"a.class": "x"}), "ambiguous"),
    ("a.jpg", jpeg() + zipped({"a.class": "x"}), "ambiguous"),
    ("a.jpg", jpeg(comment=b"<script>alert(1)</script>"), "ambiguous"),
    ("a.jpg", jpeg(comment=PDF), "ambiguous"),
    ("page.html", b"<html><script>alert(1)</script>", "not_taken"),
    ("page.txt", b"<html><script>alert(1)</script>", "not_taken"),
    ("page.txt", b"hello\n<script>alert(1)</script>", "not_taken"),
    ("picture.svg", b"<svg onload=alert(1)>", "not_taken"),
    ("picture.png", b"<svg onload=alert(1)>", "not_taken"),
    ("script.txt", b"#!/bin/sh\nrm -rf /\n", "not_taken"),
    ("old.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not_taken"),
    ("old.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not_as_named"),
    ("a.zip", zipped({"a.txt": "x"}), "not_taken"),
    ("a.docx", zipped({"a.txt": "x"}), "not_taken"),
    ("a.docx", bomb(), "bomb"),
    ("a.docx", overlapping(), "bomb"),
    ("a.docx", docx(**{"word/embeddings/inner.zip": zipped({"a": "x"})}), "nested"),
    ("a.docx", docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    ("a.docx", patched(docx(), b"PK\x03\x04", b"PK\x03\x05"), "not_as_named"),
    (
        "a.docx",
        zipped(
            {
                "[Content_Types].xml": TYPES.replace("document.main", "document.macroEnabled.main"),
                "word/document.xml": "",
            }
        ),
        "macros",
    ),
    ("a.docx", external(), "external"),
    ("a.docx", external("image"), "external"),
    ("a.docx", docx(**{"../../etc/passwd": "x"}), "broken"),
    ("a.docx", docx(**{"C:\\windows\\a.xml": "x"}), "broken"),
    ("a.docx", docx() + b"trailing", "ambiguous"),
    ("a.docx", locked(), "locked"),
    ("a.docx", zipped({"[Content_Types].xml": TYPES, "word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]>'}), "bomb"),
    ("a.odt", odt('<draw:image xlink:href="https://evil.example/x.png"/>'), "external"),
    ("a.odt", odt("<script:event-listener/>"), "macros"),
    ("a.odt", odt(**{"Basic/Standard/a.xml": "x"}), "macros"),
    ("a.odt", docx(), "not_as_named"),
    (
        "a.eml",
        b"From: <a@b.example>\nContent-Type: application/x; name=a\n"
        b"Content-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA\n",
        "nested",
    ),
]
