"""What was decided, read in the back office: the suppression list, restrictions, corrections, doubts, the journal."""

import pytest
from django.apps import apps
from django.urls import reverse

from access.roles import Role
from lineage.models import Artifact, Consultation
from rights.effects import erase, rectify, restrict
from rights.models import JournalEntry, NameDoubt, Suppression
from tests.factories import AT
from tests.lineage.readers import signed_in
from tests.rights.desk.cases import make_case
from tests.rights.test_erasure import HUB, harvest

pytestmark = pytest.mark.django_db
PAGES = ["suppression", "restriction", "rectification", "namedoubt", "journalentry"]


@pytest.fixture
def case():
    return make_case()


@pytest.fixture
def decided(case):
    """`dev` erased in a case, account `lab` restricted, a value of `org` corrected; a name in doubt is left over."""
    harvest(*HUB)
    said = {"reference": case.reference, "by": 7, "at": AT}
    base = Artifact.objects.get(repo_id="org/base")
    rectify(artifact_key=base.pk, field="license", value="made-up-licence", **said)
    erase(account="dev", **said)
    NameDoubt.objects.get_or_create(reference=case.reference, artifact_key=base.pk, raised_at=AT)
    restrict(account="lab", **said)
    return base


def listed(model):
    return reverse(f"admin:rights_{model}_changelist")


def body(client, address, **fields):
    answer = client.post(address, fields) if fields else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize("model", PAGES)
def test_lists_and_pages_cite_the_case_name_nobody_gone_and_are_recorded(model, case):
    client = signed_in(Role.SUPERVISOR)
    key = apps.get_model("rights", model).objects.filter(reference=case.reference).first().pk
    for address in (listed(model), reverse(f"admin:rights_{model}_change", args=[key])):
        before = Consultation.objects.count()
        shown = body(client, address)
        assert reverse("admin:rights_rightscase_change", args=[case.pk]) in shown
        assert "dev/" not in shown
        assert "lab/" not in shown
        assert Consultation.objects.count() == before + 1


def test_a_correction_is_read_with_both_values(decided):
    shown = body(signed_in(Role.AGENT), listed("rectification"))
    assert "made-up-licence" in shown
    assert "org/base" in shown
    assert Consultation.objects.latest("pk").count == 1


@pytest.mark.usefixtures("decided")
def test_no_fingerprint_is_shown():
    client, entry = signed_in(Role.DPO), Suppression.objects.earliest("pk")
    for address in (listed("suppression"), reverse("admin:rights_suppression_change", args=[entry.pk])):
        assert entry.fingerprint not in body(client, address)


@pytest.mark.usefixtures("decided")
def test_entries_whose_review_has_come_are_found():
    entry = Suppression.objects.earliest("pk")
    Suppression.objects.filter(pk=entry.pk).update(review_on="2020-01-01")
    client = signed_in(Role.AGENT)
    shown = body(client, listed("suppression") + "?review=due")
    assert f"#{entry.pk}<" in shown
    assert f"#{entry.pk + 1}<" not in shown
    assert f"#{entry.pk + 1}<" in body(client, listed("suppression"))


class TestDidYouEraseMe:
    address = property(lambda _: reverse("admin:rights_suppression_find"))

    @pytest.mark.usefixtures("decided")
    @pytest.mark.parametrize("typed", ["dev", " DEV ", "dev/anything"])
    def test_the_answer_is_the_case(self, case, typed):
        shown = body(signed_in(Role.AGENT), self.address, sought=typed)
        assert reverse("admin:rights_rightscase_change", args=[case.pk]) in shown
        assert "Erasure" in shown

    @pytest.mark.usefixtures("decided")
    def test_a_stranger_is_not_on_it(self):
        shown = body(signed_in(Role.AGENT), self.address, sought="devices")
        assert "nobody of that name was erased" in shown

    @pytest.mark.usefixtures("decided")
    def test_the_look_up_is_recorded_without_what_was_typed(self):
        body(signed_in(Role.DPO), self.address, sought="dev")
        row = Consultation.objects.get()
        assert row.operation == "search"
        assert row.definition == {"list": "suppression", "entries": [row.definition["entries"][0]]}
        assert "dev" not in str(Consultation.objects.values().get())

    @pytest.mark.usefixtures("decided")
    def test_a_missing_key_is_told(self, settings, tmp_path):
        settings.SUPPRESSION_KEYS = tmp_path / "other.key"
        assert "No entry" not in body(signed_in(Role.AGENT), self.address, sought="dev")

    @pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR])
    def test_others_ask_nothing(self, role):
        assert signed_in(role).post(self.address, {"sought": "dev"}).status_code == 403


class TestDoubts:
    def keep(self, role, doubt):
        data = {"action": "keep", "_selected_action": [doubt.pk]}
        return signed_in(role).post(listed("namedoubt"), data, follow=True)

    @pytest.mark.usefixtures("decided")
    def test_a_name_that_is_kept_leaves_the_list_and_the_journal_says_so(self, decided, case):
        doubt = NameDoubt.objects.get(artifact_key=decided.pk)
        assert "1 name kept" in self.keep(Role.AGENT, doubt).content.decode()
        assert not NameDoubt.objects.filter(pk=doubt.pk).exists()
        entry = JournalEntry.objects.latest("number")
        assert (entry.act, entry.reference, entry.details) == ("doubt_kept", case.reference, {"artifact": decided.pk})
        assert Artifact.objects.filter(pk=decided.pk).exists()

    @pytest.mark.usefixtures("decided")
    def test_others_decide_nothing(self, decided):
        doubt = NameDoubt.objects.get(artifact_key=decided.pk)
        assert self.keep(Role.DPO, doubt).status_code == 403
        assert NameDoubt.objects.filter(pk=doubt.pk).exists()

    def take_out(self, role, doubt, **more):
        data = {"action": "take_out", "_selected_action": [doubt.pk], **more}
        return signed_in(role).post(listed("namedoubt"), data, follow=True)

    @pytest.mark.usefixtures("decided")
    def test_what_is_taken_out_is_seen_first_and_leaves_once_confirmed(self, decided):
        doubt = NameDoubt.objects.get(artifact_key=decided.pk)
        asked = self.take_out(Role.AGENT, doubt).content.decode()
        assert decided.repo_id in asked
        assert "Artifacts of the account: 1" in asked
        assert Artifact.objects.filter(pk=decided.pk).exists()
        assert "1 artifact taken out" in self.take_out(Role.AGENT, doubt, confirmed="yes").content.decode()
        assert not Artifact.objects.filter(pk=decided.pk).exists()
        assert not NameDoubt.objects.filter(artifact_key=decided.pk).exists()

    @pytest.mark.usefixtures("decided")
    def test_a_great_impact_is_left_to_two_agents(self, decided, settings):
        settings.RIGHTS_SECOND_APPROVAL = 0
        doubt = NameDoubt.objects.get(artifact_key=decided.pk)
        assert "second agent" in self.take_out(Role.AGENT, doubt).content.decode()
        assert "second agent" in self.take_out(Role.AGENT, doubt, confirmed="yes").content.decode()
        assert Artifact.objects.filter(pk=decided.pk).exists()

    @pytest.mark.usefixtures("decided")
    def test_nobody_else_takes_anything_out(self, decided):
        doubt = NameDoubt.objects.get(artifact_key=decided.pk)
        assert self.take_out(Role.DPO, doubt, confirmed="yes").status_code == 403
        assert Artifact.objects.filter(pk=decided.pk).exists()
