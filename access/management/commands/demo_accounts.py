"""`manage.py demo_accounts`: one account a role, for a demonstration and nowhere else."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from access import accounts
from access.models import User
from access.roles import LABELS, Role


class Command(BaseCommand):
    help = "Make one account for each role, named like the role, and print them. Only in a demonstration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", required=True, help="the password of each of them")

    def handle(self, *_arguments: str, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                _("Demonstration accounts are made under DEMONSTRATION=1 only. Nothing was changed. Use “make admin”.")
            )
        for role in Role:
            _open_account(role, options["password"])
        width = max(len(role) for role in Role)
        lines = [f"  {role:<{width}}  {LABELS[role]}" for role in Role]
        head = _("Accounts, each with the password {password}").format(password=options["password"])
        self.stdout.write("\n".join([head, *lines]))


def _open_account(role: Role, password: str) -> None:
    """The account of the role with this password; one that has it already is left alone, sessions and all."""
    account = User.objects.filter(username=role.value).first()
    account = account or accounts.create(username=role.value, roles=[role], by=None, at=timezone.now())
    if not account.check_password(password):
        account.set_password(password)
        account.save()
