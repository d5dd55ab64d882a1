"""Draw up the access package of an account."""

import os
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights.package import deposit
from rights.package.deposits import drawn
from rights.verbs.acting import Options, Say, account_of, add_account, add_case, agent, refusals_told

HELP = "draw up every personal field held about an account, as one archive: a page, JSON and CSV"


def add_arguments(parser: ArgumentParser) -> None:
    """The account, the case, the language, and where it goes."""
    add_account(parser)
    add_case(parser)
    languages = [code for code, _name in settings.LANGUAGES]
    parser.add_argument("--language", choices=languages, default=languages[0], help="language of the archive")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--output", metavar="DIR", help="write it into this folder, readable by its owner only")
    place.add_argument("--deposit", action="store_true", help="keep it encrypted for 30 days, and print its code")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Do it now."""
    asked = {
        "account": account_of(options),
        "reference": options["reference"],
        "language": options["language"],
        "by": agent(options["by"]) or 0,
    }
    with refusals_told():
        if options["deposit"]:
            kept = deposit(**asked, at=at)
            say(_("Kept until {day}.").format(day=kept.package.expires_at.date().isoformat()))
            say(_("Token: {token}").format(token=kept.package.token))
            say(_("Code, to be sent to the person and kept nowhere: {code}").format(code=kept.code))
            return
        package, body = drawn(**asked, at=at)
    say(
        _("Written: {path} ({rows} rows)").format(
            path=_written(Path(options["output"]), body, at), rows=package.row_count
        )
    )


def _written(folder: Path, body: bytes, at: datetime) -> Path:
    """The new file. Raises CommandError where it cannot be written."""
    path = folder / f"access-{at:%Y%m%dT%H%M%S}.zip"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(body)
    except OSError as error:
        raise CommandError(
            _("The archive could not be written ({why}). Choose another folder and repeat.").format(why=error.strerror)
        ) from None
    return path
