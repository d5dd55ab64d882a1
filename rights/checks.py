"""What must be set before the site may run: a mail server for the letters, and the address of the site for its links.

“manage.py” asks by itself; the web server and the workers, which run no checks of Django's, call `demand` as they
start.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def mail_and_links(**_options: Any) -> list[CheckMessage]:
    """Errors outside a demonstration: mails that could not leave, links that lead nowhere (a system check)."""
    if settings.DEMONSTRATION:
        return []
    found: list[CheckMessage] = []
    if settings.EMAIL_BACKEND != SMTP or not settings.EMAIL_HOST:
        # Another backend would print letters into the logs, or lose them, and the case would say that they left.
        hint = "Set EMAIL_URL to smtp+tls://USER:PASSWORD@HOST:587."
        found.append(Error("No mail server is set.", hint=hint, id="rights.E001"))
    if settings.PUBLIC_FORM and not settings.SITE_URL:
        hint = "Set SITE_URL to https:// and the name under which the site is reached, or PUBLIC_FORM=0."
        found.append(Error("PUBLIC_FORM is on and SITE_URL is not set.", hint=hint, id="rights.E002"))
    return found


def demand() -> None:
    """Raises ImproperlyConfigured where one of these errors stands."""
    found = mail_and_links()
    if found:
        raise ImproperlyConfigured(" ".join(f"({error.id}) {error.msg} {error.hint}" for error in found))
