"""What a complete harvest did not see is no longer in the Hub's catalogue."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from lineage.models import Artifact, HarvestRun, Sighting
from lineage.staging import measure
from lineage.vocabulary import Kind, Presence


@transaction.atomic
def mark_absent(*, run: HarvestRun, kinds: Collection[Kind]) -> int:
    """Mark the listed artifacts of these kinds that the run did not see as gone since it started; returns how many.

    `kinds`: those the run read to the end. A kind of which it saw nothing at all is left alone: an empty listing
    is a fault, never "no models". What is withheld stays as it is. Forgets what earlier runs saw of these kinds.
    Raises ValueError for a run that never started.
    """
    if run.started_at is None:
        raise ValueError("a harvest that never started has nothing to say on absence")
    measure("lineage_artifact", "lineage_sighting")
    seen = [kind for kind in kinds if run.sightings.filter(artifact__kind=kind).exists()]
    sighted = Exists(Sighting.objects.filter(run=run, artifact=OuterRef("pk")))
    absent = Artifact.objects.shown().filter(~sighted, kind__in=seen, presence=Presence.LISTED)
    marked = absent.update(presence=Presence.GONE, gone_since=run.started_at)
    # By the artifact's key, never by a join: fresh from a first load, PostgreSQL plans that as rows times rows.
    of_these = Exists(Artifact.objects.filter(pk=OuterRef("artifact_id"), kind__in=seen))
    Sighting.objects.filter(of_these, run__lt=run).delete()
    return marked
