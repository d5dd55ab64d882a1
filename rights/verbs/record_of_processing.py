"""Print the record of processing activities."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from rights import processing
from rights.deadlines import legal_date

HELP = "print the record of processing activities (Art. 30 GDPR) in Markdown"


def add_arguments(parser: ArgumentParser) -> None:
    """The language, French unless another is asked for."""
    languages = [code for code, _name in settings.LANGUAGES]
    parser.add_argument("--language", choices=languages, default=languages[0], help="language of the record")


def carry_out(options: Mapping[str, Any], *, at: datetime, say: Callable[[str], object]) -> None:
    """Print it as it stands today."""
    with translation.override(options["language"]):
        say("\n".join(processing.record(on=legal_date(at))))
