"""Letters of the desk: drafted from what is recorded, edited by an agent, kept as they left.

The passages that the law requires are not part of what can be edited: they are put in again when the letter leaves.
"""

from rights.letters.drafts import Draft, addressee, drafted, offered
from rights.letters.files import DOCX, as_docx
from rights.letters.sending import LetterRefused, deliver, send, send_waiting

__all__ = [
    "DOCX",
    "Draft",
    "LetterRefused",
    "addressee",
    "as_docx",
    "deliver",
    "drafted",
    "offered",
    "send",
    "send_waiting",
]
