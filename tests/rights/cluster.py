"""A PostgreSQL of its own for one test: started on a free port, with its data directory to look into, then removed."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


def programs():
    """Where PostgreSQL's programs lie; None where they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def cluster():
    """Its address and its data directory."""
    folder, port = Path(tempfile.mkdtemp()), free_port()
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    data = f"--pgdata={folder / 'data'}"
    server = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    try:
        run(folder, "initdb", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        run(folder, "pg_ctl", data, "--wait", "--silent", f"--log={folder / 'log'}", "start", f"--options={server}")
        yield f"postgres://postgres@127.0.0.1:{port}/postgres", folder / "data"
    finally:
        run(folder, "pg_ctl", data, "--silent", "--mode=immediate", "stop", check=False)
        shutil.rmtree(folder)


def run(folder, program, *options, check=True):
    """One of its programs, as the user it consents to run as."""
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    command = [*user, str(programs() / program), *options]
    subprocess.run(command, cwd=folder, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
