"""What accounts leave behind, removed every day."""

from celery import shared_task
from django.utils import timezone

from access.accounts import forget_traces


@shared_task
def forget_old_traces() -> None:
    """Remove expired sessions, failed sign-ins (with their addresses) that no longer count, and drafts a week old."""
    forget_traces(at=timezone.now())
