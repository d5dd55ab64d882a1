from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LineageConfig(AppConfig):
    name = "lineage"
    verbose_name = _("Genealogy")
    default_auto_field = "django.db.models.BigAutoField"
