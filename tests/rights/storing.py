"""A worker in a process of its own, which stores its share of a listing's pages for each account that it is told.

`python -m tests.rights.storing RUN FIRST`, in an environment with DATABASE_URL, VAR_DIR and SUPPRESSION_KEYS.
"""

import os
import sys


def main(run_key, first):
    import django

    django.setup()
    from django.db import transaction

    from lineage import policy
    from lineage.models import HarvestRun
    from lineage.staging import store
    from tests.factories import AT
    from tests.rights.test_races import PAGES, WORKERS, page

    run = HarvestRun.objects.get(pk=run_key)
    say("ready")
    for line in sys.stdin:
        for number in range(first, PAGES + 1, WORKERS):
            with transaction.atomic():
                store(policy.current().screen(page(line.strip(), number)).records, run=run, at=AT)
        say("done")


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    main(int(sys.argv[1]), int(sys.argv[2]))
