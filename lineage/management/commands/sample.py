"""`manage.py sample`: fill an empty base with the sample, by the code that harvests the Hub."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from lineage import graph, linking, sample
from lineage.models import HarvestRun

ASK_THE_HUB = ("lineage.tasks.daily_harvest", "lineage.tasks.fill_author_kinds")


class Command(BaseCommand):
    help = (
        "Harvest the sample that comes with the project, and switch the schedules off that would ask the real Hub. "
        "A base that was harvested before is left as it is."
    )

    def handle(self, *_arguments: str, **_options: Any) -> None:
        if HarvestRun.objects.ended_well().exists():
            self.stdout.write(_("This base was harvested before: the sample is not needed, nothing was changed."))
            return
        call_command("harvest", *map(str, sample.LISTINGS), no_aliases=True, stdout=self.stdout, stderr=self.stderr)
        now = timezone.now()
        sample.record_answers(at=now)
        linking.relink(at=now)
        graph.current()
        PeriodicTask.objects.filter(task__in=ASK_THE_HUB).update(enabled=False)
        self.stdout.write(
            _("The sample is in. The schedules that ask the real Hub are off; the admin switches them on again.")
        )
