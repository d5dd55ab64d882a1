"""A real browser on a live server, where a Chromium is found; tests are skipped, and say so, where none is."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, sync_playwright

from access.roles import Role
from tests.lineage.readers import signed_in

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Playwright runs an event loop in the test's thread; the rows a test makes there are made by that thread alone.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def found_chromium() -> str | None:
    """The system's Chromium, else the one Playwright downloaded."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = found_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: browser tests were not run")
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """The plugin's own is a method of a class, which pytest has begun to warn about. We use the live server's."""


@pytest.fixture
def sign_in(live_server: Any) -> Any:
    """Sign a browser in with an account of a role: `sign_in(context, role)`."""

    def signed(context: BrowserContext, role: Role = Role.AGENT) -> None:
        cookie = signed_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    return signed


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the page complains of: errors of scripts, of the console, of the content policy; open dialogs."""
    heard: list[str] = []

    def refuse(dialog: Dialog) -> None:
        heard.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", refuse)
    return heard
