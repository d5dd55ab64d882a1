"""`manage.py trace`: what was made from an artifact, or what it was made from."""

import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from lineage import consultations, disclosures, exports, history, lookup
from lineage.consultations import ON_SERVER
from lineage.dossier.statement import found
from lineage.exports.rows import batches
from lineage.exports.text import as_of, definition_of
from lineage.models import Artifact, Consultation
from lineage.naming import STAFF_ON_SERVER, names_by_key
from lineage.tracing import Filters, Trace, trace_from
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation

TABLE = "table"
HEADINGS = ("kind", "repo_id", "depth", "relation", "certainty", "path_certainty", "via")
NAMER = partial(names_by_key, viewer=STAFF_ON_SERVER)
WEAKEST = (Certainty.RESOLVED, Certainty.DECLARED, Certainty.INFERRED)


class Command(BaseCommand):
    help = "Trace what was made from a model or dataset, or what it was made from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in Kind])
        parser.add_argument("repo_id", help="its id on the Hub, today's or an old one")
        parser.add_argument("--direction", choices=[way.value for way in Direction], default=Direction.DOWNSTREAM.value)
        parser.add_argument("--depth", type=_steps, metavar="N", help="at most N steps away")
        parser.add_argument(
            "--relation",
            action="append",
            default=[],
            choices=[relation.value for relation in Relation],
            help="follow only this relation; may be given several times",
        )
        parser.add_argument(
            "--certainty",
            choices=[certainty.value for certainty in WEAKEST],
            default=Certainty.DECLARED.value,
            help="the weakest edge followed; what staff added always counts (default: %(default)s)",
        )
        parser.add_argument(
            "--only",
            choices=[kind.value for kind in Kind],
            help="report only models, or only datasets; the others are walked through",
        )
        parser.add_argument(
            "--presence",
            action="append",
            default=[],
            choices=[presence.value for presence in Presence],
            help="report only what is so in the Hub's catalogue; may be given several times",
        )
        parser.add_argument(
            "--as-of",
            type=_day,
            metavar="DATE",
            help="as it was known at the end of that day (YYYY-MM-DD); default: now",
        )
        parser.add_argument(
            "--format", choices=[TABLE, *(form.value for form in exports.Format)], default=TABLE, dest="form"
        )
        parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of on the terminal")

    def handle(self, **options: Any) -> None:
        origin = origin_of(Kind(options["kind"]), options["repo_id"])
        filters = Filters(
            relations=frozenset(map(Relation, options["relation"])),
            certainty=Certainty(options["certainty"]),
            kinds=frozenset([Kind(options["only"])] if options["only"] else []),
            depth=options["depth"],
            presences=frozenset(map(Presence, options["presence"])),
        )
        day = options["as_of"]
        opened = history.graph_on(day, at=timezone.now()) if day else None
        trace = trace_from(origin, direction=Direction(options["direction"]), filters=filters, opened=opened)
        parts = _parts(trace, options["form"])
        _record(trace, options["form"])
        self._write(parts, options["form"], options["output"])

    def _write(self, parts: Iterator[bytes], form: str, output: Path | None) -> None:
        if output is not None:
            _write_file(parts, output)
        elif form == TABLE or exports.FILES[exports.Format(form)].is_text:
            for part in parts:
                self.stdout.write(part.decode(), ending="")
        else:
            _write_binary(parts, form)


def _steps(text: str) -> int:
    """A number of steps, at least 1. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdecimal() and int(text[:9])):
        raise ArgumentTypeError(_("a number from 1 on is needed"))
    return int(text[:9])


def _day(text: str) -> date:
    """A day in ISO 8601, of this age. Raises ArgumentTypeError."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if 2000 <= day.year < 3000:
            return day
    raise ArgumentTypeError(_("a day from 2000-01-01 on is needed, written YYYY-MM-DD"))


def origin_of(kind: Kind, name: str) -> Artifact:
    """The artifact the typed name means. Scripts look for the words of the error, so it is not translated."""
    origin = lookup.find(kind, name)
    if origin is not None:
        return origin
    message = f"no {kind} {name!r} in this base, not even as an old name. Ids are case-sensitive."
    other = Kind.DATASET if kind == Kind.MODEL else Kind.MODEL
    if lookup.find(other, name) is not None:
        message += f" There is a {other} of that name."
    near = lookup.nearest(kind, name)
    raise CommandError(f"{message} Nearest names: {', '.join(near)}." if near else f"{message} No name comes near it.")


def _parts(trace: Trace, form: str) -> Iterator[bytes]:
    if form == TABLE:
        return _table(trace)
    try:
        return exports.stream(trace, exports.Format(form), NAMER)
    except exports.TooLong as error:
        raise CommandError(str(error)) from None


def _record(trace: Trace, form: str) -> None:
    """A table on the terminal is a read; a file leaves, and stands in the ledger of exports."""
    at = timezone.now()
    if form != TABLE:
        disclosures.hand_over(trace, form=form, by=ON_SERVER, at=at)
        return
    key = trace.origin.pk
    consultations.record(
        by=ON_SERVER,
        operation=Consultation.Operation.TRACE,
        at=at,
        reference=f"artifact:{key}",
        definition=definition_of(trace),
        artifacts={key, *trace.keys.tolist()},
    )


def _write_file(parts: Iterator[bytes], output: Path) -> None:
    try:
        with _opened(output) as file:
            file.writelines(parts)
    except OSError as error:
        words = _("{file} could not be written to its end ({reason}). It does not hold the whole trace: remove it.")
        raise CommandError(words.format(file=output, reason=error.strerror)) from None


def _opened(output: Path) -> BinaryIO:
    try:
        return output.open("wb")
    except OSError as error:
        raise CommandError(f"cannot write {output}: {error.strerror}. Nothing was written.") from None


def _write_binary(parts: Iterator[bytes], form: str) -> None:
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        raise CommandError(f"{form} is no text: give a file with --output, or redirect the output.")
    sys.stdout.buffer.writelines(parts)


def _table(trace: Trace) -> Iterator[bytes]:
    """Aligned columns, then the total in words."""
    for rows in batches(trace, NAMER):
        lines = [
            (hop.kind, row.name, str(hop.depth), hop.relation, hop.certainty, hop.path_certainty, row.via_name)
            for row in rows
            for hop in [row.hop]
        ]
        widths = [max(map(len, column)) for column in zip(HEADINGS, *lines, strict=True)]
        for line in [HEADINGS, *lines]:
            yield ("  ".join(map(str.ljust, line, widths)).rstrip() + "\n").encode()
    yield f"{_total(trace)}\n".encode()


def _total(trace: Trace) -> str:
    """How many, never as if it were all: what authors do not declare is not known."""
    origin = f"{trace.origin.kind} {trace.origin.repo_id}"
    return f"{origin}: {found(trace)} " + (
        _("As of {date}.").format(date=as_of(trace))
        if trace.as_of
        else _("No harvest had been linked in by then: nothing was known yet.")
    )
