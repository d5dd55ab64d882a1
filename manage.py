#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")
    from genealogy_site import command_line

    return command_line.run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
