"""Mails made to break a reader: (name, bytes, the fault they are refused with or None for “read, tamed”)."""

from rights.mail import Fault

HEAD = b"From: Jeanne Demo <jeanne@demo.example>\r\nDate: Mon, 2 Nov 2026 08:00:00 +0000\r\nSubject: my data\r\n"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


def nested(depth: int) -> bytes:
    """A multipart in a multipart, so many times."""
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    return HEAD + opened + PLAIN + b"deep\r\n" + b"".join(b"--b%d--\r\n" % level for level in reversed(range(depth)))


def mails_in_mails(depth: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + PLAIN + b"deep"


def many_parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


def header(name: bytes, value: bytes) -> bytes:
    return HEAD + name + b": " + value + b"\r\n" + PLAIN + b"text"


def typed(content_type: bytes, body: bytes, encoding: bytes = b"8bit") -> bytes:
    return HEAD + b"Content-Type: " + content_type + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body


HOSTILE: list[tuple[str, bytes, Fault | None]] = [
    ("nothing", b"", Fault.EMPTY),
    ("blank lines", b"\r\n" * 50, Fault.EMPTY),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, Fault.NO_MAIL),
    ("a page", b"<!doctype html><script>alert(1)</script>", Fault.NO_MAIL),
    ("nested 1,000 deep", nested(1000), Fault.TOO_NESTED),
    ("nested 26 deep", nested(26), Fault.TOO_NESTED),
    ("1,000 mails in mails", mails_in_mails(1000), Fault.TOO_NESTED),
    ("50,000 parts", many_parts(50_000), Fault.TOO_NESTED),
    ("21 MB", HEAD + PLAIN + b"x" * 21_000_000, Fault.TOO_LARGE),
    ("a million lines", HEAD + PLAIN + b"\n" * 1_000_000, Fault.TOO_LARGE),
    ("a header of 1 MB", header(b"X-Long", b"a" * 1_000_000), Fault.TOO_MANY_HEADERS),
    ("a header folded 100,000 times", header(b"X-Long", b"a\r\n " * 100_000), Fault.TOO_MANY_HEADERS),
    ("20,000 headers", HEAD + b"X: y\r\n" * 20_000 + PLAIN, Fault.TOO_MANY_HEADERS),
    ("brackets in brackets", header(b"To", b"(" * 7_900), None),
    ("brackets in the sender", b"From: " + b"(" * 7_900 + b"\r\n" + PLAIN + b"text", None),
    ("commas in the sender", b"From: " + b"a@b.example," * 600 + b"\r\n" + PLAIN + b"text", None),
    ("an unknown charset", typed(b"text/plain; charset=klingon", b"caf\xe9"), None),
    ("a charset that unpacks", typed(b"text/plain; charset=zip", b"x\x9cK\xcb\x07"), None),
    ("a charset that costs", typed(b"text/plain; charset=punycode", b"a-" * 5_000), None),
    ("bytes that are not their charset", typed(b"text/plain; charset=utf-8", b"caf\xe9 \xff\xfe"), None),
    ("a charset of NULs", typed(b'text/plain; charset="utf-8\x00"', b"text"), None),
    ("broken base64", typed(b"text/plain", b"####=====!!", b"base64"), None),
    ("an unknown encoding", typed(b"text/plain", b"text", b"rot13"), None),
    ("uuencoded without an end", typed(b"text/plain", b"begin 644 ../../etc/passwd\nM86)C\n", b"x-uuencode"), None),
    ("no boundary", typed(b"multipart/mixed", b"text"), None),
    ("a boundary that never comes", typed(b"multipart/mixed; boundary=never", b"text"), None),
    ("NUL in text and subject", HEAD.replace(b"my data", b"my\x00 data") + PLAIN + b"te\x00xt", None),
    ("headers in the subject", header(b"Subject", b"=?utf-8?q?x=0D=0ABcc:_victim@victim.example?="), None),
    (
        "headers in the sender",
        header(b"From", b"=?utf-8?q?x=0D=0ABcc:?= <a@b.example\rBcc: victim@victim.example>"),
        None,
    ),
    ("marks that turn the text round", HEAD + PLAIN + "\u202egnp.exe\u2066 \u200b\ufeff text".encode(), None),
    ("a name that climbs", typed(b'application/pdf; name="../../../etc/passwd"', b"%PDF-1.4"), None),
    ("a name in 500 pieces", typed(b"text/plain; " + b"; ".join(b"name*%d=a" % n for n in range(500)), b"x"), None),
    (
        "script and style",
        typed(b"text/html", b"<style>x{}</style><script>alert(1)</script><b>text</b><img src=x>"),
        None,
    ),
    ("angle brackets", typed(b"text/html", b"<" * 400_000), None),
    ("comments never closed", typed(b"text/html", b"<!--" * 100_000), None),
    ("tags never closed", typed(b"text/html", b"<div a='" * 50_000), None),
    ("a year beyond all years", header(b"Received", b"from x; Mon, 2 Nov 99999 08:00:00 +0000"), None),
    ("a zone beyond all zones", header(b"Date", b"Mon, 2 Nov 2026 08:00:00 +99999999"), None),
    ("encoded words without end", header(b"Subject", b"=?utf-8?q?" * 700), None),
    ("message ids without end", header(b"References", b"<a@b>" * 1_500), None),
    ("a report that reports nothing", typed(b"multipart/report; report-type=delivery-status", b"text"), None),
]
