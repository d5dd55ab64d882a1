"""What comes next in a referral, in the order of the work."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rights.admin.agenda import ToDo
from rights.models import Referral


def agenda(referral: Referral) -> Iterator[ToDo]:
    """Everything that waits for an agent, the first thing first; nothing once it is closed."""
    if referral.closed_at is not None:
        return
    if referral.confirmed_at is None:
        yield ToDo(_("Wait until the person confirms their address; without that, it leaves after 30 days."))
        return
    yield from (todo for is_due, todo in _steps(referral) if is_due)


def _steps(referral: Referral) -> Iterator[tuple[bool, ToDo]]:
    """Each step, and whether it is still to be done."""
    named, is_answered = referral.artifact_key is not None, referral.letters.exclude(sent_at=None).exists()
    has_point = referral.contact_points.filter(artifact_key=referral.artifact_key or 0).exists()
    yield referral.agent_id is None, ToDo(_("Take it on."), "#take")
    yield (
        referral.urgent and referral.handed_over_at is None,
        ToDo(_("Hand it over today to a service that can act at once, and note which."), "#hand_over-form"),
    )
    yield not named, ToDo(_("Note which dataset or model the person means."), "#artifact-form")
    yield (
        named and not referral.urgent and not referral.dossiers.exists(),
        ToDo(_("Take a dossier of today."), "#dossier"),
    )
    yield (
        named and not has_point,
        ToDo(_("Note the publisher's public contact point, where there is one."), "#contact-form"),
    )
    yield not is_answered, ToDo(_("Write the answer."), "#answer-title")
    yield is_answered, ToDo(_("Close it: the person was answered."), "#close")
