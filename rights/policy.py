"""The processing policy of this project: the answer to `lineage.policy`."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from lineage.hub.records import HubRecord
from lineage.policy import Screened
from rights.models import ProjectPeriod
from rights.period import legal_date


class ProjectPolicy:
    """Harvests only within a project period of which the public was informed."""

    def refusal(self, *, at: datetime) -> str | None:
        """Why nothing may be harvested at `at` (aware); None within a period. Dates are those of Paris."""
        today = legal_date(at)
        if ProjectPeriod.objects.in_force(today).exists():
            return None
        return _(
            "No project period is in force on {day}: nothing may be harvested. Nothing was changed. "
            "Record a period with the reference of its public notice in the admin (Rights, Project periods), "
            "or set PROJECT_END and PROJECT_NOTICE and run “manage.py migrate”."
        ).format(day=today.isoformat())

    def screen(self, records: Sequence[HubRecord]) -> Screened:
        """Everything passes: no suppression is recorded yet."""
        return Screened(records)
