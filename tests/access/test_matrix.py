"""Every address × every identity × every method, against one committed table.

The addresses are discovered, so one that is not in the table fails. After a change that is meant, write the table anew
and read the difference as carefully as code:

    WRITE_MATRIX=1 .venv/bin/python -m pytest -q tests/access/test_matrix.py
"""

import csv
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client

from access import accounts
from access.models import NameGrant, Session, User
from access.roles import Role
from access.views.account import reference_of
from lineage import consultations, disclosures
from lineage.models import AliasVerdict, Decision, DerivationVerdict, NameInquiry, Quarantine
from lineage.tracing import trace_from
from lineage.vocabulary import Kind
from rights.models import ProjectPeriod
from tests.access.addresses import filled, routes
from tests.access.sign_in import verified_client
from tests.factories import (
    AT,
    make_alias,
    make_artifact,
    make_author,
    make_derivation,
    make_mention,
    make_run,
    make_user,
)

TABLE = Path(__file__).with_name("matrix.csv")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
IDENTITIES: dict[str, tuple[Role, ...] | None] = {
    "anonymous": None,
    "nobody": (),
    **{role.value: (role,) for role in Role},
}
# Who may get an answer (a status under 300) from the addresses that begin so; the longest beginning counts.
EVERYBODY = frozenset(IDENTITIES)
SIGNED_IN = EVERYBODY - {"anonymous"}
BACK_OFFICE = frozenset({"agent", "supervisor", "dpo", "administrator"})
READERS = frozenset({"agent", "supervisor", "researcher"})
STAFF = frozenset({"agent", "supervisor"})
MAY_READ = {
    "": READERS,
    "accessibility/": SIGNED_IN,
    "account/": SIGNED_IN,
    "account/sign-in/": EVERYBODY,
    "account/set-up/": EVERYBODY,
    "dossier/": frozenset({"supervisor"}),  # it is somebody else's
    "healthz": EVERYBODY,
    "language/": EVERYBODY,
    "admin/": BACK_OFFICE,
    "admin/access/": frozenset({"administrator", "supervisor"}),
    "admin/access/user/": frozenset({"administrator"}),
    "admin/access/namegrant/": frozenset({"supervisor"}),
    "admin/django_celery_beat/": frozenset({"administrator"}),
    "admin/lineage/": STAFF | {"administrator", "dpo"},
    **{
        f"admin/lineage/{model}/": STAFF
        for model in [
            "artifact",
            "modelartifact",
            "datasetartifact",
            "author",
            "counter",
            "weeklycounter",
            "mention",
            "derivation",
            "alias",
            "nameinquiry",
            "derivationverdict",
            "aliasverdict",
            "graphstate",
        ]
    },
    "admin/lineage/consultation/": frozenset({"dpo"}),
    "admin/lineage/disclosure/": frozenset({"dpo", "supervisor"}),
    "admin/rights/": STAFF | {"dpo"},
}
Statuses = dict[str, dict[str, int]]  # by route and method

pytestmark = pytest.mark.django_db


@pytest.fixture
def values() -> dict[str, dict[str, object]]:
    """What stands in each address: real rows, all of them somebody else's. By the beginning of the route."""
    author = make_author("made-up-person")
    source, derived = make_artifact("made-up-person/m", author=author), make_artifact("made-up-person/n")
    make_derivation(source, derived)
    make_mention(derived, source.repo_id)
    make_alias("old-name", source)
    run = make_run()
    Quarantine.objects.create(run=run, kind=Kind.MODEL, reason="not_an_object", seen_at=AT)
    NameInquiry.objects.create(kind=Kind.DATASET, name="squad", answer="absent", asked_at=AT)
    make_artifact("made-up-person/d", Kind.DATASET)
    decided = {"reason": "a test", "decided_at": AT, "decided_by": make_user()}
    DerivationVerdict.objects.create(source=source, derived=derived, decision=Decision.REJECT, **decided)
    AliasVerdict.objects.create(kind=Kind.MODEL, name="n", decision=Decision.REJECT, **decided)
    consultations.record(by=make_user(), operation="view", at=AT, reference=f"artifact:{source.pk}")
    entry = disclosures.hand_over(trace_from(source), form=disclosures.DOSSIER, by=make_user(), at=AT)
    ProjectPeriod.objects.create(starts_on=AT, ends_on=AT, notice_reference="a test", informed_on=AT)
    researcher, supervisor = make_user("", Role.RESEARCHER), make_user("", Role.SUPERVISOR)
    accounts.ask_reset(account=researcher, by=make_user("", Role.ADMINISTRATOR), at=AT)
    NameGrant.objects.create(
        account=researcher, purpose="x", given_by=supervisor, given_at=AT, ends_at=AT.replace(2036)
    )
    verified_client(researcher).get("/account/")
    theirs = Session.objects.get(account=researcher)
    return {
        "": {"key": source.pk, "suffix": "csv", "target": derived.pk},
        "dossier/": {"key": entry.pk},
        "author/": {"key": author.pk},
        "account/": {"reference": reference_of(theirs)},
        **{f"admin/{model._meta.label_lower.replace('.', '/')}/": _first(model) for model in apps.get_models()},
    }


