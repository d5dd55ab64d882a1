"""How often a client may use a public door: the sixth form within an hour is refused, whichever process answers."""

import ipaddress
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction

from rights.models import Knock
from rights.sealed import mark

WITHIN = timedelta(hours=1)
IPV6_NETWORK = 64  # bits: what one household or office is given


class Door(StrEnum):
    """What can be used."""

    FORM = "form"
    FOLLOW_UP = "follow_up"  # a code asked for, or tried, by one client
    CODE = "code"  # codes sent for one reference


TIMES: Mapping[Door, int] = {Door.FORM: 5, Door.FOLLOW_UP: 30, Door.CODE: 5}


class Wait(Exception):
    """Too often. `seconds`: until the door opens again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def knock(door: Door, *, who: str, at: datetime) -> None:
    """Use a door once. `who`: what is counted, stored as a keyed fingerprint. Raises Wait when it was used too often.

    A client takes one of so many slots; the oldest is taken again once its hour is over. Two at once cannot take the
    same.
    """
    whose = mark(who) or mark("nobody")
    if _taken_again(door, whose, at) or _taken_anew(door, whose, at):
        return
    first = Knock.objects.filter(door=door, mark=whose).order_by("at").values_list("at", flat=True).first()
    left = (first + WITHIN - at).total_seconds() if first else 0
    raise Wait(max(1, math.ceil(left)))


def network(address: str) -> str:
    """What of a client's address is counted: all of an IPv4 one, the network of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(ipaddress.IPv6Network((int(known), IPV6_NETWORK), strict=False))


def _taken_again(door: Door, whose: str, at: datetime) -> bool:
    """Whether a slot whose hour is over was to be had."""
    over = Knock.objects.filter(door=door, mark=whose, at__lte=at - WITHIN).order_by("at")
    return any(Knock.objects.filter(pk=slot.pk, at=slot.at).update(at=at) for slot in over)


def _taken_anew(door: Door, whose: str, at: datetime) -> bool:
    """Whether a slot was still free."""
    used = set(Knock.objects.filter(door=door, mark=whose).values_list("slot", flat=True))
    for slot in range(TIMES[door]):
        if slot not in used:
            try:
                with transaction.atomic():
                    Knock.objects.create(door=door, mark=whose, slot=slot, at=at)
            except IntegrityError:
                continue
            return True
    return False
