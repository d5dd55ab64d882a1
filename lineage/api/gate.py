"""Who may read through the interface."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # the library's views read the settings that name this module
    from rest_framework.views import APIView


class Readers(BasePermission):
    """Those who may read the genealogy, by their roles and the scopes of their token."""

    message = _(
        "Reading the genealogy is not among your roles, or not among the scopes of this token, or your second factor "
        "is still to be given."
    )

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether this reader is let in."""
        return bool(request.user.is_authenticated and request.user.has_perm("lineage.view_genealogy"))
