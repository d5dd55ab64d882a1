"""`{% draft %}` inside a form keeps what is typed into it. Without JavaScript it does nothing."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from access.drafts import SENT_WITH, key_of
from access.models import User

register = template.Library()


@register.inclusion_tag("access/_draft.html", takes_context=True)
def draft(context: Context, form: str = "") -> dict[str, Any]:
    """The place where drafts of this form are spoken of. `form` tells it from other forms of the same address."""
    request = context["request"]
    if not isinstance(request.user, User):
        return {}
    key = key_of(f"{request.path}#{form}", account=request.user)
    return {"key": key, "address": reverse("account-draft", args=[key]), "sent_with": SENT_WITH}
