"""The site as it is served for real, and eight readers at once who ask it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median, quantiles

from benchmarks.timing import Figure

READERS, EACH, ALONE = 8, 25, 9
BEHIND_TLS = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}
WORKERS = 2


def measured(table: str, name: str, address: str, port: int, sent: Mapping[str, str], *, each: int = EACH) -> Figure:
    """Seconds a request (eight readers together), the 95th percentile of what one reader waits, and what one alone waits."""
    alone = median(read(port, sent, address, ALONE))
    start = time.perf_counter()
    with ThreadPoolExecutor(READERS) as readers:
        waits = [
            wait
            for some in readers.map(lambda _reader: read(port, sent, address, each), range(READERS))
            for wait in some
        ]
    seconds = (time.perf_counter() - start) / len(waits)
    note = f"{1 / seconds:,.0f} requests/s, p95 {quantiles(waits, n=20)[-1] * 1000:.0f} ms; alone {alone * 1000:.0f} ms"
    return Figure(table, name, "", seconds, note)


def read(port: int, sent: Mapping[str, str], address: str, times: int) -> Sequence[float]:
    """Ask one after the other, over one connection; the seconds of each. Raises RuntimeError where it is no 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    waits = []
    for _time in range(times):
        start = time.perf_counter()
        connection.request("GET", address, headers={**BEHIND_TLS, **sent})
        answer = connection.getresponse()
        body = answer.read()
        waits.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}: {body[:200]!r}")
    return waits


@contextmanager
def served(workers: int = WORKERS, *, tls: bool = True) -> Iterator[tuple[int, int]]:
    """The site on a free port, as behind a proxy that ends TLS; gives the port and the process of the server.

    Without `tls` it is served as the demonstration is: a browser keeps no `__Host-` cookie otherwise.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "-w", str(workers), "--threads", "4", "-b", f"127.0.0.1:{port}"]
    environment = {
        **os.environ,
        "DEBUG": "0" if tls else "1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS_PROXY": "1" if tls else "0",
        "LOG_LEVEL": "ERROR",
        "API_RATE": "1000000/s",
        "API_LONG_RATE": "1000000/s",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, check=True, env=environment)  # noqa: S603
    server = subprocess.Popen(  # noqa: S603
        [*command, "benchmarks.wsgi"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _wait in range(100):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not start")
