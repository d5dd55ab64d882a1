"""Every field in which staff write on the desk, filled with what is no text: a clear error, nothing stored or sent."""

import pytest
from django import forms
from django.core import mail
from django.urls import reverse

from access.roles import Role
from rights.admin.acts import ACTS
from rights.admin.referral_acts import ACTS as REFERRAL_ACTS
from rights.models import CaseNote, JournalEntry, OutgoingLetter
from rights.vocabulary import Right
from tests.lineage.readers import signed_in
from tests.rights.desk.agents import fresh
from tests.rights.desk.cases import make_case
from tests.rights.referral.letters import make_referral

pytestmark = pytest.mark.django_db
HOSTILE = {"a megabyte": "x" * 1_000_000, "NUL": "a\0b", "a bell": "a\x07b"}
WHO = {"opinion": Role.DPO, "decide-exception": Role.SUPERVISOR}
RIGHT_TO_LEFT = "\u202egnp.exe\u202c"


def texts(form):
    """The fields of a form in which anything can be typed."""
    return [name for name, field in form.base_fields.items() if isinstance(field, forms.CharField)]


OF_A_CASE = [(word, name) for word, act in ACTS.items() for name in texts(act.form)]
OF_A_REFERRAL = [(word, name) for word, (form, _act) in REFERRAL_ACTS.items() for name in texts(form)]


def assert_refused(answer, matter):
    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.content.decode()
    assert type(matter).objects.get(pk=matter.pk).version == matter.version
    assert (JournalEntry.objects.count(), CaseNote.objects.count(), OutgoingLetter.objects.count()) == (1, 0, 0)
    assert mail.outbox == []


@pytest.mark.parametrize(("word", "name"), OF_A_CASE)
def test_in_a_case(word, name):
    case, client = make_case(Right.ACCESS), signed_in(WHO.get(word, Role.AGENT))
    address = reverse("admin:rights_rightscase_act", args=[case.pk, word, "access"])
    for value in HOSTILE.values():
        typed = {f"{word}-access-version": case.version, f"{word}-access-{name}": value}
        assert_refused(client.post(address, typed), case)


@pytest.mark.parametrize(("word", "name"), OF_A_REFERRAL)
def test_in_a_referral(word, name):
    referral, client = make_referral(), signed_in(Role.AGENT)
    address = reverse("admin:rights_referral_act", args=[referral.pk, word])
    for value in HOSTILE.values():
        typed = {f"{word}-version": referral.version, f"{word}-{name}": value}
        assert_refused(client.post(address, typed), referral)


@pytest.mark.parametrize("name", ["recipient", "body"])
@pytest.mark.parametrize("way", ["mail", "post", "docx", "txt"])
def test_in_a_letter(name, way):
    case, client = make_case(Right.ACCESS), signed_in(Role.AGENT)
    address = reverse("admin:rights_outgoingletter_write", args=["case", case.pk, "acknowledgement", "whole"])
    for value in HOSTILE.values():
        typed = {"recipient": "p@example.org", "body": "As it is.", "way": way, name: value}
        assert_refused(client.post(address, typed), case)


def test_what_is_text_stays_text_and_turns_nothing_around():
    case, client = make_case(Right.ACCESS), signed_in(Role.AGENT)
    address = reverse("admin:rights_rightscase_act", args=[case.pk, "note", "case"])
    text = f"<script>alert(1)</script>\r\nBcc: all@example.org\r\n{RIGHT_TO_LEFT}"
    assert client.post(address, {"note-case-version": 1, "note-case-text": text}).status_code == 302
    assert CaseNote.objects.get().text == "<script>alert(1)</script>\nBcc: all@example.org\ngnp.exe"
    assert "<script>alert" not in client.get(reverse("admin:rights_rightscase_change", args=[case.pk])).content.decode()
    assert fresh(case).version == 1
