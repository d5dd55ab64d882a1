from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RightsConfig(AppConfig):
    name = "rights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let “manage.py migrate” record the first project period."""
        from rights.period import seed_after_migrate

        post_migrate.connect(seed_after_migrate, sender=self, dispatch_uid="rights.first_period")
