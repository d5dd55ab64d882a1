"""What the worker does for the whole installation: the backup of the night."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from genealogy_site import backup

HOURS = 6  # a dump of the whole Hub takes minutes; longer than this, something holds it

logger = logging.getLogger(__name__)


@shared_task(acks_late=False, soft_time_limit=HOURS * 3600, time_limit=HOURS * 3600 + 60)
def back_up() -> None:
    """Write a backup into BACKUP_DIR.

    Never handed out twice: a dump that lasts would otherwise be begun anew beside itself.
    """
    if settings.BACKUP_DIR is None:
        logger.info("No backup: BACKUP_DIR is not set")
        return
    try:
        backup.back_up(settings.BACKUP_DIR, at=timezone.now())
    except (backup.BackupRefused, OSError) as failure:
        logger.error("The backup was not written (%s)", type(failure).__name__)
    else:
        logger.info("The backup was written")
