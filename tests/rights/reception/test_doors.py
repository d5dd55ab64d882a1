"""How often a door opens, mails, stamps, the notice, and what must be set before the form may be on."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.urls import reverse
from django.utils import timezone

from rights import checks, retention
from rights.models import FollowUpCode, Knock
from rights.notices import drawn, publish, record
from rights.reception import codes, links, mails
from rights.reception.knocking import Door, Wait, knock, network
from tests.factories import AT
from tests.rights.desk.cases import make_case
from tests.rights.referral.letters import make_referral

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_never_more_than_five_in_any_hour():
    times = [AT + timedelta(minutes=minutes) for minutes in (0, 50, 51, 52, 53)]
    for at in times:
        knock(Door.FORM, who="a", at=at)
    with pytest.raises(Wait) as refused:
        knock(Door.FORM, who="a", at=AT + timedelta(minutes=54))
    assert refused.value.seconds == 6 * 60
    knock(Door.FORM, who="b", at=AT + timedelta(minutes=54))
    knock(Door.FORM, who="a", at=AT + HOUR)
    with pytest.raises(Wait):
        knock(Door.FORM, who="a", at=AT + HOUR + timedelta(minutes=1))


def test_no_address_is_stored():
    knock(Door.FORM, who="192.0.2.7", at=AT)
    assert "192.0.2.7" not in str(list(Knock.objects.values()))


@pytest.mark.parametrize(
    ("address", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", ""), ("odd", "odd")],
)
def test_an_ipv6_network_counts_as_one(address, counted):
    assert network(address) == counted


def test_visits_and_codes_are_forgotten():
    knock(Door.FORM, who="a", at=AT - timedelta(days=2))
    codes.ask(reference="0" * 32, at=AT - timedelta(days=2))
    knock(Door.FORM, who="b", at=AT)
    counts = retention.apply(at=AT)
    assert (counts["rights.Knock"], counts["rights.FollowUpCode"]) == (2, 1)
    assert Knock.objects.count() == 1
    assert not FollowUpCode.objects.exists()


@pytest.mark.parametrize("make", [make_case, make_referral])
def test_a_link_is_good_for_seven_days(make):
    letter = make(confirmed=False, by=0)
    token = links.token(letter, at=AT)
    assert links.awaiting(token, at=AT + timedelta(days=7)) == letter
    assert links.awaiting(token, at=AT + timedelta(days=7, seconds=1)) is None
    assert links.awaiting(token, at=AT - timedelta(seconds=1)) is None
    assert links.awaiting(f"{token}x", at=AT) is None


@pytest.mark.parametrize("token", ["", "x", ":", "\ud800", "1:2:3", "W10:forged"])
def test_no_other_link_is_good(token):
    assert links.awaiting(token, at=AT) is None


def test_what_the_mail_server_says_is_not_passed_on(monkeypatch):
    def refuse(self, messages):
        raise SMTPRecipientsRefused({"p@example.org": (550, b"no such p@example.org")})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(mails.NotSent) as refused:
        mails.send_code(make_case(), code="12345678")
    assert "example.org" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["rights.E001"]),
        ({"SITE_URL": ""}, ["rights.E002"]),
        ({"EMAIL_HOST": "", "PUBLIC_FORM": False}, ["rights.E001"]),
        ({"SITE_URL": "", "PUBLIC_FORM": False}, []),
        ({"SITE_URL": "", "DEMONSTRATION": True}, []),
    ],
)
def test_what_must_be_set(settings, changed, found):
    real = {"DEMONSTRATION": False, "EMAIL_BACKEND": checks.SMTP, "EMAIL_HOST": "mail.example"}
    for name, value in (real | changed).items():
        setattr(settings, name, value)
    assert [error.id for error in checks.mail_and_links()] == found


def test_the_notice_in_force_and_earlier_ones(client):
    assert "No notice is in force" in client.get("/notice/").content.decode()
    today = timezone.localdate()
    for text in ("the first text", "the second <i>text</i>"):
        notice = record(notice=drawn(in_force_from=today), by=0, at=timezone.now())
        notice.text_en = text
        notice.save(update_fields=["text_en"])
        publish(notice=notice, by=0, at=timezone.now())
    draft = record(notice=drawn(in_force_from=today), by=0, at=timezone.now())

    assert "the second &lt;i&gt;text&lt;/i&gt;" in client.get("/notice/").content.decode()
    first = client.get(reverse("rights:notice_version", args=[1])).content.decode()
    assert "the first text" in first
    assert "not the one in force" in first
    assert client.get(reverse("rights:notice_version", args=[draft.version])).status_code == 404


def test_every_page_leads_to_the_notice_and_to_the_door(client):
    page = client.get("/account/sign-in/").content.decode()
    assert 'href="/notice/"' in page
    assert 'href="/rights/"' in page
