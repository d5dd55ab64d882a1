"""The purge at the end of the project."""

import json
from argparse import ArgumentParser
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights import purging
from rights.models import Purge
from rights.verbs.acting import Options, Say, refusals_told

HELP = (
    "the end of the project: --dry-run counts, “ask” and “confirm” are two persons' steps, “copies” lists who to tell"
)


def add_arguments(parser: ArgumentParser) -> None:
    """The step; none with --dry-run."""
    parser.add_argument("--dry-run", action="store_true", help="count what leaves and what stays; changes nothing")
    parser.add_argument("step", nargs="?", choices=STEPS, help="what to do")
    parser.add_argument("--by", metavar="USERNAME", help="the supervisor who asks, or the other one who confirms")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Count, or take the step."""
    if options["dry_run"] or not options["step"]:
        _count(say)
        return
    with refusals_told():
        try:
            STEPS[options["step"]](options, at, say)
        except purging.PurgeRefused as refused:
            raise CommandError(str(refused)) from None


def _count(say: Say) -> None:
    seen = purging.extent()
    for title, counts in (
        (_("Leaving, rows by table:"), seen.leaving),
        (_("Leaving, outside the database:"), seen.places),
        (_("Staying until its own period ends, rows by table:"), seen.staying),
    ):
        say(title)
        for name, count in counts.items():
            say(f"  {name}: {count}")
    say(_("Nothing was changed. Rows that would leave: {rows}").format(rows=seen.rows))


def _ask(options: Options, at: datetime, say: Say) -> None:
    purging.ask(by=_supervisor(options), at=at)
    say(_("Asked. Another supervisor confirms within two days: “manage.py rights purge confirm --by …”, or the admin."))


def _confirm(options: Options, at: datetime, say: Say) -> None:
    waiting = Purge.objects.waiting(at).first()
    if waiting is None:
        raise CommandError(_("No purge waits to be confirmed any more. Nothing was changed. Ask for it again."))
    done = purging.confirm(purge=waiting, by=_supervisor(options), at=at)
    say(json.dumps(done.certificate, indent=2, ensure_ascii=False))


def _certificate(options: Options, at: datetime, say: Say) -> None:
    done = Purge.objects.carried_out().order_by("confirmed_at").last()
    if done is None:
        raise CommandError(_("No purge was carried out."))
    say(json.dumps(done.certificate, indent=2, ensure_ascii=False))


def _copies(options: Options, at: datetime, say: Say) -> None:
    for one in purging.copies(at=at):
        say(f"{one.account or _('on the server')} {one.email or _('no address')} {one.exports}\n\n{one.words}\n")


def _clear(options: Options, at: datetime, say: Say) -> None:
    if not Purge.objects.carried_out().exists():
        raise CommandError(_("No purge was carried out. Nothing was changed."))
    if left := purging.clear_up():
        raise CommandError(_("Not cleared: {places}. Try again.").format(places=", ".join(left)))
    say(_("Done."))


def _supervisor(options: Options) -> int:
    """Whoever may confirm a purge may ask for one."""
    account = get_user_model()._default_manager.filter(username=options["by"] or "", is_active=True).first()
    if account is None or not account.has_perm("rights.confirm_purge"):
        raise CommandError(_("A purge is asked for and confirmed by supervisors (--by). Nothing was changed."))
    return int(account.pk)


STEPS = {"ask": _ask, "confirm": _confirm, "certificate": _certificate, "copies": _copies, "clear": _clear}
