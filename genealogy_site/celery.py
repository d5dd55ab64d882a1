"""The Celery application: its settings are the CELERY_* names of `genealogy_site.settings`."""

import os

import django
from celery import Celery
from celery.signals import celeryd_init, setup_logging
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")

app = Celery("genealogy_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["genealogy_site"])


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_the_sites_logging(**kwargs: object) -> None:
    """Being connected is enough: Celery then leaves the logging that the settings describe as it is."""


@celeryd_init.connect  # type: ignore[untyped-decorator]
def refuse_to_start_unready(**kwargs: object) -> None:
    """A worker that could send no letter does not start. SystemExit: any other error of a signal is only logged.

    The beat sends no letter.
    """
    django.setup()
    from rights import checks

    try:
        checks.demand()
    except ImproperlyConfigured as missing:
        raise SystemExit(str(missing)) from None
