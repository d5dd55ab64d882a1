"""The purge, the opinion on a period, and the monthly head, in the back office and by mail."""

import pytest
from django.core import mail
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from access.roles import Role
from lineage.models import Artifact
from rights import heads, journal, purging, scrubbing
from rights.models import JournalEntry, ProjectPeriod, Purge
from rights.tasks import send_journal_head
from tests.factories import AT, make_artifact, make_user, open_project
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside_a_test(monkeypatch):
    """Files are scrubbed outside any transaction; a test has one around it."""
    monkeypatch.setattr(scrubbing, "scrub", lambda *, whole=False: True)


def page(name, *key):
    return reverse(f"admin:rights_purge_{name}", args=key)


def confirm(client, purge, **more):
    return client.post(page("changelist"), {"action": "confirm", "_selected_action": [purge.pk], **more})


def test_two_supervisors_purge_without_a_script():
    make_artifact()
    first, second = signed_in(Role.SUPERVISOR), signed_in(Role.SUPERVISOR)
    assert "lineage.Artifact: 1" in first.get(page("add")).content.decode()
    assert first.post(page("add")).status_code == 302
    purge = Purge.objects.get()

    asked = confirm(second, purge).content.decode()
    assert 'name="sure"' in asked
    assert "<script" not in asked.partition('id="content"')[2]
    assert Artifact.objects.exists()

    confirm(first, purge, sure="yes")
    assert Artifact.objects.exists()
    assert confirm(second, purge, sure="yes").status_code == 302
    assert not Artifact.objects.exists()
    assert second.get(page("changelist")).status_code == 302  # everybody is signed out
    assert "journal_head" in signed_in(Role.DPO).get(page("change", purge.pk)).content.decode()


def test_a_ledger_that_cannot_be_written_stops_it_with_words(settings, tmp_path):
    make_artifact()
    first, second = signed_in(Role.SUPERVISOR), signed_in(Role.SUPERVISOR)
    first.post(page("add"))
    settings.EFFECTS_LEDGER = tmp_path / "var"  # a folder
    answer = second.post(
        page("changelist"),
        {"action": "confirm", "_selected_action": [Purge.objects.get().pk], "sure": "yes"},
        follow=True,
    )
    assert "(EFFECTS_LEDGER)" in answer.content.decode()
    assert Artifact.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.DPO, Role.ADMINISTRATOR, Role.RESEARCHER, None])
def test_nobody_else_asks_or_confirms(role):
    make_artifact()
    purge, client = purging.ask(by=7, at=AT), signed_in(role)
    Purge.objects.update(asked_at=AT.replace(year=2999))
    assert client.post(page("add")).status_code == 403
    confirm(client, purge, sure="yes")
    assert Purge.objects.filter(confirmed_at=None).count() == 1
    assert Artifact.objects.exists()


class TestOpinion:
    FORM = {"starts_on": "2020-01-01", "ends_on": "2101-01-01", "notice_reference": "n", "informed_on": "2020-01-01"}

    def url(self, period):
        return reverse("admin:rights_projectperiod_change", args=[period.pk])

    def test_the_officer_gives_it_and_changes_nothing_else(self):
        period, dpo = open_project(), signed_in(Role.DPO)
        answer = dpo.post(self.url(period), self.FORM | {"dpo_opinion": "Favourable."})
        changed = ProjectPeriod.objects.get()

        assert answer.status_code == 302
        assert (changed.dpo_opinion, changed.ends_on) == ("Favourable.", period.ends_on)
        assert changed.dpo_key == int(dpo.session["_auth_user_id"])
        assert changed.dpo_opinion_on

    def test_a_supervisor_extends_the_period_and_gives_none(self):
        period = open_project()
        signed_in(Role.SUPERVISOR).post(self.url(period), self.FORM | {"dpo_opinion": "Favourable."})
        changed = ProjectPeriod.objects.get()
        assert (changed.dpo_opinion, changed.ends_on.year, changed.dpo_key) == ("", 2101, None)


class TestHead:
    def test_officers_get_number_chain_date_and_count_and_no_name(self):
        make_user("officer-name", Role.DPO, email="dpo@example.org")
        make_user("no-address", Role.DPO)
        make_user("super", Role.SUPERVISOR, email="super@example.org")
        journal.enter(act="erasure", by=1, at=AT, reference="case-secret", details={})
        chain = JournalEntry.objects.get().chain

        assert heads.send(at=AT) == 1
        (message,) = mail.outbox
        assert message.to == ["dpo@example.org"]
        assert f"1:{chain}" in message.body
        assert "2026-11-02" in message.body
        assert not any(word in str(message.body) + str(message.subject) for word in ("officer-name", "case-secret"))

    def test_a_fault_is_in_the_mail(self, settings):
        make_user("", Role.DPO, email="dpo@example.org")
        journal.enter(act="erasure", by=1, at=AT, reference="case", details={})
        heads.send(at=AT)
        assert "was never sealed" in mail.outbox[0].body

    def test_it_goes_out_each_month(self):
        task = PeriodicTask.objects.get(task=send_journal_head.name)
        assert task.enabled
        assert (task.crontab.day_of_month, task.crontab.timezone.key) == ("1", "Europe/Paris")
        make_user("", Role.DPO, email="dpo@example.org")
        send_journal_head()
        assert len(mail.outbox) == 1
