"""What every public page has in common: it is open to all, shut where the form is off, and used so often an hour."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from celery.exceptions import OperationalError
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access.lockout import client_address
from rights.reception.knocking import Door, Wait, knock, network

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
TOO_MANY = 429


def public(*methods: str) -> Callable[[View], View]:
    """Mark a view as one for everybody; where PUBLIC_FORM is off it says to whom to write instead."""

    def marked(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not settings.PUBLIC_FORM:
                return render(request, "rights/closed.html", {"address": settings.RIGHTS_EMAIL})
            try:
                return view(request, *args, **kwargs)
            except Wait as wait:
                return _too_often(request, wait)

        allowed = require_http_methods([*methods])(answered)
        return login_not_required(sensitive_post_parameters()(allowed))

    return marked


def later(task: Any, *keys: int | str) -> None:
    """Ask a worker. Where none can be asked, what was stored stays, and the page tells the person what to do."""
    try:
        task.delay(*keys)
    except OperationalError:
        logger.error("No worker could be asked to send a message: is the broker up?")


def come_in(request: HttpRequest, door: Door) -> None:
    """Count a use of the door by this client. Raises Wait, which becomes an answer 429."""
    knock(door, who=network(client_address(request)), at=timezone.now())


def _too_often(request: HttpRequest, wait: Wait) -> HttpResponse:
    minutes = -(-wait.seconds // 60)
    context = {"minutes": minutes, "address": settings.RIGHTS_EMAIL}
    answer = render(request, "rights/too_often.html", context, status=TOO_MANY)
    answer.headers["Retry-After"] = str(wait.seconds)
    return answer
