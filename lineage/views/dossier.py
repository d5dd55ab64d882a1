"""A dated dossier: drawn up from the page of a trace, kept by its definition, taken again from it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lineage import disclosures
from lineage.dossier import Definition, Difference, Dossier, difference
from lineage.dossier.evidence import Evidence, evidence, pair_of, texts_of
from lineage.exports import Namer
from lineage.exports.rows import Row, named
from lineage.exports.text import definition_of
from lineage.forms import TraceForm
from lineage.models import Artifact, Consultation, Disclosure
from lineage.naming import repo_ids_shown, viewer_of
from lineage.views.asked import asked_trace, namer_of, recorded, told_to, trace_address
from lineage.views.gate import readers_only

MOST_HOPS = 500  # on paper; the files hold all
MOST_CHANGES = 100  # named of what a comparison gained, and of what it lost


@dataclass(frozen=True, slots=True)
class Changes:
    """What today's trace holds more and less, as keys; at most `MOST_CHANGES` of each are `shown`."""

    gained: list[int]
    lost: list[int]

    @property
    def shown(self) -> dict[str, list[int]]:
        return {"gained": self.gained[:MOST_CHANGES], "lost": self.lost[:MOST_CHANGES]}

    @property
    def cut(self) -> bool:
        """Whether some are not named."""
        return max(len(self.gained), len(self.lost)) > MOST_CHANGES

    @classmethod
    def of(cls, difference: Difference) -> "Changes":
        return cls(difference.gained.tolist(), difference.lost.tolist())

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost)


@readers_only
@require_POST
def draw_up(request: HttpRequest, key: int) -> HttpResponseBase:
    """Enter a dossier of the trace that the address asks for in the ledger of exports, and show it."""
    artifact = get_object_or_404(Artifact.objects.shown().filter(superseded_by=None), pk=key)
    form = TraceForm.of_address(request.GET)
    if not form.is_valid():
        return redirect(trace_address(request, artifact))
    trace = asked_trace(artifact, form, viewer_of(request.user))
    entry = disclosures.hand_over(trace, form=disclosures.DOSSIER, by=request.user, at=timezone.now())
    return redirect("lineage:dossier", key=entry.pk)


@readers_only
@require_safe
def dossier_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """A dossier, or what an exported file held, taken again; and what differs from today. Fit to be printed.

    For whoever received it, and for those who may read the ledger; `key` is that of its entry there.
    """
    entry = get_object_or_404(Disclosure, pk=key, reference__startswith="artifact:")
    if entry.user_key != request.user.pk and not request.user.has_perm("lineage.view_disclosure"):
        raise Http404
    try:
        dossier = disclosures.dossier_of(entry)
        changes = Changes.of(difference(dossier.trace, disclosures.today(dossier.definition)))
    except Artifact.DoesNotExist:
        return render(request, "lineage/dossier_gone.html", {"entry": entry}, status=410)
    return render(request, "lineage/dossier.html", {"entry": entry, **_told(request, dossier, changes)})


def _told(request: HttpRequest, dossier: Dossier, changes: Changes) -> dict[str, object]:
    """All that the page says, as whoever asks may read it; recorded."""
    namer, viewer = namer_of(request), viewer_of(request.user)
    trace = told_to(viewer, dossier.trace)
    rows = named(trace.page(0, MOST_HOPS), namer)
    names = _names(dossier, rows, changes, namer)
    recorded(request, Consultation.Operation.TRACE, trace.origin.pk, definition_of(trace), names)
    proven = _proven(dossier, rows)
    texts = [*dossier.aliases, *texts_of([proof for _, proof in proven])]
    return {
        "dossier": dossier,
        "trace": trace,
        "artifact": trace.origin,
        "name": names[trace.origin.pk],
        "names": names,
        "rows": proven,
        "left_out": len(trace) - len(rows),
        "totals": dossier.totals,
        "texts": repo_ids_shown(texts, viewer),
        "changes": changes,
        "query": _query(dossier.definition),
    }


def _query(definition: Definition) -> str:
    """The question as the address of a trace holds it."""
    told = definition.stored()
    asked = {"direction": told["direction"], "certainty": told["certainty"], "relation": told["relations"]}
    asked |= {"kind": told["kinds"], "presence": told["presences"]} | (
        {"depth": definition.filters.depth} if definition.filters.depth else {}
    )
    return urlencode(asked, doseq=True)


def _names(dossier: Dossier, rows: list[Row], changes: Changes, namer: Namer) -> dict[int, str]:
    cited = {dossier.trace.origin.pk, *(key for keys in changes.shown.values() for key in keys)}
    hops = [row.hop for row in rows]
    return dict(namer(cited | {hop.artifact_key for hop in hops} | {hop.via_key for hop in hops}))


def _proven(dossier: Dossier, rows: list[Row]) -> list[tuple[Row, Evidence]]:
    """Each row with the evidence of the edge by which it was reached."""
    pairs = [pair_of(row.hop, dossier.trace.direction) for row in rows]
    proofs = evidence(set(pairs))
    return [(row, proofs[pair]) for row, pair in zip(rows, pairs, strict=True)]
