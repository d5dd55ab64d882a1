"""No name in the logs, whoever wrote the line."""

import io
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings as site
from django.db import IntegrityError
from django.test import Client

from genealogy_site.logs import NamelessFormatter
from lineage.hub.client import BadPage
from tests.factories import make_artifact, make_user

CANARY = "canary-account"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that reaches the console, formatted as on the site."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(NamelessFormatter("{levelname} {name}: {message}", style="{"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def refused_row() -> None:
    make_artifact(f"{CANARY}/m")
    make_artifact(f"{CANARY}/m")


def bad_key() -> None:
    try:
        os.environ[CANARY]
    except KeyError as error:
        raise ValueError(f"no {CANARY}") from error


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "kinds"),
    [(refused_row, {"django.db.utils.IntegrityError"}), (bad_key, {"builtins.ValueError", "builtins.KeyError"})],
)
def test_an_exception_says_where_not_what(logged: io.StringIO, fault: Callable[[], None], kinds: set[str]) -> None:
    try:
        fault()
    except (IntegrityError, ValueError) as error:
        logging.getLogger("lineage.anything").exception("It failed: %s", error)
    assert CANARY not in logged.getvalue()
    assert "test_logs.py" in logged.getvalue()
    assert kinds <= {word.rstrip(":") for word in logged.getvalue().split()}


def test_our_own_exceptions_keep_their_words(logged: io.StringIO) -> None:
    logging.getLogger("lineage.anything").warning("Refused: %s", BadPage("the answer is no whole JSON list"))
    assert "no whole JSON list" in logged.getvalue()


@shared_task  # type: ignore[untyped-decorator]
def fail_with_a_name(name: str) -> None:
    raise LookupError(f"nothing is called {name}")


@shared_task  # type: ignore[untyped-decorator]
def succeed_with_a_name(name: str) -> str:
    return name


@pytest.mark.parametrize("task", [fail_with_a_name, succeed_with_a_name])
def test_a_tasks_arguments_errors_and_results_stay_out(logged: io.StringIO, task: Any, settings: Any) -> None:
    logging.getLogger("celery.app.trace").setLevel(logging.INFO)
    task.apply(args=[CANARY], throw=False)
    assert CANARY not in logged.getvalue()
    assert task.name in logged.getvalue()


@pytest.mark.parametrize("name", ["httpx2", "httpcore2.http11", "huggingface_hub.utils._http", "django.db.backends"])
def test_libraries_that_log_addresses_or_statements_are_silent(logged: io.StringIO, name: str) -> None:
    logging.getLogger(name).error("GET https://hub.example/api/users/%s/overview", CANARY)
    assert logged.getvalue() == ""


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (f"GET /?s={CANARY} HTTP/1.1", "GET / HTTP/1.1"),
        ("GET /artifact/7/ HTTP/1.1", "GET /artifact/7/ HTTP/1.1"),
        (f"GET /?a=1?{CANARY} HTTP/1.1", "GET / HTTP/1.1"),
    ],
)
def test_a_request_line_loses_its_query(line: str, kept: str) -> None:
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" %s %s', (line, "200", "12"), None)
    assert NamelessFormatter("%(message)s").format(record) == f'"{kept}" 200 12'


@pytest.mark.django_db
def test_an_address_that_nobody_has_is_not_logged(logged: io.StringIO, client: Client) -> None:
    client.force_login(make_user())
    assert client.get(f"/models/{CANARY}/bert").status_code == 404
    assert CANARY not in logged.getvalue()


def test_the_settings_send_everything_through_the_formatter() -> None:
    described: Any = site.LOGGING
    handlers = described["handlers"]
    assert {name for name, handler in handlers.items() if handler.get("formatter") != "nameless"} == {"nowhere"}
    assert described["formatters"]["nameless"]["()"] == "genealogy_site.logs.NamelessFormatter"
    for name in ("", "django", "django.server"):
        consoles = [each for each in logging.getLogger(name).handlers if type(each) is logging.StreamHandler]
        assert all(isinstance(each.formatter, NamelessFormatter) for each in consoles)
