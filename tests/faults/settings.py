"""The site's own settings, open for harvests, for processes that are killed."""

import os

from genealogy_site.settings import *  # noqa: F403

LINEAGE_PROCESSING_POLICY = os.environ.get("FAULTS_POLICY", "tests.policies.Open")
ALARM_DISK_FREE = 0.0
