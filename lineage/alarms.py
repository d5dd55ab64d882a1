"""Alarms: looked for every few minutes, raised once, told by mail, cleared when it is no longer so.

Each look says what is wrong in numbers, or None. Nothing here names anybody.
"""

import logging
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from lineage import policy
from lineage.hub.client import HubClient, HubError
from lineage.models import Alarm, HarvestRun
from lineage.vocabulary import Kind, RunState

logger = logging.getLogger(__name__)
Details = dict[str, Any]
SHRUNK = 0.95  # of the last complete listings: below, something is wrong
MEMORY = timedelta(days=30)  # so long a listing cut short is no measure for the ones after it
BAD_SHARE = 0.01
SLOT_EVERY = timedelta(hours=26)  # the daily harvest, and what it may be late
SILENT_FACTOR = 5  # times HARVEST_STALL_SECONDS: the reaper would have resumed the run long before


def check(*, at: datetime) -> list[Alarm]:
    """Look at everything, raise and clear, send the mails that are due. Returns the alarms that stand."""
    with transaction.atomic():
        for kind, look in LOOKS.items():
            details = look(at)
            if details is None:
                clear(kind, at=at)
            else:
                raise_alarm(kind, details, at=at)
    standing = list(Alarm.objects.standing())
    _tell((alarm for alarm in standing if alarm.told_at is None), at=at)
    return standing


def raise_alarm(kind: Alarm.Kind, details: Details, *, at: datetime) -> Alarm:
    """Raise it, or say anew what is wrong where it stands already."""
    alarm, _is_new = Alarm.objects.update_or_create(
        kind=kind, cleared_at=None, defaults={"details": details}, create_defaults={"details": details, "raised_at": at}
    )
    return alarm


def clear(kind: Alarm.Kind, *, at: datetime) -> bool:
    """It is no longer so. Returns whether it stood."""
    return bool(Alarm.objects.standing().filter(kind=kind).update(cleared_at=at))


def probe(client: HubClient, *, at: datetime) -> dict[str, list[str]]:
    """Before a harvest: compare the fields of one live page of each kind with those that are read.

    Returns the names of the fields that are missing or of another type, by kind.

    A Hub that does not answer changes nothing here: the harvest itself will say so.
    """
    odd: dict[str, list[str]] = {}
    for kind in Kind:
        try:
            found = client.probe(kind)
        except HubError:
            return {}
        names = [*found.missing, *(said.partition(":")[0] for said in found.retyped)]
        if found.records and names:
            odd[kind.value] = sorted(set(names))
    if odd:
        raise_alarm(Alarm.Kind.FIELDS_CHANGED, {"fields": odd}, at=at)
    else:
        clear(Alarm.Kind.FIELDS_CHANGED, at=at)
    return odd


def last_good(*, source: str | None = None) -> HarvestRun | None:
    """The latest harvest that was linked in."""
    runs = HarvestRun.objects.ended_well().filter(ended_at__isnull=False)
    return (runs.filter(source=source) if source else runs).order_by("-pk").first()


def advice(kind: str) -> str:
    """What was kept and what to do, in words for staff."""
    return {
        Alarm.Kind.RUN_STOPPED: _(
            "What it had read is kept. Look at its page in the admin (Genealogy, Harvests), then start a harvest again."
        ),
        Alarm.Kind.LISTING_SHRANK: _(
            "Nothing is purged while this lasts. Compare with the Hub: if the listing is wrong, wait for the next "
            "harvest."
        ),
        Alarm.Kind.BAD_RECORDS: _(
            "They are in quarantine, the others are kept. Run “manage.py harvest probe”: a field was probably renamed."
        ),
        Alarm.Kind.SLOT_MISSED: _(
            "The genealogy is as of the last harvest. See that beat and a worker run, and that the schedule is enabled."
        ),
        Alarm.Kind.DISK_FULL: _("Harvests will fail and be resumed. Free space where VAR_DIR and the database lie."),
        Alarm.Kind.NO_BACKUP: _(
            "The backups of before stand. See that a worker runs, that BACKUP_DIR can be written, and that it has room."
        ),
        Alarm.Kind.FIELDS_CHANGED: _(
            "Harvests go on, and stop by themselves above one bad record in a hundred. The parser has to be looked at."
        ),
        Alarm.Kind.PURGE_HELD: _(
            "Nothing was purged. Look at the last harvests; "
            "if what left did leave, run “manage.py harvest purge --despite-guard”."
        ),
    }[Alarm.Kind(kind)]


def _run_stopped(at: datetime) -> Details | None:
    latest = HarvestRun.objects.order_by("-pk").first()
    if latest is None or latest.state in (RunState.CANCELLED, RunState.PAUSED):
        return None
    silent = at - timedelta(seconds=SILENT_FACTOR * settings.HARVEST_STALL_SECONDS)
    waits = latest.lanes.filter(not_before__gt=silent).exists()
    is_silent = latest.ended_at is None and (latest.heartbeat_at or latest.created_at) < silent and not waits
    is_cut = latest.state == RunState.FAILED or bool(latest.counts.get("pages_given_up"))
    return {"harvest": latest.pk, "silent": is_silent} if is_silent or is_cut else None


