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
from django.utils import timezone

from access import accounts, drafts, tokens
from access.models import NameGrant, Session, User
from access.roles import Role
from access.scopes import Scope
from access.views.account import reference_of
from lineage import alarms, consultations, corpora, disclosures, statistics, watches
from lineage.models import (
    Alarm,
    AliasVerdict,
    Artifact,
    Decision,
    DerivationVerdict,
    NameInquiry,
    Quarantine,
    Recall,
)
from lineage.tracing import trace_from
from lineage.vocabulary import Direction, Kind
from rights.effects import rectify, restrict
from rights.models import NameDoubt, OutgoingLetter, ProjectPeriod, Purge
from rights.vocabulary import Way
from tests.access.addresses import filled, routes
from tests.access.sign_in import verified_client
from tests.factories import (
    AT,
    make_alias,
    make_artifact,
    make_author,
    make_derivation,
    make_mention,
    make_notice,
    make_run,
    make_user,
)
from tests.rights.desk.cases import make_case
from tests.rights.intake.letters import make_incoming
from tests.rights.referral.letters import make_referral

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
    "account/tokens/": READERS,
    "account/sign-in/": EVERYBODY,
    "account/set-up/": EVERYBODY,
    "dossier/": frozenset({"supervisor"}),  # it is somebody else's
    "healthz": EVERYBODY,
    "watches/": READERS,
    "metrics": frozenset(),  # by address alone
    "language/": EVERYBODY,
    "notice/": EVERYBODY,
    "rights/": EVERYBODY,
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
    "admin/rights/purge/": frozenset({"supervisor", "dpo"}),
    "admin/rights/journalentry/": frozenset({"supervisor", "dpo"}),
    "admin/rights/namedoubt/": STAFF,
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
    Artifact.objects.filter(pk=source.pk).update(family=source)
    run = make_run()
    alarms.raise_alarm(Alarm.Kind.DISK_FULL, {}, at=AT)
    Quarantine.objects.create(run=run, kind=Kind.MODEL, reason="not_an_object", seen_at=AT)
    NameInquiry.objects.create(kind=Kind.DATASET, name="squad", answer="absent", asked_at=AT)
    dataset = make_artifact("made-up-person/d", Kind.DATASET)
    decided = {"reason": "a test", "decided_at": AT, "decided_by": make_user()}
    DerivationVerdict.objects.create(source=source, derived=derived, decision=Decision.REJECT, **decided)
    AliasVerdict.objects.create(kind=Kind.MODEL, name="n", decision=Decision.REJECT, **decided)
    consultations.record(by=make_user(), operation="view", at=AT, reference=f"artifact:{source.pk}")
    researcher, supervisor = make_user("", Role.RESEARCHER), make_user("", Role.SUPERVISOR)
    entry = disclosures.hand_over(trace_from(source), form=disclosures.DOSSIER, by=researcher, at=AT)
    make_notice()
    Purge.objects.create(asked_by_key=1, asked_at=AT)
    ProjectPeriod.objects.create(starts_on=AT, ends_on=AT, notice_reference="a test", informed_on=AT)
    statistics.renew(as_of=AT)
    accounts.ask_reset(account=researcher, by=make_user("", Role.ADMINISTRATOR), at=AT)
    NameGrant.objects.create(
        account=researcher, purpose="x", given_by=supervisor, given_at=AT, ends_at=AT.replace(2036)
    )
    token, _text = tokens.make(
        account=researcher, name="x", scopes=[Scope.READ], days=1, at=timezone.now(), is_verified=True
    )
    verified_client(researcher).get("/account/")
    theirs = Session.objects.get(account=researcher)
    corpus = corpora.request(title="x", definition={}, by=researcher, at=AT)
    corpora.freeze(corpus)
    recall = Recall.objects.create(corpus_key=corpus.pk, user_key=researcher.pk, asked_at=AT)
    watch = watches.begin(source, by=researcher, at=AT, direction=Direction.DOWNSTREAM)
    case = make_case(accounts=["made-up-person"])
    rectify(artifact_key=derived.pk, field="license", value="x", reference=case.reference, by=7, at=AT)
    restrict(account="made-up-account", reference=case.reference, by=7, at=AT)
    NameDoubt.objects.create(reference=case.reference, artifact_key=derived.pk, raised_at=AT)
    referral, incoming = make_referral(), make_incoming(("letter.txt", b"a text"))
    letter = OutgoingLetter.objects.create(
        case=case,
        kind="acknowledgement",
        language="fr",
        recipient="p@example.org",
        subject="x",
        text="x",
        sha256="0" * 64,
        way=Way.POST,
        written_at=AT,
        written_by=researcher,
        sent_at=AT,
    )
    return {
        "": {"key": source.pk, "suffix": "csv", "target": derived.pk, "measure": "models"},
        "dossier/": {"key": entry.pk},
        "corpora/": {"key": corpus.pk},
        "corpora/tasks/": {"key": recall.pk},
        "watches/": {"key": watch.pk},
        "rights/": {"requester": "oneself"},
        "author/": {"key": author.pk},
        "api/v1/authors/": {"key": author.pk},
        "api/v1/families/": {"key": source.pk},
        "api/v1/harvests/": {"key": run.pk},
        "account/tokens/": {"key": token.pk},
        "account/": {"reference": reference_of(theirs), "key": drafts.key_of("/a-form/", account=researcher)},
        **{f"admin/{model._meta.label_lower.replace('.', '/')}/": _first(model) for model in apps.get_models()},
        "admin/lineage/datasetartifact/": {"object_id": dataset.pk},
        "admin/rights/outgoingletter/": {"object_id": letter.pk, "key": letter.pk},
        "admin/rights/outgoingletter/write/": {
            "matter": "case",
            "key": case.pk,
            "kind": "acknowledgement",
            "right": "whole",
        },
        "admin/rights/referral/": {"object_id": referral.pk, "key": referral.pk, "word": "take", "suffix": "csv"},
        "admin/rights/rightscase/intake/": {"key": incoming.pk},
        "admin/rights/rightscase/attachment/": {"key": incoming.attachments.get().pk},
        "admin/rights/rightscase/": {
            "object_id": case.pk,
            "key": case.pk,
            "word": "note",
            "target": "case",
            "suffix": "csv",
        },
    }


