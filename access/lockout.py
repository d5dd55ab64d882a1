"""Against guessing: where a request comes from, and how long to wait after failures.

django-axes counts the failures, by account name and by address, and locks at the tenth for 15 minutes.
From the fifth on each further attempt must wait, twice as long each time. Names that are no account's
are counted alike, so that nothing can be learnt from it. Attempts for one name, or from one address, are
read one after the other: asked all at once, they would all be read before the first is counted.
"""

import hashlib
import ipaddress
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max, Q, Sum
from django.http import HttpRequest

SLOW_FROM = 5  # failures
WITH_PORT = re.compile(r"([\d.]+):\d+|\[([\da-fA-F:.]+)\](?::\d+)?")  # 192.0.2.1:443, [2001:db8::1]:443
NAMES, ADDRESSES = 0x61637331, 0x61637332  # numbers of our own, so that no other advisory lock is hit by chance


def client_address(request: HttpRequest) -> str:
    """The address a request comes from.

    Behind proxies that we trust, the one that the outermost of them saw: TRUSTED_PROXY_COUNT places from
    the right of X-Forwarded-For. What stands further left is the client's own word, and is not believed; nor is
    what is no address.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    seen = _address(forwarded[-proxies]) if 0 < proxies <= len(forwarded) else ""
    return seen or _address(str(request.META.get("REMOTE_ADDR", "")))


def _address(text: str) -> str:
    """The address, without the port that some proxies add; "" for what is none. The database takes nothing else."""
    found = WITH_PORT.fullmatch(text.strip())
    bare = (found[1] or found[2]) if found else text.strip().partition("%")[0]  # without the zone of a local one
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""


def wait_seconds(*, username: str, address: str, at: datetime) -> int:
    """How long the next attempt must still wait at `at`: 0 before the fifth failure, then 2, 4, 8 … seconds."""
    return max(_wait(Q(username=username), at), _wait(Q(ip_address=address), at))


@contextmanager
def one_at_a_time(*, username: str, address: str) -> Iterator[None]:
    """No other attempt for this name or from this address is read meanwhile.

    A ValidationError raised within is raised once the failure is stored. SQLite has one writer at a time anyway.
    """
    refusal = None
    with transaction.atomic():
        _wait_for_others(NAMES, username)  # names before addresses, always: so no two wait for one another
        _wait_for_others(ADDRESSES, address)
        try:
            yield
        except ValidationError as raised:
            refusal = raised
    if refusal:
        raise refusal


def forget_failures(username: str) -> None:
    """Whoever is in has no failures any more; those of other names at the same address stay."""
    AccessAttempt.objects.filter(username=username).delete()


def _wait(whose: Q, at: datetime) -> int:
    recent = AccessAttempt.objects.filter(whose, attempt_time__gt=at - settings.AXES_COOLOFF_TIME)
    found = recent.aggregate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
    failures: int = found["failures"] or 0
    if failures < SLOW_FROM:
        return 0
    until = found["latest"] + timedelta(seconds=2 ** (failures - SLOW_FROM + 1))
    return max(0, math.ceil(float((until - at).total_seconds())))


def _wait_for_others(lock_class: int, text: str) -> None:
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock_class, number])
