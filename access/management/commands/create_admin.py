"""Make the first account of an installation: an administrator, who then makes the others."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from access import accounts
from access.roles import Role


class Command(BaseCommand):
    help = "Make an administrator's account and print the one-time link by which its holder sets a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="name for signing in; asked for when left out")
        parser.add_argument(
            "--address", default="", help="where the site answers, such as https://genealogy.example, for the link"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"] or _asked()
        try:
            account = accounts.create(username=username, roles=[Role.ADMINISTRATOR], by=None, at=timezone.now())
        except ValidationError as error:
            raise CommandError(f"No account was made: {' '.join(error.messages)}") from error
        link = f"{options['address'].rstrip('/')}{reverse('account-set-up')}?key={accounts.set_up_key(account)}"
        self.stdout.write(
            f"The administrator's account {username} is made. Its password is set by this link, good once and for "
            f"48 hours{'' if options['address'] else ' (put the address of the site before it)'}:\n{link}"
        )


def _asked() -> str:
    """The name typed in. Raises CommandError where nobody sits at a terminal."""
    try:
        return input("Name for signing in: ").strip()
    except EOFError:
        raise CommandError("No account was made: nobody typed a name. Give it with --username.") from None
