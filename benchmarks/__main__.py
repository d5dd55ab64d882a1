"""`make bench`: this project beside its peers on the same made-up hub, in one run, told as ratios.

`python -m benchmarks --size 100k --database postgres://…`: the database server's account must be allowed to make a
database; one of its own is made, and dropped again. Without --database: an SQLite file.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from secrets import token_urlsafe

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "3m": 3_000_000}


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--size", choices=SIZES, type=str.lower, default="100k")
    asked.add_argument("--database", default="", help="address of a PostgreSQL server; SQLite without")
    asked.add_argument("--hubs", type=Path, default=Path("var/hubs"), help="where made-up hubs are kept")
    asked.add_argument("--report", type=Path, default=Path("benchmarks/reports"), help="folder of the report")
    asked.add_argument("--pictures", action="store_true", help="only trees and maps, in a browser")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            **os.environ,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "SECRET_KEY": token_urlsafe(64),
            "PROJECT_END": "2099-12-31",
            "PROJECT_NOTICE": "benchmark",
            "LOG_LEVEL": "ERROR",
            "VAR_DIR": scratch,
            "DATABASE_URL": f"{options.database.rsplit('/', 1)[0]}/genealogy_bench"
            if options.database
            else f"sqlite:///{scratch}/bench.sqlite3",
        }
        parts = ["benchmarks.run", str(SIZES[options.size]), str(options.hubs), str(options.report)]
        command = [sys.executable, "-m", *(["benchmarks.pictures"] if options.pictures else parts)]
        sys.exit(subprocess.run(command, check=False, env=environment).returncode)  # noqa: S603


if __name__ == "__main__":
    main()