@pytest.fixture(autouse=True)
def outside_debug(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def _first(model: type[models.Model]) -> dict[str, object]:
    row = model._default_manager.first()
    return {} if row is None else {"object_id": row.pk, "key": row.pk, "pk": row.pk}


def longest(table: Mapping[str, Any], route: str) -> Any:
    """The entry of the longest beginning of the route."""
    return table[max((start for start in table if route.startswith(start)), key=len)]


def asked(client: Client, values: dict[str, dict[str, object]], methods: tuple[str, ...] = METHODS) -> Statuses:
    """The status of every address by every method; nothing that a request changes is kept."""
    cookies = client.cookies.output()
    observed: Statuses = defaultdict(dict)
    for route in routes():
        address = filled(route, longest(values, route))
        for method in methods:
            with transaction.atomic():
                answer = client.generic(method, address, content_type="application/x-www-form-urlencoded")
                observed[route][method] = answer.status_code
                b"".join(answer)  # a file is read to its end, and closed
                transaction.set_rollback(True)
            client.cookies.clear()
            client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return observed


def client_of(identity: str) -> Client:
    """A browser of this identity, with its second factor given."""
    roles = IDENTITIES[identity]
    client = Client() if roles is None else verified_client(make_user("", *roles))
    client.raise_request_exception = False
    return client


def written() -> dict[str, Statuses]:
    """The committed table, by identity, route and method."""
    table: dict[str, Statuses] = defaultdict(lambda: defaultdict(dict))
    if TABLE.exists():
        with TABLE.open(newline="") as file:
            for row in csv.DictReader(file):
                for identity in IDENTITIES:
                    for method in row["methods"].split():
                        table[identity][row["route"]][method] = int(row[identity])
    return table


def write(table: dict[str, Statuses]) -> None:
    """Write the table, methods with the same statuses for everybody on one line."""
    with TABLE.open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["route", "methods", *IDENTITIES])
        for route in routes():
            for statuses, methods in groupby(METHODS, key=lambda method: _row(table, route, method)):
                lines.writerow([route, " ".join(methods), *statuses])


def _row(table: dict[str, Statuses], route: str, method: str) -> tuple[int, ...]:
    return tuple(table[identity][route].get(method, 0) for identity in IDENTITIES)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_matrix(identity: str, values: dict[str, dict[str, object]]) -> None:
    observed = asked(client_of(identity), values)
    if os.environ.get("WRITE_MATRIX"):
        write(written() | {identity: observed})
    assert dict(written()[identity]) == dict(observed)


def test_a_superuser_is_an_administrator_and_no_more(values: dict[str, dict[str, object]]) -> None:
    client = verified_client(make_user(is_superuser=True, is_staff=True))
    client.raise_request_exception = False
    observed = asked(client, values, ("GET", "POST"))
    expected = written()["administrator"]
    assert observed == {route: {method: expected[route][method] for method in observed[route]} for route in routes()}


def test_the_table_is_whole() -> None:
    table = written()
    assert sum(len(methods) for identity in table.values() for methods in identity.values()) >= 500
    assert all(set(table[identity]) == set(routes()) for identity in IDENTITIES)


def _cells() -> Iterator[tuple[str, str, str, int]]:
    for identity, statuses in written().items():
        for route, methods in statuses.items():
            for method, status in methods.items():
                yield identity, route, method, status


def test_nobody_gets_an_answer_that_is_not_theirs() -> None:
    """Read from the table with the rule above, so that a table written anew by mistake is caught."""
    answered = {
        (identity, route, method, status)
        for identity, route, method, status in _cells()
        if status < 300 and method != "OPTIONS" and identity not in longest(MAY_READ, route)
    }
    assert answered == set()


def test_no_address_fails() -> None:
    assert {cell for cell in _cells() if cell[3] >= 500} == set()


def test_whoever_is_not_signed_in_is_sent_to_sign_in_or_refused() -> None:
    public = {route for route in routes() if "anonymous" in longest(MAY_READ, route)}
    statuses = {status for identity, route, _, status in _cells() if identity == "anonymous" and route not in public}
    assert statuses <= {302, 403, 405}


@pytest.mark.parametrize("identity", ["anonymous", "supervisor"])
def test_no_unsafe_request_without_its_token(identity: str, values: dict[str, dict[str, object]]) -> None:
    client = client_of(identity)
    client.handler.enforce_csrf_checks = True
    for route, statuses in asked(client, values, UNSAFE).items():
        assert set(statuses.values()) == {403}, route


@pytest.mark.parametrize("identity", [name for name in IDENTITIES if name != "anonymous"])
@pytest.mark.parametrize("method", METHODS)
def test_somebody_elses_session_is_out_of_reach(
    identity: str, method: str, values: dict[str, dict[str, object]]
) -> None:
    address = filled("account/sessions/<slug:reference>/end/", values["account/"])
    answer = client_of(identity).generic(method, address)
    assert answer.status_code == (404 if method == "POST" else 405)
    assert Session.objects.filter(account__in=User.objects.with_role(Role.RESEARCHER)).exists()
