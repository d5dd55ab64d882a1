"""Passwords refused although they are long: common ones, padded, repeated, or a row of keys. Offline.

Django's list of 20,000 common passwords holds almost none of 15 characters, so it is applied to what is
left when the padding is taken off.
"""

import re
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FEWEST_CHARACTERS = 6  # different ones
ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbnazertyuiopqsdfghjklmwxcvbn",
    "qwertzuiopasdfghjklyxcvbnmqwertzuiopasdfghjklyxcvbnm",
)
NEIGHBOURS = {pair for row in ROWS for text in (row, row[::-1]) for pair in pairwise(text)}
MOST_IN_ROWS = 0.7  # of the steps from one character to the next


class GuessablePasswordValidator(CommonPasswordValidator):
    """Refuses what a guessing program tries first, whatever its length."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError for a guessable password."""
        folded = password.casefold()
        if len(set(folded)) < FEWEST_CHARACTERS or self._is_padded(folded) or _runs_along_rows(folded):
            raise ValidationError(
                _("This password is among the first that are guessed. A sentence of your own makes a good one."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return str(_("It cannot be a common password, repeated or lengthened, or a row of keys."))

    def _is_padded(self, folded: str) -> bool:
        """Whether a common password is left without digits, signs and repetition."""
        letters = re.sub(r"[\W\d_]", "", folded)
        return letters in self.passwords or _unit(letters) in self.passwords or _unit(folded) in self.passwords


def _unit(text: str) -> str:
    """The shortest text that gives `text` when it is repeated, cut off anywhere."""
    lengths = range(1, len(text) // 2 + 1)
    return next((text[:n] for n in lengths if (text[:n] * len(text))[: len(text)] == text), text)


def _runs_along_rows(folded: str) -> bool:
    steps = list(pairwise(folded))
    return sum(step in NEIGHBOURS for step in steps) > MOST_IN_ROWS * len(steps)
