"""Information notices in the back office: drafted and published by a supervisor, read by agents and the DPO."""

import pytest
from django.urls import reverse

from access.roles import Role
from rights import notices
from rights.models import JournalEntry, Notice
from tests.factories import make_notice
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
DRAFT = {"in_force_from": "2999-01-01", "text_fr": "avis", "text_en": "notice", **notices.needed()}


def page(name, *key):
    return reverse(f"admin:rights_notice_{name}", args=key)


def published(client, *made):
    return client.post(page("changelist"), {"action": "publish", "_selected_action": [one.pk for one in made]})


def test_the_form_comes_filled_in_from_the_register():
    answer = signed_in(Role.SUPERVISOR).get(page("add"))
    assert answer.content.decode().count(" checked") == sum(map(len, notices.needed().values()))


def test_a_supervisor_drafts_changes_and_publishes():
    client = signed_in(Role.SUPERVISOR)
    assert client.post(page("add"), DRAFT).status_code == 302
    notice = Notice.objects.get()
    assert client.post(page("change", notice.pk), DRAFT | {"text_en": "the notice"}).status_code == 302

    published(client, notice)

    notice.refresh_from_db()
    assert notice.published_at
    assert (notice.version, notice.text_en, notices.lacking(notice)) == (1, "the notice", {})
    assert [entry.act for entry in JournalEntry.objects.all()] == ["notice_drafted"] * 2 + ["notice_published"]
    assert client.post(page("change", notice.pk), DRAFT).status_code == 403


def test_what_cannot_be_published_says_why():
    client = signed_in(Role.SUPERVISOR)
    client.post(page("add"), DRAFT | {"sources": ["hub"]})
    answer = client.post(
        page("changelist"), {"action": "publish", "_selected_action": [Notice.objects.get().pk]}, follow=True
    )
    assert "does not declare: source rule" in answer.content.decode()
    assert not Notice.objects.published().exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.DPO])
def test_others_read_it_and_change_nothing(role):
    client, notice = signed_in(role), make_notice(published_at=None)

    assert client.get(page("change", notice.pk)).status_code == 200
    assert client.post(page("change", notice.pk), DRAFT).status_code == 403
    assert client.post(page("add"), DRAFT).status_code == 403
    published(client, notice)
    assert not Notice.objects.published().exists()


def test_a_public_one_is_shown():
    notice = make_notice(text_fr="Ce que nous tenons")
    assert "Ce que nous tenons" in signed_in(Role.DPO).get(page("change", notice.pk)).content.decode()
    assert signed_in(Role.SUPERVISOR).post(page("delete", notice.pk), {"post": "yes"}).status_code == 403
