"""One process inside the installation under test: asked by lines of JSON, answers in lines of JSON.

`python -m tests.faults.inside` in the environment of that installation; `["name", argument …]` calls a function of
this module. What fails is answered by the name of its class, and the next line is read.
"""

import json
import sys
import threading
from collections import Counter
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks  # noqa: E402

from lineage import alarms, canonical, departures, harvest, tasks  # noqa: E402
from lineage.models import Alarm, Artifact, HarvestRun, Quarantine, Sighting  # noqa: E402
from lineage.vocabulary import Presence  # noqa: E402
from rights import effects  # noqa: E402


def migrate():
    call_command("migrate", verbosity=0)


def begin(paths=(), rows_a_lane=harvest.ROWS_A_LANE):
    """Ask for a harvest as the schedule does, of the Hub or of files."""
    harvest.ROWS_A_LANE = rows_a_lane
    source = HarvestRun.Source.SNAPSHOT if paths else HarvestRun.Source.HUB
    run = harvest.request(source=source, paths=map(_path, paths), aliases=False, at=timezone.now())
    tasks.run_harvest.apply_async([run.pk], retry=False)
    return run.pk


def schedule_now():
    """Have beat ask for the daily harvest at once, without its questions, and for the reaper every other second."""
    often, _is_new = IntervalSchedule.objects.get_or_create(every=2, period="seconds")
    PeriodicTask.objects.exclude(task__in=["lineage.tasks.daily_harvest", "lineage.tasks.resume_stalled_runs"]).update(
        enabled=False
    )
    PeriodicTask.objects.filter(enabled=True).exclude(task__startswith="celery.").update(crontab=None, interval=often)
    PeriodicTasks.update_changed()


def begin_ten():
    """Ten starts at once, by the schedule and by hand; returns how many were let in."""
    barrier, let_in = threading.Barrier(10), []

    def start(number):
        barrier.wait()
        try:
            slot = "daily 2026-11-24" if number % 2 else None
            run = harvest.request(source=HarvestRun.Source.HUB, aliases=False, at=timezone.now(), slot=slot)
            tasks.run_harvest.delay(run.pk)
            let_in.append(run.pk)
        except harvest.HarvestRefused:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(let_in)


def look():
    """How the latest harvest stands."""
    run = HarvestRun.objects.order_by("-pk").first()
    if run is None:
        return {}
    lanes = list(run.lanes.values("rows", "pages", "attempts", "done"))
    said = {"run": run.pk, "state": run.state, "generation": run.generation, "counts": run.counts, "lanes": lanes}
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None
    return said | {"message": run.message, "seconds": seconds, "runs": HarvestRun.objects.count()}


def reap():
    """What beat asks for every minute."""
    tasks.resume_stalled_runs.apply_async(retry=False)


def digest():
    """The canonical digest."""
    return canonical.digest()


def catalogue():
    """Every name that is listed, with the Hub's own key."""
    return sorted(map(list, Artifact.objects.listed().current().values_list("kind", "repo_id", "hub_id")))


def held():
    """How many rows of each kind there are."""
    return {
        "artifacts": Artifact.objects.count(),
        "listed": Artifact.objects.listed().current().count(),
        "gone": Artifact.objects.filter(presence=Presence.GONE).count(),
        "sightings": Sighting.objects.filter(run=HarvestRun.objects.order_by("-pk").first()).count(),
        "quarantine": Quarantine.objects.count(),
        "runs": HarvestRun.objects.count(),
    }


def quarantine():
    """How many records stand in quarantine, by reason."""
    return dict(Counter(Quarantine.objects.values_list("reason", flat=True)))


def alarmed():
    """Which alarms stand after a look."""
    return sorted(alarm.kind for alarm in alarms.check(at=timezone.now()))


def alarms_ever():
    """Which alarms were ever raised."""
    return sorted(Alarm.objects.values_list("kind", flat=True))


def purge(days):
    """The nightly purge as it will be in so many days; returns how many artifacts left."""
    return departures.purge(at=timezone.now() + timedelta(days=days)).artifacts


def erase(account):
    """Erase it; returns how many artifacts and mentions left."""
    gone = effects.erase(account=account, reference="case-1", by=1, second=2, at=timezone.now())
    return gone.artifacts, gone.mentions


def _path(text):
    from pathlib import Path

    return Path(text)


def main():
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"said": globals()[name](*arguments)}
        except Exception as error:
            answer = {"failed": type(error).__name__, "words": str(error)[:300]}
        finally:
            connections.close_all()
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
