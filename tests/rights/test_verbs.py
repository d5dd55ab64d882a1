"""The effects from the command line: what is typed, what is said, what is refused."""

import io

import pytest
from django.core.management import CommandError, call_command

from lineage.models import Artifact
from rights import keyring, suppressions
from rights.effects.elsewhere import CHECKLIST
from rights.models import JournalEntry, Restriction
from rights.verbs import VERBS
from tests.factories import make_user
from tests.rights.test_erasure import HUB, harvest

pytestmark = pytest.mark.django_db
CASE = ("--reference", "case-1", "--by", "agent-a")


def told(*words):
    out = io.StringIO()
    call_command("rights", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def agent():
    harvest(*HUB)
    return make_user("agent-a")


def test_a_preview_changes_nothing(agent):
    assert "1 account, 3 artifacts, 2 mentions by others" in told("preview", "dev")
    assert Artifact.objects.filter(owner="dev").count() == 2


@pytest.mark.parametrize("verb", ["erase", "object"])
def test_an_account_leaves(agent, verb):
    said = told(verb, "dev", *CASE)
    assert "Removed: 3 artifacts" in said
    assert all(str(place) in said for place in CHECKLIST)
    assert not Artifact.objects.filter(owner="dev").exists()
    assert JournalEntry.objects.get().by_key == agent.pk
    assert told("find", "DEV").startswith("case-1 ")
    assert told("find", "https://huggingface.co/Dev/one").startswith("case-1 ")
    assert told("find", "other") == "Not on the list.\n"


@pytest.mark.usefixtures("agent")
def test_names_in_doubt_are_listed_and_decided():
    told("erase", "dev", *CASE)
    number, reference, name = told("doubts").split()
    assert (reference, name) == ("case-1", "lab/dev-tools")
    with pytest.raises(CommandError, match="--by"):
        told("doubts", "--take-out", number)
    assert "1 artifacts" in told("doubts", "--take-out", number, "--by", "agent-a")
    assert not Artifact.objects.filter(repo_id=name).exists()
    assert told("doubts") == ""
    with pytest.raises(CommandError, match="number"):
        told("doubts", "--keep", number, "--by", "agent-a")


@pytest.mark.usefixtures("agent")
def test_a_name_in_doubt_may_be_kept():
    told("erase", "dev", *CASE)
    number, _reference, name = told("doubts").split()
    assert "Decided" in told("doubts", "--keep", number, "--by", "agent-a")
    assert Artifact.objects.filter(repo_id=name).exists()


@pytest.mark.usefixtures("agent")
def test_a_name_may_come_by_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("dev\n"))
    assert "3 artifacts" in told("preview", "-")


@pytest.mark.usefixtures("agent")
def test_a_restriction_is_lifted_in_two_steps():
    told("restrict", "dev", *CASE)
    with pytest.raises(CommandError, match="told"):
        told("lift", *CASE)
    told("lift", *CASE, "--notice-sent")
    assert told("lift", *CASE) == "Lifted: 3 artifacts shown again.\n"
    assert not Restriction.objects.in_force().exists()
    with pytest.raises(CommandError, match="No restriction"):
        told("lift", *CASE)


@pytest.mark.usefixtures("agent")
def test_a_fact_is_corrected_and_let_go():
    key = str(Artifact.objects.get(repo_id="dev/one").pk)
    assert told("rectify", *CASE, key, "tags", "b", "a") == "Corrected.\n"
    assert Artifact.objects.get(pk=key).tags == ["a", "b"]
    assert "Closed" in told("rectify", *CASE, key, "tags", "--close")
    assert Artifact.objects.get(pk=key).tags == ["dev"]
    with pytest.raises(CommandError, match="not corrected"):
        told("rectify", *CASE, key, "tags", "--close")


@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("erase", "dev/one", *CASE), "no account"),
        (("erase", "dev", "--reference", "case-1", "--by", "nobody"), "username"),
        (("erase", "dev", *CASE, "--second", "nobody"), "username"),
    ],
)
def test_refusals_say_so(words, said):
    with pytest.raises(CommandError, match=said):
        told(*words)
    assert not JournalEntry.objects.exists()


def test_retiring_a_key_says_what_is_lost():
    told("rotate-key")
    suppressions.suppress(
        suppressions.Names(frozenset({"dev"})), ground="erasure", reference="c", at=make_user().date_joined
    )
    told("rotate-key")
    former, newest = keyring.active()

    with pytest.raises(CommandError, match="1 entry was never met"):
        told("rotate-key", "--retire", former.key_id)
    with pytest.raises(CommandError, match="former key"):
        told("rotate-key", "--retire", newest.key_id)
    assert "1 entry" in told("rotate-key", "--retire", former.key_id, "--accept-loss")
    assert keyring.active() == (newest,)
    assert suppressions.unreadable() is None


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself(verb, capsys):
    with pytest.raises(SystemExit):
        call_command("rights", verb, "--help")
    assert verb in capsys.readouterr().out
