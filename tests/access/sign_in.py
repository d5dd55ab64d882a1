"""How tests come in: with a password, and with a second factor."""

import time

from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from access.models import User

PASSWORD = "a sentence nobody would guess"


def sign_in(client: Client, account: User, password: str = PASSWORD, **headers: str) -> int:
    """Give name and password on the sign-in page; the status of the answer (302 once it is right)."""
    fields = {"username": account.username, "password": password}
    return client.post(reverse("login"), fields, headers=headers).status_code


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    """The code that an authenticator application shows now, or `steps` half minutes later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"


def enrolled(account: User) -> TOTPDevice:
    """An application in force for this account."""
    return TOTPDevice.objects.create(user=account, name="application", confirmed=True)


def verified_client(account: User) -> Client:
    """A browser signed in with both factors, without going through the pages."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["otp_device_id"] = (TOTPDevice.objects.filter(user=account).first() or enrolled(account)).persistent_id
    session.save()
    return client
