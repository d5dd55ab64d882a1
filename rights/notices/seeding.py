"""The notice of a demonstration: a real installation publishes its own."""

import logging
from datetime import datetime
from typing import Any

from django.apps import apps as installed
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rights.ledger import LedgerFault
from rights.models import Notice
from rights.notices.publishing import drawn, publish, record
from rights.period import legal_date

NOBODY = 0  # in the journal: no agent's account
logger = logging.getLogger(__name__)


def seed_after_migrate(using: str = "default", apps: Any = installed, **_signal: Any) -> None:
    """After “manage.py migrate” of a demonstration that names a notice: publish the register's own."""
    wanted = settings.DEMONSTRATION and settings.PROJECT_NOTICE and using == "default"
    if not wanted or not _stands(apps) or Notice.objects.exists():
        return
    try:
        seed(at=timezone.now())  # noqa: TID251  a signal of the command line: an edge
    except LedgerFault as fault:
        logger.warning("%s", fault)
    else:
        logger.info("Information notice of the demonstration recorded")


@transaction.atomic
def seed(*, at: datetime) -> Notice:
    """Publish a version that is drawn from the register, in force at once."""
    notice = record(notice=drawn(in_force_from=legal_date(at)), by=NOBODY, at=at)
    return publish(notice=notice, by=NOBODY, at=at)


def _stands(apps: Any) -> bool:
    """Whether the migrations went as far as the table of notices."""
    try:
        apps.get_model("rights", "Notice")
    except LookupError:
        return False
    return True
