"""The application of accounts, and the admin site that asks for roles."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = _("Accounts and sign-in")
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import middleware, roles

        post_migrate.connect(roles.install, sender=self, dispatch_uid="access.roles")
        user_logged_in.connect(middleware.note_sign_in, dispatch_uid="access.sign_in")


class BackOfficeConfig(SimpleAdminConfig):
    """Django's admin, entered by role and after the second factor."""

    default = False
    default_site = "access.site.BackOffice"

    def ready(self) -> None:
        super().ready()
        self.module.autodiscover()  # type: ignore[union-attr]
