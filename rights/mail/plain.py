"""Text without its mark-up, and without the characters that deceive who reads it. Pure."""

import codecs
import re
import unicodedata
from html import unescape

MOST_CHARACTERS = 200_000  # some 100 pages
MOST_HTML = 400_000
TRUSTED_CHARSETS = frozenset(
    [
        "ascii",
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "iso8859-1",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-9",
        "iso8859-10",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
        "euc_jp",
        "euc_kr",
        "shift_jis",
        "iso2022_jp",
        "cp437",
        "cp850",
        "cp874",
        "tis-620",
        "windows-1252",
    ]
)
# What turns the direction of a text round, hides in it, or breaks a line where none is seen.
DECEIVING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]")
BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
COMMENT = re.compile("<!--(?:(?!<!--|-->).)*-->", re.DOTALL)
TAGS = re.compile("([^<]*)(<[^<>]*>?|$)")
BLANK_LINES = re.compile(r"\n{3,}")
HIDDEN = frozenset({"head", "noscript", "object", "script", "style", "template", "title"})
BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)


def decoded(content: bytes, charset: str | None) -> str:
    """The text of these bytes: by the charset they claim where it is a usual one, else by what they look like."""
    for name in (*_usual(charset), "utf-8"):
        try:
            return content.decode(name)
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def cleaned(text: str, *, most: int = MOST_CHARACTERS) -> str:
    """The text with plain line ends, without control characters, marks that deceive, and lone surrogates; cut."""
    text = DECEIVING.sub("", BREAKS.sub("\n", text[: 2 * most]))
    kept = "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs", "Cn"))
    return BLANK_LINES.sub("\n\n", kept).strip()[:most]


def one_line(text: str, *, most: int = 300) -> str:
    """The same on one line: for what stands in a heading or a header."""
    return " ".join(cleaned(text, most=2 * most).split())[:most].strip()


def deceives(text: str) -> bool:
    """Whether a text holds what `cleaned` would take out of it, line ends apart."""
    return any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\r\n\t" for mark in text) or bool(
        DECEIVING.search(text)
    )


def without_markup(html: str) -> str:
    """The words of an HTML text; what its comments, scripts, styles and attributes hold is left out.

    Read tag by tag in one pass: the library's own parser takes hours for some texts of this length.
    """
    found, hidden = [], ""
    for words, tag in TAGS.findall(COMMENT.sub("", html[:MOST_HTML])):
        name = tag.strip("</> \n").partition(" ")[0].lower()
        if hidden:
            hidden = "" if tag.startswith("</") and name == hidden else hidden
            continue
        found.append(words.replace("\n", " "))
        if name in BLOCKS:
            found.append("\n")
        elif name in HIDDEN and not tag.startswith("</"):
            hidden = name
    return "\n".join(" ".join(line.split()) for line in unescape("".join(found)).split("\n"))


def _usual(charset: str | None) -> list[str]:
    """The charset, where it is one that mails use; not one that costs or does something when decoded."""
    try:
        name = codecs.lookup(charset or "").name
    except (LookupError, ValueError):
        return []
    return [name] if name in TRUSTED_CHARSETS else []
