"""What a file may be called here: one line without a path, ending as its content says. Pure."""

import re
import unicodedata

from rights.mail.plain import one_line

LONGEST_STEM = 100
EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})$")
UNUSUAL = re.compile(r'[<>:"/\\|?*;%\x00-\x1f]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # no files, on some machines


def extension_of(name: str) -> str:
    """The extension that a file claims, in lower case; "" for none."""
    found = EXTENSION.search(one_line(name).rstrip(" ."))
    return found[1].lower() if found else ""


def file_name(name: str, extension: str) -> str:
    """The name, harmless wherever it is shown or saved, and ending in `.extension`."""
    line = unicodedata.normalize("NFC", one_line(re.split(r"[/\\]", name)[-1])).rstrip(" .")
    stem = UNUSUAL.sub("_", EXTENSION.sub("", line)).strip(" .")[:LONGEST_STEM].strip(" .")
    if not stem or DEVICES.fullmatch(stem):
        stem = f"file_{stem}".rstrip("_")
    return f"{stem}.{extension}"
