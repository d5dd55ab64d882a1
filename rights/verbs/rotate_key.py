"""Make new fingerprints with a new key, or retire a former one."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rights import effects, keyring, suppressions
from rights.verbs.acting import Options, Say, refusals_told

FROM_THE_SERVER = 0  # nobody signs in at the command line
HELP = "add a key to the suppression list's key file; --retire KEY removes a former one"


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing, or a key to retire."""
    parser.add_argument("--retire", metavar="KEY", help="retire this key instead, and say what is lost with it")
    parser.add_argument("--accept-loss", action="store_true", help="retire it although something is lost")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Add a key, or retire one."""
    with refusals_told():
        if options["retire"]:
            _retire(options["retire"], at, say, accepts_loss=options["accept_loss"])
        else:
            key = keyring.rotate()
            say(_("Key {key} is in use. Copy the key file to where its copy is kept.").format(key=key.key_id))


def _retire(key_id: str, at: datetime, say: Say, *, accepts_loss: bool) -> None:
    keys = [key.key_id for key in keyring.active()]
    if key_id not in keys or key_id == keys[-1]:
        raise CommandError(_("Only a former key of the file can be retired. Nothing was changed. Rotate first."))
    lost = suppressions.only_under(key_id)
    words = ngettext(
        "{lost} entry was never met since the key was rotated: only this key recognises it, and it would come back.",
        "{lost} entries were never met since the key was rotated: "
        "only this key recognises them, and they would come back.",
        lost,
    ).format(lost=lost)
    if lost and not accepts_loss:
        raise CommandError(_("{words} Nothing was changed. Repeat with --accept-loss.").format(words=words))
    effects.retire_key(key_id=key_id, by=FROM_THE_SERVER, at=at)
    keyring.retire(key_id)
    say(words if lost else _("Retired; nothing was lost."))
