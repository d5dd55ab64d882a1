"""The second factor: a code every 30 seconds from an authenticator application, or a recovery code used once."""

import secrets
from datetime import datetime

import qrcode
import qrcode.image.svg
from django.db import transaction
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from access.models import User, end_sessions

RECOVERY_CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else
CODE_LENGTH = 10


def has_factor(account: User) -> bool:
    """Whether an application is enrolled."""
    return device_of(account) is not None


def device_of(account: User) -> TOTPDevice | None:
    """The application in force, None before one is enrolled."""
    device: TOTPDevice | None = TOTPDevice.objects.devices_for_user(account, confirmed=True).first()
    return device


def verify(account: User, code: str) -> Device | None:
    """The device that accepts this code, or None.

    Each device refuses a code for a time after a wrong one, twice as long each time; a code counts once.
    """
    kind: type[Device] = TOTPDevice if code.isdecimal() else StaticDevice
    for device in kind.objects.devices_for_user(account, confirmed=True):
        if verified := verify_token(account, device.persistent_id, code):
            return verified
    return None


def device_to_enrol(account: User) -> TOTPDevice:
    """The application being enrolled, not in force before its first code; made if there is none."""
    device: TOTPDevice
    with transaction.atomic():
        User.objects.select_for_update().get(pk=account.pk)  # two pages opened at once make one
        device, _ = TOTPDevice.objects.get_or_create(user=account, confirmed=False, defaults={"name": "application"})
    return device


def qr_code(device: TOTPDevice) -> bytes:
    """The picture an application reads, as SVG."""
    picture = qrcode.make(device.config_url, image_factory=qrcode.image.svg.SvgPathFillImage, box_size=12)
    return bytes(picture.to_string())


def enrol(account: User, *, code: str, keep_session: str | None, at: datetime) -> list[str] | None:
    """Put the application being enrolled in force if `code` is its own; returns new recovery codes, else None.

    Earlier devices and codes end, and so does every token, and every session but `keep_session`.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().get(pk=device_to_enrol(account).pk)
        if not device.verify_token(code):
            return None
        device.confirmed = True
        device.save()
        TOTPDevice.objects.filter(user=account).exclude(pk=device.pk).delete()
        end_sessions(account, but=keep_session)
        account.api_tokens.revoke(at)
        return new_recovery_codes(account)


def new_recovery_codes(account: User) -> list[str]:
    """Ten new codes; the earlier ones end."""
    codes = ["".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=account).delete()
        device = StaticDevice.objects.create(user=account, name="recovery")
        for code in codes:
            device.token_set.create(token=code)
    return codes


def forget(account: User) -> None:
    """Remove every device: the next sign-in enrols anew."""
    TOTPDevice.objects.filter(user=account).delete()
    StaticDevice.objects.filter(user=account).delete()
