from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "rights"
    verbose_name = _("Rights of the persons concerned")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let “manage.py migrate” record the first project period, and the notice of a demonstration."""
        from rights import checks, notices, period

        register(checks.mail_and_links)
        post_migrate.connect(period.seed_after_migrate, sender=self, dispatch_uid="rights.first_period")
        post_migrate.connect(notices.seed_after_migrate, sender=self, dispatch_uid="rights.first_notice")
