"""What every operation shares: who asks, which parameters it takes, how a read is recorded and an answer travels."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lineage import consultations
from lineage.api.problems import Problem
from lineage.models import Artifact, Consultation
from lineage.naming import Viewer, viewer_of

MOST_PARAMETERS = 100  # looked at
FIELDS = "fields"  # the parameter that names the fields wanted


class Operation(APIView):
    """One address. `takes`: the parameters it knows; any other is refused, so that a slip is not passed over.

    `many`: those that may be given several times.
    """

    takes: ClassVar[tuple[str, ...]] = ()
    many: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse parameters that nobody would read as they were meant. Raises Problem."""
        super().initial(request, *args, **kwargs)
        errors = dict(self._slips(request))
        if errors:
            said = _("The request was not answered: change the parameters named under “errors”, then ask again.")
            raise Problem(HTTPStatus.BAD_REQUEST, said, errors)

    def _slips(self, request: Request) -> Iterator[tuple[str, str]]:
        known = self.parameters()
        for name, values in islice(request.query_params.lists(), MOST_PARAMETERS):
            if name not in known:
                takes = ", ".join(sorted(known)) or "—"
                yield name[:64], _("Unknown. This operation takes: {names}.").format(names=takes)
            elif "" in values:
                yield name, _("Empty. Give it a value, or leave it out.")
            elif len(values) > 1 and name not in self.many:
                yield name, _("Given more than once. Give it one value.")

    def parameters(self) -> Collection[str]:
        """The names of all parameters it takes."""
        return self.takes

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """A private answer, kept by the reader alone and asked for again; its ETag spares sending it twice."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(answer, ("Authorization", "Cookie", "Accept-Language"))
        if isinstance(answer, Response) and answer.status_code == HTTPStatus.OK:
            answer.add_post_render_callback(lambda rendered: _if_changed(request._request, rendered))
        return answer

    @property
    def viewer(self) -> Viewer:
        """For whom names are written."""
        return viewer_of(self.request.user)

    def record(
        self, artifacts: Iterable[int], definition: Mapping[str, object] | None = None, reference: str = ""
    ) -> Consultation:
        """Record that these artifacts (keys) are shown."""
        return consultations.record(
            by=self.request.user,
            operation=Consultation.Operation.API,
            at=timezone.now(),
            artifacts=set(artifacts),
            definition=definition,
            reference=reference,
        )


def _if_changed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with its ETag, or 304 where the reader holds the same."""
    return ConditionalGetMiddleware(lambda _request: response).process_response(request, response)


def shown_artifact(key: int) -> Artifact:
    """The artifact of this key that may be shown, or the one that its name means by now. Raises DoesNotExist."""
    return Artifact.objects.shown().filter(superseded_by=None).get(pk=key)


def wanted_fields(request: Request, known: Collection[str]) -> list[str] | None:
    """The fields named by `?fields=a,b`; None for all. Raises Problem for a field there is not."""
    asked = request.query_params.get(FIELDS)
    if asked is None:
        return None
    names = [name for name in asked.split(",") if name]
    if not names or not set(names) <= set(known):
        said = _("Names of fields, separated by commas, of these: {names}.").format(names=", ".join(known))
        raise Problem(HTTPStatus.BAD_REQUEST, _("A field was asked for that there is not."), {FIELDS: said})
    return names
