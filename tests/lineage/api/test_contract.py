"""Every operation keeps to its description, for every role and scope, whatever is asked: schemathesis over the app."""

import base64
import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import translation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from access.roles import Role
from access.scopes import Scope
from genealogy_site.wsgi import application
from lineage.api.pages import description
from tests.factories import make_user
from tests.lineage.api.readers import leave, token_of
from tests.lineage.api.world import make_world

EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))  # of each operation and reader; many more by `make contract`

pytestmark = pytest.mark.django_db
# A cursor is opaque: what a page gives out is one, and nothing else can be made up.
schemathesis.openapi.format(
    "cursor",
    st.integers(0, 10**9).map(lambda number: base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")),
)
with translation.override("en"):
    DESCRIPTION = description()
WHOLE = schemathesis.openapi.from_dict(DESCRIPTION)
QUICK = schemathesis.openapi.from_dict(
    DESCRIPTION, config=schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": False}}})
)
WHOLE.app = QUICK.app = application
BOUNDED = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
READERS: dict[str, tuple[Role | None, tuple[Scope, ...]]] = {
    "researcher": (Role.RESEARCHER, (Scope.READ,)),
    "researcher with names": (Role.RESEARCHER, (Scope.READ, Scope.NAMES)),
    "agent": (Role.AGENT, (Scope.READ,)),
    "supervisor": (Role.SUPERVISOR, (Scope.READ,)),
    "dpo": (Role.DPO, (Scope.READ,)),
    "administrator": (Role.ADMINISTRATOR, (Scope.READ,)),
    "nobody": (None, (Scope.READ,)),
    "names alone": (Role.RESEARCHER, (Scope.NAMES,)),
    "no token": (None, ()),
}


@pytest.fixture(autouse=True)
def one_connection():
    """The application would close the connection, and with it the test's transaction, at either end of a request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(reader):
    role, scopes = READERS[reader]
    make_world()
    account = make_user("", *([role] if role else []))
    if Scope.NAMES in scopes:
        leave(account)
    return {"Authorization": f"Bearer {token_of(account, *scopes)}"} if scopes else {}


@pytest.mark.parametrize("reader", ["researcher"])
@WHOLE.parametrize()
@BOUNDED
def test_the_contract_at_its_edges(case, reader, headers):
    case.call_and_validate(headers=headers)


@pytest.mark.parametrize("reader", READERS)
@QUICK.parametrize()
@BOUNDED
def test_the_contract_for_every_reader(case, reader, headers):
    case.call_and_validate(headers=headers)
