"""The sheet a letter is set on: the one that LETTER_LAYOUT names, or a plain one made here."""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from docx import Document
from docx.shared import Cm, Pt

PARAGRAPHS = (
    "{{ sender }}",
    "{{ place_and_date }}",
    "{{ recipient }}",
    "{{ subject }}",
    "{%p for paragraph in paragraphs %}",
    "{{ paragraph }}",
    "{%p endfor %}",
)
SUBJECT = 3


def layout() -> BytesIO:
    """A .docx with the places that `rights.letters.files` fills in. Raises OSError where LETTER_LAYOUT is not there."""
    if settings.LETTER_LAYOUT:
        return BytesIO(Path(settings.LETTER_LAYOUT).read_bytes())
    document = Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.size = Pt(11)
    for place, text in enumerate(PARAGRAPHS):
        document.add_paragraph().add_run(text).bold = place == SUBJECT
    made = BytesIO()
    document.save(made)
    made.seek(0)
    return made
