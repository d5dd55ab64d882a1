"""Sessions that know whose they are, so that they can be shown and ended."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from access.models.user import User


def end_sessions(account: "User", *, but: str | None = None) -> int:
    """End every session of the account, except the one with the key `but`; returns how many."""
    sessions = Session.objects.filter(account=account)
    ended, _ = (sessions.exclude(session_key=but) if but else sessions).delete()
    return ended


class Session(AbstractBaseSession):
    """One browser that is signed in, or about to be."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="sessions",
        help_text=_("Who signed in; empty before."),
    )
    signed_in_at = models.DateTimeField(_("signed in at"), null=True, help_text=_("When the password was given."))
    seen_at = models.DateTimeField(_("last seen at"), null=True, help_text=_("Last request, to the minute."))
    browser = models.CharField(
        _("browser"), max_length=60, blank=True, help_text=_("Family and system of the browser, for its own holder.")
    )

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"session of account {self.account_id}"
