"""A watch tells its holder, and nobody else, what each harvest changed under an artifact."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from access.models import User
from access.roles import Role
from lineage import amendments, watches
from lineage.consultations import shown_keys
from lineage.models import Artifact, Consultation, Watch, WatchedChange
from lineage.purpose import sealed_for
from lineage.vocabulary import Direction, Kind
from tests.factories import AT
from tests.harvesting import Clock, harvest_hub, models, record
from tests.hub_standin import HubStandIn, serving
from tests.lineage.readers import make_reader, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def child(name, number):
    return record(f"org/{name}", number, tags=["base_model:org/base", "base_model:finetune:org/base"])


BASE, ONE, TWO = record("org/base", 901), child("one", 902), child("two", 903)


@pytest.fixture
def day(settings):
    """A function that harvests a shelf on the next day."""
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HARVEST_RETRY_SECONDS = 0
    clock = Clock()
    with serving(HubStandIn()) as hub:

        def harvested(*shelf):
            hub.shelves[Kind.MODEL] = [*shelf, *models(3, "org3")]
            clock.at += DAY
            return harvest_hub(hub, settings, clock=clock, aliases=False, kinds=[Kind.MODEL])

        yield harvested


@pytest.fixture
def holder():
    account = make_reader()
    account.email = "agent@example.org"
    account.save()
    return account


def base():
    return Artifact.objects.get(repo_id="org/base")


def test_each_harvest_that_changes_something_is_noted_and_told(day, holder):
    first = day(BASE, ONE)
    watch = watches.begin(base(), by=holder, at=AT, direction=Direction.DOWNSTREAM)
    day(BASE, ONE)
    assert not WatchedChange.objects.exists()
    third = day(BASE, ONE, TWO)
    change = WatchedChange.objects.get()
    assert (change.watch, change.after, change.appeared, change.left) == (watch, third, 1, 0)
    assert change.before.pk > first.pk
    (sent,) = mail.outbox
    assert sent.to == ["agent@example.org"]
    assert "org/" not in f"{sent.subject} {sent.body}"
    assert f"number {watch.pk}" in sent.body

    day(BASE, record("org/one", 902), TWO)  # it no longer names the base
    assert WatchedChange.objects.latest("pk").left == 1
    assert len(mail.outbox) == 2


def test_a_closed_account_is_told_nothing(day, holder):
    day(BASE, ONE)
    watches.begin(base(), by=holder, at=AT, direction=Direction.DOWNSTREAM)
    User.objects.update(is_active=False)
    day(BASE, ONE, TWO)
    assert not WatchedChange.objects.exists()
    assert mail.outbox == []


def test_setting_it_twice_is_setting_it_once(day, holder):
    day(BASE)
    for _ in range(2):
        watches.begin(base(), by=holder, at=AT, direction=Direction.DOWNSTREAM)
    assert Watch.objects.count() == 1


def test_an_erasure_reaches_the_watch(day, holder):
    day(BASE, ONE)
    watches.begin(base(), by=holder, at=AT, direction=Direction.DOWNSTREAM)
    day(BASE, ONE, TWO)
    amendments.contract(artifacts=[Artifact.objects.get(repo_id="org/two").pk], at=AT + 9 * DAY)
    client, change = signed_in(), WatchedChange.objects.get()
    found = {"before": change.before_id, "after": change.after_id}
    assert "org/two" not in client.get(reverse("lineage:changes", args=[base().pk]), found).text
    amendments.contract(artifacts=[base().pk], at=AT + 9 * DAY)
    assert not Watch.objects.exists()


def test_the_pages(day):
    day(BASE, ONE)
    client = signed_in()
    trace = reverse("lineage:trace", args=[base().pk])
    assert "Watch this trace" in client.get(trace).text
    answer = client.post(reverse("lineage:watch", args=[base().pk]) + "?direction=upstream")
    assert answer["Location"] == reverse("lineage:watches")
    assert Watch.objects.get().direction == "upstream"
    client.post(reverse("lineage:watch", args=[base().pk]))
    day(BASE, ONE, TWO)
    page = client.get(reverse("lineage:watches"))
    assert "org/base" in page.text
    assert "Which ones" in page.text
    assert shown_keys(Consultation.objects.latest("pk")) == [base().pk]

    watch = Watch.objects.latest("pk")
    assert signed_in().post(reverse("lineage:end_watch", args=[watch.pk])).status_code == 404
    assert "org/base" not in signed_in().get(reverse("lineage:watches")).text
    client.post(reverse("lineage:end_watch", args=[watch.pk]))
    assert not Watch.objects.filter(pk=watch.pk).exists()


def test_a_watch_set_from_the_page_of_a_case_is_for_that_case(day):
    day(BASE, ONE)
    reader = make_reader()
    client = Client()
    client.force_login(reader)
    trace = f"{reverse('lineage:trace', args=[base().pk])}?for={sealed_for('case-1', reader=reader.pk)}"
    assert "Watch this trace for the case" in client.get(trace).text
    client.post(reverse("lineage:watch", args=[base().pk]), headers={"Referer": f"http://testserver{trace}"})
    client.post(reverse("lineage:watch", args=[base().pk]))  # and one for oneself
    assert list(Watch.objects.order_by("pk").values_list("purpose", flat=True)) == ["case-1", "study"]
    assert client.get(reverse("lineage:watches")).text.count("Set for a case") == 1


def test_what_is_withheld_is_not_on_the_page(day, holder):
    day(BASE, ONE)
    client = signed_in()
    client.post(reverse("lineage:watch", args=[base().pk]))
    amendments.withhold(artifacts=[base().pk], at=AT)
    assert "org/base" not in client.get(reverse("lineage:watches")).text


def test_for_readers_only(day):
    day(BASE)
    for role in (Role.DPO, Role.ADMINISTRATOR):
        assert signed_in(role).get(reverse("lineage:watches")).status_code == 403
        assert signed_in(role).post(reverse("lineage:watch", args=[base().pk])).status_code == 403