@pytest.fixture(autouse=True)
def outside_debug(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = settings.PUBLIC_FORM = True


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
    assert statuses <= {302, 401, 403, 405}


@pytest.mark.parametrize("identity", ["anonymous", "supervisor"])
def test_no_unsafe_request_without_its_token(identity: str, values: dict[str, dict[str, object]]) -> None:
    client = client_of(identity)
    client.handler.enforce_csrf_checks = True
    for route, statuses in asked(client, values, UNSAFE).items():
        refused = 401 if identity == "anonymous" and route.startswith("api/v1/") else 403
        assert set(statuses.values()) == {refused}, route


OWNED = {
    "account/tokens/<int:key>/revoke/": "POST",
    "account/sessions/<slug:reference>/end/": "POST",
    "account/drafts/<slug:key>/": "GET",
    "corpora/<int:key>.zip": "GET",
    "corpora/<int:key>/codes/": "POST",
    "corpora/tasks/<int:key>/done/": "POST",
    "dossier/<int:key>/": "GET",
    "watches/<int:key>/end/": "POST",
}


@pytest.mark.parametrize(("route", "method"), OWNED.items())
def test_what_is_refused_to_others_is_there_for_its_owner(
    route: str, method: str, values: dict[str, dict[str, object]]
) -> None:
    """So that each 404 of the table is a refusal, and not an address that leads nowhere."""
    owner = verified_client(User.objects.filter(sessions__isnull=False).with_role(Role.RESEARCHER).distinct().get())
    answer = owner.generic(method, filled(route, longest(values, route)))
    assert answer.status_code < 400
    b"".join(answer)
    others = {status for name, *cell, status in _cells() if cell == [route, method] and name != "anonymous"}
    assert others <= ({200, 403, 404} if route.startswith("dossier/") else {403, 404})


NO_ROW = (  # addresses of rows at which nobody is ever answered by a GET, and why
    "admin/r/",  # the admin's "view on site": no row of ours has a page of its own there
    "admin/<url>",  # what no address of the admin is
    "api/v1/<rest>",  # nor of the interface
    "rights/",  # keys that are sent by mail: see the tests of the public form
    "admin/rights/referral/<int:key>/letter/",  # only once a trace was drawn up for the referral
)


def test_every_address_of_a_row_leads_to_one() -> None:
    """Else the table would say 404 where it should say who is refused."""
    led: dict[str, set[int]] = defaultdict(set)
    for _identity, route, method, status in _cells():
        if method in ("GET", "POST"):
            led[route].add(status)
    missing = {
        route
        for route, statuses in led.items()
        if "<" in route
        and 404 in statuses
        and not {200, 400, 405} & statuses
        and not route.startswith((*NO_ROW, *OWNED))
    }
    assert missing == set()


def test_every_address_of_ones_own_things_is_known_to_be_one() -> None:
    """Addresses that answer their owner only are listed above; those of the public form have their own tests."""
    refused = {route for route in routes() if "<" in route and not route.startswith("admin/")}
    for name, route, method, status in _cells():
        if status not in (302, 403, 404, 405, 410) or (name == "agent" and method == "POST" and status == 302):
            refused.discard(route)
    assert {route for route in refused if not route.startswith(("api/", "rights/"))} <= set(OWNED)


@pytest.mark.parametrize("identity", [name for name in IDENTITIES if name != "anonymous"])
@pytest.mark.parametrize("method", METHODS)
def test_somebody_elses_session_is_out_of_reach(
    identity: str, method: str, values: dict[str, dict[str, object]]
) -> None:
    address = filled("account/sessions/<slug:reference>/end/", values["account/"])
    answer = client_of(identity).generic(method, address)
    assert answer.status_code == (404 if method == "POST" else 405)
    assert Session.objects.filter(account__in=User.objects.with_role(Role.RESEARCHER)).exists()
