"""What staff read about how a harvest ended: what happened, what was kept, what to do. No name from the Hub."""

from collections.abc import Collection

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lineage.models import HarvestRun
from lineage.vocabulary import Kind


def source_changed() -> str:
    """Too many records could not be parsed."""
    return _(
        "More than one record in a hundred could not be read: a field of the source was probably renamed. The pages "
        "stored before are kept; nothing was marked absent, and no edge was changed. Run “manage.py harvest probe”."
    )


def kept(run: HarvestRun) -> str:
    """The run was stopped before its end, at staff's wish or by another harvest."""
    rows = run.counts.get("rows", 0)
    return ngettext(
        "The harvest was stopped. {rows} record read is kept; nothing was marked absent, and no edge was changed. "
        "The next harvest links it.",
        "The harvest was stopped. {rows} records read are kept; nothing was marked absent, and no edge was changed. "
        "The next harvest links them.",
        rows,
    ).format(rows=rows)


def given_up(run: HarvestRun) -> str:
    """Every worker that took the run vanished."""
    return _("Its workers vanished again and again, so it was given up. {kept}").format(kept=kept(run))


def broken_off(error: Exception) -> str:
    """An error that nobody foresaw. Its class only is told: its text may hold a name from the Hub."""
    return _("The harvest broke off ({error}). The pages stored before are kept; nothing was marked absent.").format(
        error=type(error).__name__
    )


def nothing_read(run: HarvestRun) -> str:
    """No record came. `run.message` still holds why its last page was given up."""
    if run.source == HarvestRun.Source.HUB and run.counts.get("pages_given_up"):
        return _(
            "The Hub at {endpoint} could not be read ({reason}). Nothing was changed. Check HF_ENDPOINT, HF_TOKEN, the "
            "network and the proxy, then start the harvest again."
        ).format(endpoint=settings.HF_ENDPOINT, reason=run.message or _("a worker was lost"))
    return _("The source held no record. Nothing was changed: an empty listing is never read as an empty Hub.")


def linked(run: HarvestRun, whole: Collection[Kind]) -> str:
    """The run was linked; `whole` are the kinds it read to their end. Empty where there is nothing to tell."""
    if run.counts.get("pages_given_up"):
        return _(
            "A page could not be read after several attempts ({reason}), so the rest of its listing is missing. What "
            "was read is kept and linked; nothing of that kind was marked absent. Start the harvest again later."
        ).format(reason=run.message or _("a worker was lost, or the file is damaged"))
    if run.options.get("limit") is not None:
        return _("Only part was asked for: nothing was marked absent.")
    if len(whole) < run.lanes.values("kind").distinct().count():
        return _("A listing was empty, which is never read as an empty Hub: nothing of that kind was marked absent.")
    return ""
