"""Pages under load: two gunicorn workers, eight readers at once, beside a signed-in page of constant rows."""

from collections.abc import Iterator

from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from access import accounts
from access.models import User
from access.roles import Role
from benchmarks.serving import measured, read, served
from benchmarks.timing import Figure, once
from benchmarks.walks import families
from lineage import graph
from lineage.tracing import Order
from lineage.views.trace import ROWS

DEEP = 1_000  # the page far down
TABLE = "pages, 8 readers at once"


def figures() -> Iterator[Figure]:
    """Seconds a request (eight readers together) and the 95th percentile of what one reader waits, for each page."""
    sent = {"Cookie": signed_in()}
    with served() as (port, _server):
        yield measured(TABLE, "signed-in page of constant rows (the floor)", "/bench/constant/", port, sent)
        for name, address in _asked().items():
            yield measured(TABLE, f"this project, {name}", address, port, sent)
        yield _whole_file(port, sent)


def _whole_file(port: int, sent: dict[str, str]) -> Figure:
    """The CSV of the biggest family, from the request to its last byte."""
    opened = graph.current()
    size, node = max(families(opened).items())
    address = f"/artifact/{int(opened.keys[node])}/trace.csv"
    seconds = once(lambda: read(port, sent, address, 1))
    return Figure(TABLE, f"this project, the whole CSV of {size:,}", "", seconds)


def _asked() -> dict[str, str]:
    opened = graph.current()
    asked = {"home": "/"}
    for size, node in families(opened).items():
        page = f"/artifact/{int(opened.keys[node])}/"
        deep = max(1, min(DEEP, size // ROWS))
        asked[f"artifact with {size:,} descendants"] = page
        asked[f"tree of {size:,}"] = f"{page}tree/"
        asked[f"map of {size:,}"] = f"{page}map/"
        asked[f"trace of {size:,}, first page"] = f"{page}trace/"
        for order in Order if size == max(families(opened)) else (Order.DOWNLOADS,):
            asked[f"trace of {size:,}, page {deep:,} by {order}"] = f"{page}trace/?page={deep}&order={order}"
    return asked


def signed_in() -> str:
    """The cookie of a session with both factors."""
    account = User.objects.filter(username="bench").first() or accounts.create(
        username="bench", roles=[Role.AGENT], by=None, at=timezone.now()
    )
    device, _made = TOTPDevice.objects.get_or_create(user=account, name="application", confirmed=True)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    return f"sessionid={session.session_key}; __Host-sessionid={session.session_key}"
