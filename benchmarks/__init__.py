"""What a reader runs to see the claims about speed: `make bench`, or `python -m benchmarks.traces` and the like.

Everything is made up, the same in each run; `traces` and `exports` need no database.
"""

import os

import django

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")
django.setup()
