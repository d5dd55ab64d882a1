"""The Celery application: its settings are the CELERY_* names of `genealogy_site.settings`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")

app = Celery("genealogy_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
