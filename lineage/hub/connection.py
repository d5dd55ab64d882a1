"""How the Hub is reached: through an outgoing proxy, and trusting a private authority, where the site says so."""

import ssl
from functools import cache

import httpx2
from huggingface_hub import set_client_factory


class BadConnection(OSError):
    """The settings of the connection cannot be used. Its text names the setting."""


@cache
def connect(*, proxy: str, certificates: str) -> None:
    """Have every request of this process go through `proxy` and trust `certificates` (a PEM file) as well; "" for neither.

    The first call of each pair sets it; without either, the environment's own words (HTTPS_PROXY …) stay in force.
    Raises BadConnection for a file that cannot be read or a proxy that is no address.
    """
    if not (proxy or certificates):
        return
    context = _trusting(certificates)
    through = _proxy(proxy)
    set_client_factory(lambda: httpx2.Client(proxy=through, verify=context, follow_redirects=True, timeout=None))


def _trusting(certificates: str) -> ssl.SSLContext:
    """The system's authorities, and those of the file."""
    context = ssl.create_default_context()
    try:
        if certificates:
            context.load_verify_locations(cafile=certificates)
    except (OSError, ssl.SSLError) as failure:
        raise BadConnection(f"HUB_CA is no file of certificates that can be read ({type(failure).__name__})") from None
    return context


def _proxy(proxy: str) -> httpx2.Proxy | None:
    try:
        return httpx2.Proxy(proxy) if proxy else None
    except (ValueError, httpx2.InvalidURL):
        raise BadConnection("HUB_PROXY is no address of a proxy, such as http://proxy.example:3128") from None
