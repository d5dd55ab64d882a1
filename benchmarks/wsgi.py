"""The site with the address of the benchmarks, for gunicorn."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
