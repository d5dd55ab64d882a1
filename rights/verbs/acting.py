"""What the verbs that act on an account have in common: whose account, in which case, by whom."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights.effects import EffectRefused
from rights.effects.elsewhere import CHECKLIST
from rights.effects.erasure import Removed
from rights.keyring import KeysMissing

STANDARD_INPUT = "-"
Say = Callable[[str], object]
Options = Mapping[str, Any]


def add_account(parser: ArgumentParser) -> None:
    """The account's name, which should not stay in a shell's history."""
    parser.add_argument("account", help="the account's name on the Hub; - reads it from standard input")


def add_case(parser: ArgumentParser) -> None:
    """The case and the agent."""
    parser.add_argument("--reference", required=True, help="opaque reference of the case")
    parser.add_argument("--by", required=True, metavar="USERNAME", help="the agent who decides")


def add_effect(parser: ArgumentParser) -> None:
    """An effect on an account, in a case, by an agent and perhaps a second one."""
    add_account(parser)
    add_case(parser)
    parser.add_argument("--second", metavar="USERNAME", help="a second agent who confirms, above the threshold")


def account_of(options: Options) -> str:
    """The account's name as typed."""
    given: str = options["account"]
    return sys.stdin.readline().strip() if given == STANDARD_INPUT else given


def agent(username: str | None) -> int | None:
    """The key of an active account of the site. Raises CommandError for a name that is none's."""
    if username is None:
        return None
    found = get_user_model()._default_manager.filter(username=username, is_active=True).values_list("pk", flat=True)
    if not found:
        raise CommandError(_("No active account of this site has that username. Nothing was changed."))
    return int(found[0])


def effect_of(options: Options) -> dict[str, Any]:
    """What an effect is called with, but for the moment."""
    return {
        "account": account_of(options),
        "reference": options["reference"],
        "by": agent(options["by"]),
        "second": agent(options["second"]),
    }


@contextmanager
def refusals_told() -> Iterator[None]:
    """Refusals become words on the terminal."""
    try:
        yield
    except (EffectRefused, KeysMissing) as refused:
        raise CommandError(str(refused)) from None


def tell_removed(gone: Removed, say: Say) -> None:
    """Say what left, and what is to be looked through where this site does not reach."""
    say(
        _(
            "Removed: {artifacts} artifacts, {mentions} mentions by others, {aliases} old names; "
            "{bridges} bridges laid."
        ).format(artifacts=gone.artifacts, mentions=gone.mentions, aliases=gone.aliases, bridges=gone.bridges)
    )
    say(_("What lies elsewhere, to be gone through by hand:"))
    for place in CHECKLIST:
        say(f"  - {place}")
