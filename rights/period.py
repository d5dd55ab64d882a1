"""The first project period, seeded from the environment so that a new installation can harvest."""

import logging
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from rights.deadlines import legal_date
from rights.models import ProjectPeriod

__all__ = ["legal_date", "seed_after_migrate", "seed_first_period"]
logger = logging.getLogger(__name__)


def seed_first_period(*, end: str, notice: str, on: date, using: str = "default") -> ProjectPeriod | None:
    """Record the first period, from the day `on` to `end` (YYYY-MM-DD), under the public notice `notice`.

    Nothing is done where a period was ever recorded, since staff's records outrank the environment, nor where
    `end` or `notice` is empty. Raises ImproperlyConfigured where `end` is no date or lies before `on`.
    """
    if not end or not notice or ProjectPeriod.objects.using(using).exists():
        return None
    last_day = _day(end)
    if last_day < on:
        raise ImproperlyConfigured(f"PROJECT_END ({end}) is past: no project period was recorded. Set a later day.")
    return ProjectPeriod.objects.using(using).create(
        starts_on=on, ends_on=last_day, notice_reference=notice[:200], informed_on=on
    )


def seed_after_migrate(using: str = "default", **_signal: Any) -> None:
    """After “manage.py migrate”: seed from PROJECT_END and PROJECT_NOTICE, on the database just migrated."""
    today = legal_date(timezone.now())  # noqa: TID251  a signal of the command line: an edge
    try:
        period = seed_first_period(end=settings.PROJECT_END, notice=settings.PROJECT_NOTICE, on=today, using=using)
    except ImproperlyConfigured as wrong:
        logger.warning("%s", wrong)
        return
    if period:
        logger.info("Project period recorded: until %s", period.ends_on)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ImproperlyConfigured(
            f"PROJECT_END ({text!r}) is no day: write it as YYYY-MM-DD. No project period was recorded."
        ) from None
