"""How often one account may ask, all of its tokens together; counted in the cache that the processes share."""

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # the library's views read the settings that name this module
    from rest_framework.views import APIView


class Rate(SimpleRateThrottle):
    """Of ordinary reads."""

    scope = "api"
    setting = "API_RATE"

    def get_rate(self) -> str:
        """Read at each request, so that a setting is one."""
        rate: str = getattr(settings, self.setting)
        return rate

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """By the account's key; nobody else gets this far."""
        return f"rate-{self.scope}-{request.user.pk}" if request.user.is_authenticated else None


class LongRate(Rate):
    """Of answers that are streamed whole."""

    scope = "api-long"
    setting = "API_LONG_RATE"
