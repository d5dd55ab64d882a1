"""A viewer of masked names is told the same whatever the accounts are called: no order gives them away."""

import re

import pytest

from access.roles import Role
from lineage import naming
from lineage.models import Artifact, GraphState
from lineage.vocabulary import AccountKind
from tests.access.sign_in import verified_client
from tests.factories import make_artifact, make_author, make_derivation, make_user
from tests.lineage.api.readers import program

pytestmark = pytest.mark.django_db
PERSONS = ("aaron-demo", "zoe-demo")
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|\d\d?:\d\d|data-draft="[^"]*"|/dossier/\d+/')


@pytest.fixture
def root(monkeypatch):
    """A root of an organisation, and derivatives of organisations and of persons whose names would fall between."""
    monkeypatch.setattr(naming, "masked", lambda account: "compte-x")
    lab = make_author("lab", kind=AccountKind.ORGANISATION)
    root = make_artifact("lab/root", author=lab)
    for name in ("lab/a", f"{PERSONS[0]}/m", "lab/z", f"{PERSONS[1]}/n", "lab/b"):
        make_derivation(root, make_artifact(name, author=lab if name.startswith("lab") else None))
    return root


def renamed():
    """The two persons change places in the alphabet."""
    for old, new in (*zip(PERSONS, ("zz", "aa"), strict=True),):
        for artifact in Artifact.objects.filter(owner=old):
            Artifact.objects.filter(pk=artifact.pk).update(
                owner=new, repo_id=f"{new}/{artifact.repo_id.partition('/')[2]}"
            )
    state, _made = GraphState.objects.get_or_create(pk=1)
    GraphState.objects.filter(pk=1).update(generation=state.generation + 1, nodes="others")


def told(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return CHANGING.sub("", b"".join(answer).decode())


@pytest.mark.parametrize(
    "address",
    [
        *(f"/artifact/{{}}/trace/?order={order}" for order in ("depth", "downloads", "newest")),
        *(f"/artifact/{{}}/trace.{suffix}" for suffix in ("csv", "json", "gexf", "graphml", "jsonld")),
        *("/artifact/{}/", "/artifact/{}/branch/", "/artifact/{}/tree/", "/artifact/{}/trace/publishers/"),
    ],
)
def test_no_page_or_file_tells_by_its_order(root, address):
    client = verified_client(make_user("", Role.RESEARCHER))
    before = told(client, address.format(root.pk))
    renamed()
    assert told(client, address.format(root.pk)) == before


def test_no_answer_tells_by_its_order(root):
    client = program()
    addresses = [f"/api/v1/artifacts/{root.pk}/trace.jsonl", "/api/v1/artifacts/", "/api/v1/derivations/"]
    before = [told(client, address) for address in addresses]
    renamed()
    assert [told(client, address) for address in addresses] == before


def test_staff_read_names_in_their_order(root):
    client = verified_client(make_user("", Role.AGENT))
    before = told(client, f"/artifact/{root.pk}/trace.csv")
    assert before.index(PERSONS[0]) < before.index("lab/a") < before.index(PERSONS[1])
