"""What a reader runs to see the claims about speed: `DEBUG=1 python -m benchmarks.traces` and the like.

They need no database: made-up genealogies in memory, the same in each run.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")
django.setup()
