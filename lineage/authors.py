"""What the accounts are, person or organisation: asked of the Hub one by one, those with most repositories first."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Q

from lineage.hub.client import HubClient
from lineage.models import Artifact, Author
from lineage.questions import Outcome, put_to_hub
from lineage.vocabulary import AccountKind

ASKED_AGAIN_AFTER = timedelta(days=30)  # an account that the Hub does not know may have been renamed since


def to_ask(*, at: datetime, at_most: int | None = None) -> list[Author]:
    """The authors of unknown kind that were not asked about lately: most repositories first, then by name.

    Never one with something withheld.
    """
    lately = Q(kind_checked_at__gt=at - ASKED_AGAIN_AFTER)
    withheld = Artifact.objects.withheld().exclude(author=None).values("author")
    unknown = (
        Author.objects.of_unknown_kind()
        .exclude(lately)
        .exclude(pk__in=withheld)
        .annotate(repositories=Count("artifacts"))
    )
    order = (F("kind_checked_at").asc(nulls_first=True), "-repositories", "name")
    return list(unknown.order_by(*order)[:at_most])


def fill_kinds(client: HubClient, *, clock: Callable[[], datetime], at_most: int | None = None) -> Outcome:
    """Ask the Hub what accounts are and keep the answers, at once for each, so that stopping loses nothing."""

    def ask(author: Author) -> None:
        overview = client.overview(author.name)
        record_kind(author, overview.kind, overview.full_name, at=clock())

    return put_to_hub(to_ask(at=clock(), at_most=at_most), ask)


def record_kind(author: Author, kind: AccountKind, full_name: str, *, at: datetime) -> None:
    """Keep what an account is. A person's full name is kept only where HARVEST_PERSON_NAMES allows it."""
    keeps_name = kind == AccountKind.ORGANISATION or (kind == AccountKind.PERSON and settings.HARVEST_PERSON_NAMES)
    kept = full_name[:256] if keeps_name else ""
    # No save(): the account may have left while the Hub was being asked.
    Author.objects.filter(pk=author.pk).update(kind=kind, kind_checked_at=at, full_name=kept)
