"""Whether the site is well: words for anybody, numbers for the metrics of named addresses. Nothing personal."""

import ipaddress
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_prometheus.exports import prometheus_client as prometheus

from access.lockout import client_address
from lineage import alarms
from lineage.models import Alarm, Artifact, HarvestRun
from lineage.vocabulary import Presence

Gauge = prometheus.metrics_core.GaugeMetricFamily
GOOD_FOR = timedelta(hours=50)  # a harvest a day: after two that failed, the last good one is too old
SEE_RUNS = "lineage.view_harvestrun"
ADDRESS, OK = "/healthz", "ok"


class WithoutDatabase:
    """Middleware: the question whether the site is well is answered even where no session can be read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == ADDRESS and request.method in ("GET", "HEAD") and not is_database_well():
            return JsonResponse(_parts(database=False), status=503)
        return self.get_response(request)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """“ok” or “not ok” of each part; 503 where the database or the broker is not.

    Who may see harvests is told which.
    """
    good = alarms.last_good()
    said: dict[str, object] = {**_parts(database=True), "harvest": _word(is_recent(good, timezone.now()))}
    if good and request.user.has_perm(SEE_RUNS):
        said["last_good_harvest"] = {"number": good.pk, "ended_at": good.ended_at}
    return JsonResponse(said, status=200 if said["broker"] == OK else 503)


def _parts(*, database: bool) -> dict[str, str]:
    return {"process": OK, "database": _word(database), "broker": _word(is_broker_well()), "harvest": _word(None)}


def _word(is_well: object) -> str:
    return OK if is_well else "not ok"


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers for Prometheus, to the addresses of METRICS_ADDRESSES alone."""
    if not is_named(client_address(request)):
        raise PermissionDenied
    registry = prometheus.CollectorRegistry(auto_describe=False)
    registry.register(Numbers())
    return HttpResponse(prometheus.generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def is_named(address: str) -> bool:
    """Whether this address may read the metrics. An entry is an address or a network."""
    try:
        host = ipaddress.ip_address(address)
        return any(host in ipaddress.ip_network(named, strict=False) for named in settings.METRICS_ADDRESSES)
    except ValueError:
        return False


def is_database_well() -> bool:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except Error:
        return False


def is_broker_well() -> bool:
    """Whether Redis answers, or the folder of the broker of files can be written."""
    if not settings.REDIS_URL:
        return Path(settings.BROKER_DIR, "queue").is_dir()
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


def is_recent(run: HarvestRun | None, at: datetime) -> bool:
    """Whether the latest good harvest is young enough."""
    return run is not None and run.ended_at is not None and run.ended_at > at - GOOD_FOR


class Numbers:
    """The numbers, read when they are asked for, so that any process of the site gives the same."""

    def collect(self) -> Iterator[object]:
        standing = set(Alarm.objects.standing().values_list("kind", flat=True))
        alarm = Gauge("genealogy_alarm", "Whether an alarm of this kind stands.", labels=["kind"])
        for kind in Alarm.Kind:
            alarm.add_metric([kind.value], float(kind.value in standing))
        yield alarm
        good, latest = alarms.last_good(), HarvestRun.objects.first()
        moment = good.ended_at.timestamp() if good and good.ended_at else 0.0
        yield Gauge("genealogy_last_good_harvest_seconds", "When it ended, since 1970.", value=moment)
        is_open = float(HarvestRun.objects.open().exists())
        yield Gauge("genealogy_harvest_open", "Whether a harvest is under way.", value=is_open)
        for name, words in (
            ("rows", "Records read by the latest harvest."),
            ("quarantined", "Records of the latest harvest that could not be read."),
            ("pages_given_up", "Pages of the latest harvest that were given up."),
        ):
            value = float(latest.counts.get(name, 0)) if latest else 0.0
            yield Gauge(f"genealogy_latest_harvest_{name}", words, value=value)
        yield _artifacts()
        yield Gauge("genealogy_broker_up", "Whether the broker answers.", value=float(is_broker_well()))


def _artifacts() -> object:
    family = Gauge("genealogy_artifacts", "Artifacts by what the Hub’s catalogue says.", labels=["presence"])
    for presence in Presence:
        family.add_metric([presence.value], float(Artifact.objects.filter(presence=presence).count()))
    return family
