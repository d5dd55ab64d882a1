"""A letter as .docx, to sign or to pass on."""

import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from docxtpl import DocxTemplate

from rights.letters.layout import layout

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML has no place for


def as_docx(
    *, subject: str, text: str, recipient: str, language: str, on: date | None, sender: str | None = None
) -> bytes:
    """The letter on the sheet in use, dated `on` (None: not yet).

    `sender`: ours unless given, "" where nobody is known yet. Raises OSError where LETTER_LAYOUT is not there.
    """
    with translation.override(language):
        day = date_format(on, "DATE_FORMAT") if on else ""
    own = settings.LETTER_SENDER if sender is None else sender
    said = {"sender": own, "place_and_date": day, "recipient": recipient, "subject": subject}
    return _filled({**said, "paragraphs": text.strip().split("\n\n")})


def _filled(said: Mapping[str, str | list[str]]) -> bytes:
    sheet = DocxTemplate(layout())
    clean = {
        name: [_written(part) for part in some] if isinstance(some, list) else _written(some)
        for name, some in said.items()
    }
    sheet.render(clean, autoescape=True)
    file = BytesIO()
    sheet.save(file)
    return file.getvalue()


def _written(text: str) -> str:
    return _UNWRITABLE.sub("", text)
