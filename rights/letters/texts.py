"""The wording of the letters: one template for each kind and language, its first line the subject."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

BLANK = "[…"  # opens what an agent still has to fill in


def rendered_text(name: str, language: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of the template of this name. Dates in `context` are written out in the language."""
    with translation.override(language):
        said = {name: _said(value) for name, value in context.items()}
        text = render_to_string(f"rights/letters/{language}/{name}.txt", said)
    subject, _newline, body = text.strip().partition("\n")
    return subject.strip(), body.strip()


def _said(value: Any) -> Any:
    return date_format(value, "DATE_FORMAT") if hasattr(value, "isoformat") else value
