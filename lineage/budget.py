"""One budget of requests for all workers on all machines, kept under the quota that the Hub announces.

Each answer of the Hub says how many requests are left in its window and when that ends. Every worker takes one from
what is left before it asks, and none asks before the window ends once nothing is left. Kept in Redis where REDIS_URL
is set, else in the database.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, cast

import redis
from django.conf import settings
from django.db import transaction
from django.db.models import F

from lineage.models import HubBudget

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

TAKE = """
local left, ends = unpack(redis.call('HMGET', KEYS[1], 'left', 'until'))
if not ends or tonumber(ends) <= tonumber(ARGV[1]) then return '0' end
if tonumber(left) > 0 then redis.call('HINCRBY', KEYS[1], 'left', -1) return '0' end
return tostring(tonumber(ends) - tonumber(ARGV[1]))
"""
NOTE = """
local left, ends = unpack(redis.call('HMGET', KEYS[1], 'left', 'until'))
local allowed = tonumber(ARGV[2])
local until_ = ARGV[3]
if ends and tonumber(ends) > tonumber(ARGV[1]) then
  if tonumber(left) < allowed then allowed = tonumber(left) end
  if tonumber(ends) > tonumber(until_) then until_ = ends end
end
redis.call('HSET', KEYS[1], 'left', allowed, 'until', until_)
redis.call('EXPIRE', KEYS[1], math.ceil(tonumber(until_) - tonumber(ARGV[1])) + 1)
return 0
"""


class Store(Protocol):
    """Where the budget is kept."""

    def take(self, at: datetime) -> float:
        """Take one request; 0, or how many seconds to wait because none is left."""
        ...

    def note(self, at: datetime, left: int, until: datetime) -> None:
        """So many are left until then: within one window the smaller number counts, and the later end."""
        ...


class Budget:
    """What a client of the Hub asks before each request, and tells after each answer."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def take(self) -> float:
        """Take one request from what is left. Returns 0, or how many seconds there will be none."""
        return self._store.take(self._clock())

    def announce(self, left: int, seconds: float) -> None:
        """The Hub said that so many requests are left for so many seconds; some are kept in reserve."""
        at = self._clock()
        self._store.note(at, max(0, left - settings.HUB_RESERVE), at + timedelta(seconds=seconds))


def shared(clock: Clock) -> Budget:
    """The budget that all workers share."""
    return Budget(InRedis(settings.REDIS_URL) if settings.REDIS_URL else InDatabase(), clock)


class InDatabase:
    """The budget in its one row."""

    def take(self, at: datetime) -> float:
        present = HubBudget.objects.filter(pk=1, until__gt=at)
        if present.filter(left__gt=0).update(left=F("left") - 1):
            return 0.0
        until = present.values_list("until", flat=True).first()
        return (until - at).total_seconds() if until else 0.0

    def note(self, at: datetime, left: int, until: datetime) -> None:
        with transaction.atomic():
            HubBudget.objects.get_or_create(pk=1, defaults={"left": left, "until": until})
            row = HubBudget.objects.select_for_update().get(pk=1)
            if row.until > at:
                row.left, row.until = min(row.left, left), max(row.until, until)
            else:
                row.left, row.until = left, until
            row.save()


class InRedis:
    """The budget under one key. Without Redis nobody waits here: the Hub itself still refuses what is too much."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)

    def take(self, at: datetime) -> float:
        said = self._run(TAKE, at.timestamp())
        return float(said) if said is not None else 0.0

    def note(self, at: datetime, left: int, until: datetime) -> None:
        self._run(NOTE, at.timestamp(), left, until.astimezone(UTC).timestamp())

    def _run(self, script: str, *arguments: float) -> Any:
        try:
            return cast(Any, self._redis.eval(script, 1, settings.HUB_BUDGET_KEY, *map(str, arguments)))
        except redis.RedisError as error:
            logger.warning("The shared budget of requests cannot be reached (%s)", type(error).__name__)
            return None