def _listing_shrank(_at: datetime) -> Details | None:
    ended = HarvestRun.objects.ended_well().whole().filter(ended_at__isnull=False)
    latest = ended.order_by("-pk").first()
    if latest is None or latest.counts.get("pages_given_up"):
        return None
    read, expected = rows_by_kind(latest), most_rows(latest)
    small = {kind: [read[kind], expected[kind]] for kind in read if read[kind] < SHRUNK * expected.get(kind, 0)}
    return {"harvest": latest.pk, "records": small} if small else None


def most_rows(latest: HarvestRun) -> dict[str, int]:
    """The most records of each kind that earlier complete listings of the same source brought.

    Measured by the last one alone, the second of two listings cut short would count as whole.
    """
    ended = HarvestRun.objects.whole().filter(state=RunState.COMPLETE, source=latest.source, pk__lt=latest.pk)
    since = (latest.ended_at or latest.created_at) - MEMORY
    most: dict[str, int] = {}
    for run in {*ended.order_by("-pk")[:1], *ended.filter(ended_at__gte=since)}:
        for kind, rows in rows_by_kind(run).items():
            most[kind] = max(rows, most.get(kind, 0))
    return most


def rows_by_kind(run: HarvestRun) -> dict[str, int]:
    """How many records of each kind a harvest read."""
    rows: dict[str, int] = {}
    for kind, number in run.lanes.values_list("kind", "rows"):
        rows[kind] = rows.get(kind, 0) + number
    return rows


def _bad_records(_at: datetime) -> Details | None:
    latest = HarvestRun.objects.filter(ended_at__isnull=False).order_by("-pk").first()
    if latest is None:
        return None
    bad, rows = latest.counts.get("quarantined", 0), latest.counts.get("rows", 0)
    return {"harvest": latest.pk, "bad": bad, "records": rows} if bad > BAD_SHARE * rows else None


def _slot_missed(at: datetime) -> Details | None:
    """Whether harvests are allowed and expected: the Hub was harvested once, or its schedule is on."""
    good = last_good(source=HarvestRun.Source.HUB) or (last_good() if _is_daily() else None)
    if good is None or good.ended_at is None or policy.current().refusal(at=at):
        return None
    is_late = good.ended_at < at - SLOT_EVERY and not HarvestRun.objects.open().exists()
    return {"last": good.pk} if is_late else None


def _is_daily() -> bool:
    return bool(PeriodicTask.objects.filter(task="lineage.tasks.daily_harvest", enabled=True).exists())


def _disk_full(_at: datetime) -> Details | None:
    usage = shutil.disk_usage(settings.VAR_DIR)
    free = usage.free / usage.total
    return {"free_percent": round(100 * free)} if free < settings.ALARM_DISK_FREE else None


def _no_backup(at: datetime) -> Details | None:
    """Where backups are asked for: the youngest is older than a night and what it may be late."""
    if settings.BACKUP_DIR is None:
        return None
    try:
        youngest = max((folder.stat().st_mtime for folder in settings.BACKUP_DIR.glob("genealogy-*Z")), default=None)
    except OSError:
        youngest = None
    if youngest is None:
        return {"hours": None} if HarvestRun.objects.exists() else None
    hours = round((at.timestamp() - youngest) / 3600)
    return {"hours": hours} if hours > SLOT_EVERY.total_seconds() / 3600 else None


LOOKS: Mapping[Alarm.Kind, Callable[[datetime], Details | None]] = {
    Alarm.Kind.RUN_STOPPED: _run_stopped,
    Alarm.Kind.LISTING_SHRANK: _listing_shrank,
    Alarm.Kind.BAD_RECORDS: _bad_records,
    Alarm.Kind.SLOT_MISSED: _slot_missed,
    Alarm.Kind.DISK_FULL: _disk_full,
    Alarm.Kind.NO_BACKUP: _no_backup,
}


def _tell(alarms: Iterable[Alarm], *, at: datetime) -> None:
    """One mail an alarm. One that cannot be sent is tried again at the next check."""
    for alarm in alarms if settings.ALARM_MAILS else ():
        subject = _("Genealogy: {alarm}").format(alarm=alarm.get_kind_display())
        try:
            send_mail(subject, f"{subject}.\n\n{advice(alarm.kind)}\n", None, settings.ALARM_MAILS)
        except OSError as failure:
            logger.warning("The mail of alarm %s could not be sent (%s)", alarm.pk, type(failure).__name__)
        else:
            Alarm.objects.filter(pk=alarm.pk).update(told_at=at)
