"""Accounts, resets and leaves to see names, in the back office."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from access.admin.account import AccountAdmin
from access.admin.grant import NameGrantAdmin
from access.admin.reset import SecondFactorResetAdmin

__all__ = ["AccountAdmin", "NameGrantAdmin", "SecondFactorResetAdmin"]

# Roles come from one table, and devices from their holder's own page: neither is edited here.
for model in (Group, TOTPDevice, StaticDevice):
    admin.site.unregister(model)
