"""What a person sent after, or with, their first letter, on the page of its case or referral."""

from typing import Any

from django import template

from rights.models import Attachment, Referral, RightsCase

register = template.Library()


@register.inclusion_tag("admin/rights/_incoming.html")
def incoming_of(matter: RightsCase | Referral) -> dict[str, Any]:
    """The letters with their files, the replies, and the mails of ours that came back; the first one first."""
    letters = list(matter.incoming.select_related("reply", "returned_letter").order_by("received_at", "pk"))
    files: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.unopened().filter(letter__in=letters):
        files.setdefault(file.letter_id, []).append(file)
    return {
        "letters": [(letter, files.get(letter.pk, [])) for letter in letters],
        "replies": list(matter.replies.filter(letter=None)),
    }
