"""The accounts of this site (not of the Hub)."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff or the researcher. What each may do is in `access.roles`."""

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
