"""`manage.py harvest`: read the Hub or snapshots of it, accounts' kinds, old names; or only look at the Hub."""

import json
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lineage import alarms, authors, departures, foreground, graph, harvest, linking, pages, policy
from lineage.hub.client import HubError
from lineage.hub.probe import Differences
from lineage.hub.snapshot import NotASnapshot, snapshot_files
from lineage.labels import label
from lineage.lanes import TakenOver
from lineage.management.progress import Terminal
from lineage.management.watching import watch
from lineage.models import HarvestRun
from lineage.questions import Outcome, ask_old_names
from lineage.tasks import run_harvest
from lineage.vocabulary import Kind, RunState

COUNTS = (
    *("pages", "pages_given_up", "rows", "created", "updated", "unchanged", "renamed", "gone"),
    *("quarantined", "dropped", "edges_begun", "edges_ended", "aliases_begun", "aliases_ended", "changed"),
)
WORDS = ("hub", "authors", "aliases", "probe", "watch", "pause", "resume", "cancel", "purge")
INTERRUPTED = 130  # as a shell reports Ctrl-C
ASKED_AT_ONCE = 100

Options = dict[str, Any]


class Command(BaseCommand):
    help = (
        "Harvest the genealogy. WHAT is “hub” (the live list pages), “authors” (what accounts are), “aliases” (what "
        "old names mean), “probe” (look at one page, store nothing), “watch” (progress of the harvest under way), "
        "“pause”, “resume” or “cancel” (that harvest), “purge” (what left the Hub 30 days ago), or paths: parquet "
        "files of hub-stats, JSON-lines files in the Hub's list shape, folders of them, or hf://datasets/OWNER/NAME. "
        "Files of one listing belong in one command: what a complete harvest does not show is marked as gone. Write "
        "./hub for a file of that name."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what",
            nargs="+",
            metavar="WHAT",
            help=f"{', '.join(WORDS)}, or paths",
        )
        parser.add_argument("--kind", choices=[kind.value for kind in Kind], help="only models, or only datasets")
        parser.add_argument("--limit", type=_positive, metavar="N", help="read at most N records a listing or file")
        parser.add_argument("--no-aliases", action="store_true", help="do not ask the Hub what old names mean")
        parser.add_argument(
            "--workers",
            action="store_true",
            help="let the workers read it side by side, and watch; files lie where each of them can read them",
        )
        parser.add_argument(
            "--here", action="store_true", help="with “resume”: go on in this process, without a worker"
        )
        parser.add_argument("--despite-guard", action="store_true", help="with “purge”: however many leave at once")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON, for machines")

    def handle(self, *_arguments: str, **options: Any) -> None:
        acts: tuple[Callable[[Options], None], ...] = (
            *(self._hub, self._authors, self._aliases, self._probe),
            *(self._watch, self._pause, self._resume, self._cancel, self._purge),
        )
        words = dict(zip(WORDS, acts, strict=True))
        what = options["what"]
        if len(what) > 1 and set(words) & set(what):
            raise CommandError(_("A word such as “hub” or “watch” stands alone. Nothing was changed."))
        try:
            words.get(what[0], self._files)(options)
        except (harvest.HarvestRefused, NotASnapshot, OSError) as error:
            self._give_up(options, str(error))
        except HubError as error:
            self._give_up(options, _hub_words(error))
        except TakenOver:
            self._give_up(options, _("Another worker took the harvest over, or it was paused or cancelled."))

    def _hub(self, options: Options) -> None:
        self._harvest(HarvestRun.Source.HUB, options)

    def _files(self, options: Options) -> None:
        self._refuse_mistyped(options["what"])
        with _files_of(options["what"]) as paths:
            self._harvest(HarvestRun.Source.SNAPSHOT, options, paths)

    def _refuse_mistyped(self, what: Sequence[str]) -> None:
        """A lone word without a dot or slash that is no file was meant as a word of ours."""
        word = what[0]
        if len(what) == 1 and word.isalpha() and not Path(word).exists():
            message = _("“{word}” is neither a file nor one of the words {words}. Nothing was read.")
            raise CommandError(message.format(word=word, words=", ".join(WORDS)))

    def _harvest(self, source: str, options: Options, paths: Sequence[Path] = ()) -> None:
        run = harvest.request(
            source=source,
            kinds=[Kind(options["kind"])] if options["kind"] else [],
            paths=paths,
            limit=options["limit"],
            aliases=not options["no_aliases"],
            at=timezone.now(),
        )
        if source == HarvestRun.Source.HUB and not run.generation:
            self._compare_fields()
        self._conduct(run, options)

    def _compare_fields(self) -> None:
        """Say which fields changed before anything is read; the harvest itself stops where too many did."""
        for kind, fields in alarms.probe(pages.hub_client(timezone.now), at=timezone.now()).items():
            words = _("{kind}: fields that are missing or of another type: {fields}. “harvest probe” says more.")
            self.stderr.write(words.format(kind=label(Kind(kind)), fields=", ".join(fields)))

    def _conduct(self, run: HarvestRun, options: Options) -> None:
        terminal = Terminal()
        began = time.monotonic()
        try:
            if options["workers"]:
                run = _by_workers(run)
            else:
                run = foreground.conduct(run, clock=timezone.now, watch=terminal)
        except KeyboardInterrupt:
            harvest.cancel(run.pk, at=timezone.now())
            run.refresh_from_db()
            self._report(run, options, time.monotonic() - began)
            raise CommandError(run.message, returncode=INTERRUPTED) from None
        finally:
            terminal.close()
        self._report(run, options, time.monotonic() - began)
        if run.state == RunState.FAILED or run.counts.get("pages_given_up"):
            raise CommandError(run.message)

    def _authors(self, options: Options) -> None:
        client = pages.hub_client(timezone.now)
        self._ask(options, lambda at_most: authors.fill_kinds(client, clock=timezone.now, at_most=at_most))

    def _aliases(self, options: Options) -> None:
        client = pages.hub_client(timezone.now)
        self._ask(options, lambda at_most: ask_old_names(client, clock=timezone.now, at_most=at_most), self._link)

    def _ask(
        self, options: Options, share: Callable[[int], Outcome], afterwards: Callable[[], None] = lambda: None
    ) -> None:
        """Ask share after share, waiting where the Hub asks for it; what was answered is kept whatever happens."""
        if refusal := policy.current().refusal(at=timezone.now()):
            raise harvest.HarvestRefused(refusal)
        try:
            answered, gave_up = _ask_all(share, options["limit"], Terminal())
        except KeyboardInterrupt:
            raise CommandError(_("Stopped; the answers so far are kept."), returncode=INTERRUPTED) from None
        afterwards()
        words = _("{number} answers of the Hub are kept.").format(number=answered)
        if gave_up:
            self._give_up(options, _("The Hub no longer answers. {kept} Start again later.").format(kept=words))
        self._say(options, words, {"answered": answered})

    def _link(self) -> None:
        linking.relink(at=timezone.now())
        graph.current()

    def _watch(self, options: Options) -> None:
        try:
            run = watch(_open_or_latest(), sys.stderr, clock=timezone.now, sleep=time.sleep)
        except KeyboardInterrupt:
            words = _("No longer watched; the harvest goes on.")
            raise CommandError(words, returncode=INTERRUPTED) from None
        self._report(run, options, _lasted(run))

    def _pause(self, options: Options) -> None:
        run = _open_run()
        if not harvest.pause(run.pk, at=timezone.now()):
            self._give_up(options, _("This harvest is paused already, or has ended. Nothing was changed."))
        self._say(options, _("Harvest {number} is paused.").format(number=run.pk), {"run": run.pk, "state": "paused"})

    def _resume(self, options: Options) -> None:
        run = _open_run()
        if not harvest.resume(run.pk, at=timezone.now()):
            self._give_up(options, _("This harvest is not paused. Nothing was changed."))
        if options["here"]:
            self._conduct(run, options)
            return
        run_harvest.delay(run.pk)
        words = _("Harvest {number} is waiting for a worker.").format(number=run.pk)
        self._say(options, words, {"run": run.pk, "state": "queued"})

    def _purge(self, options: Options) -> None:
        outcome = departures.purge(at=timezone.now(), despite_guard=options["despite_guard"])
        words = _("{number} artifacts that had left the Hub were purged.").format(number=outcome.artifacts)
        if outcome.held:
            kinds = ", ".join(f"{label(Kind(kind))}: {count}/{all_}" for kind, (count, all_) in outcome.held.items())
            more = _(
                "Too many at once, nothing of that kind was purged ({kinds}). "
                "“--despite-guard” purges them all the same."
            )
            self._give_up(options, f"{words} {more.format(kinds=kinds)}")
        self._say(options, words, {"purged": outcome.artifacts})

    def _cancel(self, options: Options) -> None:
        run = _open_run()
        harvest.cancel(run.pk, at=timezone.now())
        run.refresh_from_db()
        self._report(run, options, _lasted(run))

    def _probe(self, options: Options) -> None:
        client = pages.hub_client(timezone.now)
        kinds = [Kind(options["kind"])] if options["kind"] else list(Kind)
        for kind in kinds:
            self.stdout.write("\n".join(_probe_lines(kind, client.probe(kind))))

    def _report(self, run: HarvestRun, options: Options, seconds: float) -> None:
        counts = {name: run.counts.get(name, 0) for name in COUNTS}
        words = _(
            "Harvest {number}: {state}. {rows} records read in {seconds} s, {created} new, {updated} changed, "
            "{gone} gone, {quarantined} unreadable, {dropped} kept out. "
            "Edges: {edges_begun} begun, {edges_ended} ended."
        ).format(number=run.pk, state=run.get_state_display(), seconds=round(seconds, 1), **counts)
        said = {"run": run.pk, "state": run.state, **counts, "seconds": round(seconds, 3), "message": run.message}
        self._say(options, f"{words}\n{run.message}".strip(), said)

    def _say(self, options: Options, words: str, for_machines: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(for_machines) if options["json"] else words)

    def _give_up(self, options: Options, message: str) -> None:
        """End with exit code 1 and the message; machines get a last line too."""
        if options["json"]:
            self.stdout.write(json.dumps({"run": None, "state": "refused", "message": message}))
        raise CommandError(message)


