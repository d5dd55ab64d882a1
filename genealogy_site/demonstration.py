"""`make run`: the demonstration, from an empty folder to a site that answers. Ctrl-C stops all of it.

Everything it needs stands in the environment of this process and of the three it starts; the secrets it makes
up lie under VAR_DIR, readable by their owner only. It never runs on the settings of a real installation.
"""

import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import django
import environ
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils.translation import gettext as _
from honcho import manager as honcho_manager
from honcho.environ import parse_procfile
from honcho.printer import Message, Printer

BASE_DIR = Path(__file__).resolve().parent.parent
STOPPED_AS_ASKED = (130, 143)  # honcho's codes for Ctrl-C and SIGTERM
STOPS_WITHIN_SECONDS = 20  # then whatever is left is killed
WEB_IS_UP = "Listening at"  # gunicorn's words once it holds its port
PERIOD = timedelta(days=365)


class CannotStart(Exception):
    """Nothing was started; the text says why and what to do."""


def main() -> int:
    """Prepare and run the demonstration until it is stopped; returns the exit code."""
    environ.Env.read_env(BASE_DIR / ".env")
    try:
        os.environ.update(environment(os.environ, now=datetime.now(UTC)))
        require_free_port(os.environ["HOST"], os.environ["PORT"])
        welcome = set_up()
    except (CannotStart, CommandError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return serve(welcome)


def environment(given: Mapping[str, str], *, now: datetime) -> dict[str, str]:
    """What the demonstration adds to the environment it was `given`, which wins.

    Raises CannotStart for an installation's: demonstration accounts have no place beside real ones.
    """
    if not _for_a_demonstration(given):
        raise CannotStart(
            "The settings here (.env or the environment) are a real installation's: they hold a SECRET_KEY, or "
            "DEMONSTRATION=0. Nothing was started: “make run” is only for a demonstration. Start the site with "
            "“honcho start”, as README.md tells; or say DEMONSTRATION=1 where these settings are a demonstration's."
        )
    folder = Path(given.get("VAR_DIR") or BASE_DIR / "var")
    programs = Path(sys.executable).parent
    defaults = {
        **_own_secrets(folder / "demonstration.json"),
        "HOST": "127.0.0.1",
        "PORT": "8000",
        "PROJECT_END": (now + PERIOD).date().isoformat(),
        "PROJECT_NOTICE": "demonstration, no notice was published",
        "PUBLIC_FORM": "1",
        "RIGHTS_EMAIL": "rights@genealogy.example",
        "DJANGO_SETTINGS_MODULE": "genealogy_site.settings",
    }
    chosen = {name: given.get(name) or value for name, value in defaults.items()}
    chosen["SITE_URL"] = given.get("SITE_URL") or f"http://{chosen['HOST']}:{chosen['PORT']}"
    fixed = {
        "DEMONSTRATION": "1",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{programs}{os.pathsep}{given.get('PATH', os.defpath)}",
    }
    return chosen | fixed


def _for_a_demonstration(given: Mapping[str, str]) -> bool:
    """What DEMONSTRATION says; where it says nothing, whoever was given no SECRET_KEY has no installation."""
    said = given.get("DEMONSTRATION")
    return not given.get("SECRET_KEY") if said is None else said.lower() in environ.Env.BOOLEAN_TRUE_STRINGS


def _own_secrets(path: Path) -> dict[str, str]:
    """The signing key and the password of this folder's demonstration: made up once, kept for the next start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Hexadecimal: a password that begins with a hyphen would be read as an option.
        made_up = {"SECRET_KEY": secrets.token_urlsafe(64), "DEMO_PASSWORD": secrets.token_hex(10)}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made_up, file)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def require_free_port(host: str, port: str) -> None:
    """Raises CannotStart where the web server could not listen there."""
    try:
        number = int(port)
        family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, number))
    except (ValueError, OverflowError, OSError) as error:
        raise CannotStart(
            f"The site cannot listen at {host}, port {port} ({error}). Nothing was started. "
            "Choose another port: make run PORT=8001"
        ) from error


def set_up() -> str:
    """Migrate, harvest the sample, make the accounts. Returns what to tell whoever started it."""
    django.setup()
    accounts = StringIO()
    call_command("migrate", verbosity=0)
    call_command("sample")
    call_command("demo_accounts", password=os.environ["DEMO_PASSWORD"], stdout=accounts)
    connections.close_all()
    address = _("The demonstration answers at {address}").format(
        address=f"http://{os.environ['HOST']}:{os.environ['PORT']}/"
    )
    how_to_stop = _("Ctrl-C stops it. Its data is kept for the next start; “make clean” removes it.")
    return f"\n{address}\n\n{accounts.getvalue()}\n{how_to_stop}\n\n"


def serve(welcome: str) -> int:
    """Run the processes of the Procfile together until one ends or a signal comes; no process outlives this one."""
    manager = _Together(_Announcer(welcome))
    for name, command in parse_procfile((BASE_DIR / "Procfile").read_text()).processes.items():
        manager.add_process(name, command, cwd=str(BASE_DIR))
    signal.signal(signal.SIGHUP, lambda *_received: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    return 0 if manager.returncode in STOPPED_AS_ASKED else manager.returncode or 1


class _Together(honcho_manager.Manager):  # type: ignore[misc]  # honcho has no types
    """Stops each program by its first process, as it expects, and waits long enough for the slowest.

    honcho signals whole process groups, which kills a Celery worker's children under its hands, and all that is left
    after five seconds; a worker on the broker of files takes seven to stop.
    """

    def __init__(self, printer: Printer) -> None:
        super().__init__(printer)
        self._procmgr = _FirstProcesses()
        honcho_manager.KILL_WAIT = STOPS_WITHIN_SECONDS


class _FirstProcesses:
    def terminate(self, pid: int) -> None:
        """Ask the program to end its own children and itself."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        """End the program and all its children at once: it did not stop by itself."""
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


class _Announcer(Printer):  # type: ignore[misc]  # honcho has no types
    """Prints what the processes say, and the welcome once the web server listens."""

    def __init__(self, welcome: str) -> None:
        super().__init__(sys.stdout)
        self._welcome = welcome

    def write(self, message: Message) -> None:
        super().write(message)
        if WEB_IS_UP in str(message.data) and self._welcome:
            sys.stdout.write(self._welcome)
            sys.stdout.flush()
            self._welcome = ""


if __name__ == "__main__":
    sys.exit(main())
