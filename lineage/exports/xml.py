"""Any text as XML 1.0: escaped, and without the characters XML does not have."""

import re
from xml.sax.saxutils import escape, quoteattr  # they write; nothing here reads XML

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: object) -> str:
    """As the content of an element."""
    return escape(_NOT_IN_XML.sub("\ufffd", str(value)))


def quoted(value: object) -> str:
    """As the value of an attribute, quotes included."""
    return quoteattr(_NOT_IN_XML.sub("\ufffd", str(value)))
