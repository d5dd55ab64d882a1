"""The entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")
application = get_wsgi_application()

from rights import checks  # noqa: E402 - it reads settings, which are ready now

checks.demand()
