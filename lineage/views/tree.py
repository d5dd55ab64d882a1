"""The family of one artifact as a tree: a nested list, which a script draws as a picture."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations, graph
from lineage.family import Branch, Scope, family_tree
from lineage.forms import KIN, TreeForm
from lineage.lookup import meant
from lineage.models import Artifact, Consultation
from lineage.naming import viewer_of
from lineage.sheet import branch_names
from lineage.views.asked import keys_in
from lineage.views.gate import readers_only
from lineage.vocabulary import Kind


@readers_only
@require_safe
def tree_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """The family, as far as the address says: `levels`, `fold`, and keys in `open`, `shut` and `lit`.

    A link shows whoever follows it what its sender saw, under the follower's own masking.
    """
    artifact = get_object_or_404(Artifact.objects.shown(), pk=key)
    if artifact.superseded_by_id is not None:
        return redirect("lineage:tree", key=meant(artifact).pk)
    form = TreeForm.of_address(request.GET, Kind(artifact.kind))
    opened, shut = keys_in(request.GET.get("open", "")), keys_in(request.GET.get("shut", ""))
    now = graph.current()
    scope = Scope(opened, shut, form.asked_levels(), form.asked_children(), form.folded())
    tree = family_tree(now, artifact, scope)
    names = branch_names(tree, viewer_of(request.user))
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=f"family:{key}",
        artifacts=names.keys(),
    )
    lit = path_to(tree, keys_in(request.GET.get("lit", ""))[:1])
    context = {
        "artifact": artifact,
        "name": names.get(key, ""),
        "form": form,
        "tree": tree,
        "names": names,
        "lit": lit,
        "lit_key": request.GET.get("lit", "") if lit else "",
        "query": _query(request),
        "as_of": now.as_of,
        "relations": KIN[Kind(artifact.kind)],
    }
    return render(request, "lineage/tree.html", context)


def path_to(tree: list[Branch], ends: list[int]) -> set[int]:
    """The keys of the drawn branches from the root to the first of `ends`; none where it is not drawn."""
    above: list[Branch] = []
    for branch in tree:
        above = [*(other for other in above if other.depth < branch.depth), branch]
        if branch.artifact.pk in ends:
            return {other.artifact.pk for other in above}
    return set()


def _query(request: HttpRequest) -> str:
    """The present address's question, ending where a further key to open may be added."""
    asked = request.GET.copy()
    opened = asked.pop("open", [""])[-1]
    asked["open"] = opened
    return f"?{asked.urlencode()}"
