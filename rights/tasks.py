"""What is kept for a time, deleted every day once that time is over."""

import logging

from celery import shared_task
from django.utils import timezone

from rights import retention

logger = logging.getLogger(__name__)


@shared_task
def apply_retention() -> None:
    """Delete what is past its period: quarantine, proofs of rights, the journal's beginning."""
    logger.info("Past their period and deleted: %s", retention.apply(at=timezone.now()))
