"""The Celery application: its settings are the CELERY_* names of `genealogy_site.settings`."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")

app = Celery("genealogy_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_the_sites_logging(**kwargs: object) -> None:
    """Being connected is enough: Celery then leaves the logging that the settings describe as it is."""
