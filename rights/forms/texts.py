"""Fields that strangers fill in: whatever is typed, it is refused with words, or kept as text that does nothing."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# They turn the order of what follows around, also in what an agent reads after it.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
REMOVED = str.maketrans("", "", TURNING)
BREAKS = "\n\t"


def without_controls(text: str) -> None:
    """Raises ValidationError for what is no text: control characters and halves of characters."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in BREAKS for sign in text):
        raise ValidationError(
            _("There are characters in it that cannot be read. Nothing was stored. Type it again."), code="unreadable"
        )


def on_one_line(text: str) -> None:
    """Raises ValidationError for line breaks."""
    if any(sign in text for sign in BREAKS):
        raise ValidationError(_("This goes on one line. Nothing was stored."), code="lines")


def plain(value: Any) -> str:
    """The text with one kind of line break, composed, without marks that turn its order around."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").translate(REMOVED)
    return unicodedata.normalize("NFC", text)


class Line(forms.CharField):
    """One line of text."""

    default_validators = [without_controls, on_one_line]

    def to_python(self, value: Any) -> str:
        """The line, plain."""
        return plain(super().to_python(value) or "")


class Lines(forms.CharField):
    """Several lines of text."""

    default_validators = [without_controls]
    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: Any) -> str:
        """The lines, plain."""
        return plain(super().to_python(value) or "")


class Address(forms.EmailField):
    """An e-mail address to answer to: never more than an address."""

    default_validators = [without_controls, on_one_line, *forms.EmailField.default_validators]