def _by_workers(run: HarvestRun) -> HarvestRun:
    """The run as it ended, once the workers have read it."""
    run_harvest.delay(run.pk)
    return watch(run, sys.stderr, clock=timezone.now, sleep=time.sleep)


def _open_run() -> HarvestRun:
    run = HarvestRun.objects.open().first()
    if run is None:
        raise CommandError(_("No harvest is under way. Nothing was changed."))
    return run


def _open_or_latest() -> HarvestRun:
    run = HarvestRun.objects.open().first() or HarvestRun.objects.first()
    if run is None:
        raise CommandError(_("There was no harvest yet: there is nothing to watch."))
    return run


def _lasted(run: HarvestRun) -> float:
    """Seconds from the first page to the end; 0 for a run that never began."""
    return (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else 0.0


def _ask_all(share: Callable[[int], Outcome], limit: int | None, terminal: Terminal) -> tuple[int, bool]:
    """How many answers came, and whether the Hub stopped answering before the end."""
    answered = 0
    while limit is None or answered < limit:
        outcome = share(ASKED_AT_ONCE if limit is None else min(ASKED_AT_ONCE, limit - answered))
        answered += outcome.answered
        if outcome.wait_seconds is not None:
            terminal.wait(outcome.wait_seconds)
            time.sleep(outcome.wait_seconds)
        elif outcome.gave_up or not outcome.answered:
            return answered, outcome.gave_up
    return answered, False


def _probe_lines(kind: Kind, differences: Differences) -> list[str]:
    head = f"{label(kind)}: " + _("{number} records read").format(number=differences.records)
    parts = (
        (_("missing"), differences.missing),
        (_("not expected"), differences.new),
        (_("of another type"), differences.retyped),
    )
    lines = [f"  {words}: {', '.join(names)}" for words, names in parts if names]
    return [head, *(lines or ["  " + (_("as expected") if differences.none else _("no record to look at"))])]


@contextmanager
def _files_of(what: Sequence[str]) -> Iterator[list[Path]]:
    """The snapshot files that the words mean; what had to be downloaded is removed at the end."""
    with TemporaryDirectory(prefix="snapshot-", dir=settings.VAR_DIR) as folder:
        files: list[Path] = []
        for word in what:
            if word.startswith("hf://"):
                files += pages.hub_client(timezone.now).download_snapshot(word, Path(folder))
            else:
                files += snapshot_files(Path(word))
        yield files


def _hub_words(error: HubError) -> str:
    return _(
        "The Hub at {endpoint} did not answer as asked ({error}). Nothing was changed. Check HF_ENDPOINT, HF_TOKEN, "
        "the network and the proxy."
    ).format(endpoint=settings.HF_ENDPOINT, error=error)


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise ArgumentTypeError(_("a number from 1 on is needed"))
    return number
