"""The site's own settings with one address more: a page of constant rows, to compare pages with."""

from genealogy_site.settings import *  # noqa: F403
from genealogy_site.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "benchmarks.urls"
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "benchmarks" / "templates"]}]
