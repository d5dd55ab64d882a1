"""What accounts leave behind, removed every day."""

from celery import shared_task
from django.utils import timezone

from access.accounts import forget_traces


@shared_task
def forget_old_traces() -> None:
    """Remove sessions that ran out, and failed sign-ins that no longer count, with their addresses."""
    forget_traces(at=timezone.now())
