"""The information notice: what it must declare, a draft of it, its publication."""

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights import notices
from rights.models import Notice
from rights.period import legal_date
from rights.verbs.acting import Options, Say, agent, refusals_told

HELP = "the information notice: “draft” prints what it must declare, “record” writes it down, “publish” makes it public"


def add_arguments(parser: ArgumentParser) -> None:
    """Three steps."""
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("draft", help="print what a notice must declare today, and a text for it; stores nothing")
    record = steps.add_parser("record", help="write the next version down as a draft, with all the register's words")
    record.add_argument("--from", dest="begins", type=date.fromisoformat, metavar="YYYY-MM-DD", help="first day; today")
    record.add_argument("--text-fr", type=Path, metavar="FILE", help="its French text, in place of the one printed")
    record.add_argument("--text-en", type=Path, metavar="FILE", help="its English text, in place of the one printed")
    publish = steps.add_parser("publish", help="publish a draft: it is never changed any more")
    publish.add_argument("version", type=int)
    for step in (record, publish):
        step.add_argument("--by", required=True, metavar="USERNAME", help="who decides")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Take the step asked for."""
    STEPS[options["step"]](options, at, say)


def _draft(options: Options, at: datetime, say: Say) -> None:
    say(_("A notice must declare:"))
    for what, words in notices.needed().items():
        for word in words:
            say(f"- {what}: {word} ({notices.VOCABULARY[what](word).label})")
    for language in ("fr", "en"):
        say(f"\n--- {language}\n\n{notices.drafted(language)}")
    if refused := notices.refusal(on=legal_date(at)):
        say(f"\n{refused}")


def _record(options: Options, at: datetime, say: Say) -> None:
    by = agent(options["by"]) or 0
    notice = notices.drawn(in_force_from=options["begins"] or legal_date(at))
    notice.text_fr = _text(options["text_fr"]) or notice.text_fr
    notice.text_en = _text(options["text_en"]) or notice.text_en
    with refusals_told():
        notices.record(notice=notice, by=by, at=at)
    say(_("Recorded as a draft: version {version}.").format(version=notice.version))


def _publish(options: Options, at: datetime, say: Say) -> None:
    by = agent(options["by"]) or 0
    notice = Notice.objects.filter(version=options["version"]).first()
    if notice is None:
        raise CommandError(_("There is no notice of that version. Nothing was changed."))
    try:
        with refusals_told():
            notices.publish(notice=notice, by=by, at=at)
    except notices.NoticeRefused as refused:
        raise CommandError(str(refused)) from None
    say(_("Published: version {version}.").format(version=notice.version))


def _text(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError):
        raise CommandError(_("A file of the text cannot be read. Nothing was changed.")) from None


STEPS = {"draft": _draft, "record": _record, "publish": _publish}
