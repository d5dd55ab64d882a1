"""The second factor, and that there is no way round it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from access import second_factor
from access.models import Session, User
from access.roles import Role
from tests.access.addresses import filled, routes
from tests.access.sign_in import PASSWORD, code_of, enrolled, sign_in, verified_client
from tests.factories import make_user

pytestmark = pytest.mark.django_db
GIVE, ENROL, QR = reverse("second-factor"), reverse("second-factor-enrol"), reverse("second-factor-qr")


@pytest.fixture(autouse=True)
def outside_debug(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def account() -> User:
    return make_user("camille", Role.SUPERVISOR, Role.ADMINISTRATOR, password=PASSWORD)


@pytest.fixture
def half_in(client: Client, account: User) -> Client:
    assert sign_in(client, account) == 302
    return client


def test_who_has_none_enrols_one_and_is_in(half_in: Client, account: User) -> None:
    assert half_in.get(GIVE)["Location"] == ENROL
    assert half_in.get(ENROL).status_code == 200
    picture = half_in.get(QR)
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    key = half_in.session.session_key
    answer = half_in.post(ENROL, {"code": code_of(TOTPDevice.objects.get(user=account))})
    assert len(answer.context["codes"]) == 10
    assert half_in.session.session_key != key
    assert half_in.get(reverse("lineage:search")).status_code == 200


def test_the_code_lets_in_where_one_was_going(half_in: Client, account: User) -> None:
    device = enrolled(account)
    wanted = reverse("lineage:help")
    answer = half_in.get(wanted)
    assert answer["Location"] == f"{GIVE}?next={wanted}"
    key = half_in.session.session_key
    answer = half_in.post(answer["Location"], {"code": code_of(device)})
    assert answer["Location"] == wanted
    assert half_in.session.session_key != key
    assert half_in.get(wanted).status_code == 200


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_no_way_out_of_the_site(half_in: Client, account: User, next_page: str) -> None:
    device = enrolled(account)
    answer = half_in.post(f"{GIVE}?next={next_page}", {"code": code_of(device)})
    assert answer["Location"] == reverse("start")


def test_a_code_counts_once(half_in: Client, account: User) -> None:
    code = code_of(enrolled(account))
    assert half_in.post(GIVE, {"code": code}).status_code == 302
    other = Client()
    sign_in(other, account)
    assert other.post(GIVE, {"code": code}).status_code == 200
    assert other.get("/").status_code == 302


def test_a_recovery_code_counts_once(half_in: Client, account: User) -> None:
    enrolled(account)
    code = second_factor.new_recovery_codes(account)[3]
    assert half_in.post(GIVE, {"code": f" {code[:5]} {code[5:].upper()} "}).status_code == 302
    assert StaticToken.objects.count() == 9
    other = Client()
    sign_in(other, account)
    assert other.post(GIVE, {"code": code}).status_code == 200


def test_wrong_codes_slow_down_the_right_one(half_in: Client, account: User) -> None:
    device = enrolled(account)
    for _ in range(3):
        assert half_in.post(GIVE, {"code": "000000"}).status_code == 200
    assert half_in.post(GIVE, {"code": code_of(device)}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    assert half_in.post(GIVE, {"code": code_of(device)}).status_code == 302


@pytest.mark.parametrize("code", ["", "abc", "12345", "0" * 400, "٠١٢٣٤٥", "²²²²²²", "💥", "1e5", "-00001"])
def test_odd_codes(half_in: Client, account: User, code: str) -> None:
    enrolled(account)
    assert half_in.post(GIVE, {"code": code}).status_code == 200


def test_another_accounts_device_is_no_factor(half_in: Client, account: User) -> None:
    enrolled(account)
    theirs = enrolled(make_user("other", password=PASSWORD))
    assert half_in.post(GIVE, {"code": code_of(theirs)}).status_code == 200
    session = half_in.session
    session["otp_device_id"] = theirs.persistent_id
    session.save()
    assert half_in.get("/").status_code == 302


def test_a_stolen_password_cannot_replace_the_factor(half_in: Client, account: User) -> None:
    enrolled(account)
    for page in (ENROL, QR):
        assert half_in.get(page)["Location"] == GIVE
    waiting = TOTPDevice.objects.create(user=account, confirmed=False)
    assert half_in.post(ENROL, {"code": code_of(waiting), "password": PASSWORD})["Location"] == GIVE
    assert half_in.post(reverse("recovery-codes"), {"password": PASSWORD}).status_code == 302
    assert not StaticDevice.objects.exists()


def test_a_stolen_session_cannot_replace_the_factor_without_the_password(account: User) -> None:
    client = verified_client(account)
    client.get(ENROL)
    new = TOTPDevice.objects.get(user=account, confirmed=False)
    assert client.post(ENROL, {"code": code_of(new), "password": "wrong"}).status_code == 200
    assert not TOTPDevice.objects.get(pk=new.pk).confirmed
    client.post(reverse("recovery-codes"), {"password": "wrong"})
    assert not StaticDevice.objects.exists()


def test_replacing_it_ends_the_old_one_and_the_other_sessions(account: User) -> None:
    here, elsewhere = verified_client(account), verified_client(account)
    old = TOTPDevice.objects.get(user=account)
    here.get(ENROL)
    new = TOTPDevice.objects.get(user=account, confirmed=False)
    answer = here.post(ENROL, {"code": code_of(new), "password": PASSWORD})
    assert len(answer.context["codes"]) == 10
    assert list(TOTPDevice.objects.filter(user=account)) == [new]
    assert old != new
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert Session.objects.filter(account=account).count() == 1


def test_new_recovery_codes_end_the_old_ones(account: User) -> None:
    client = verified_client(account)
    old = second_factor.new_recovery_codes(account)
    new = client.post(reverse("recovery-codes"), {"password": PASSWORD}).context["codes"]
    assert not set(old) & set(new)
    assert StaticToken.objects.count() == 10


OPEN = {
    "/healthz",
    "/metrics",
    "/language/",
    "/account/sign-in/",
    "/account/sign-out/",
    "/account/set-up/",
    GIVE,
    ENROL,
    QR,
}
PUBLIC = ("/notice/", "/rights/")  # for whoever writes to us, without an account


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_it_every_address_leads_to_the_page_that_asks_for_it(half_in: Client, method: str) -> None:
    addresses = {filled(route, {}) for route in routes()}
    assert len(addresses) > 60
    for address in addresses - OPEN:
        if address.startswith(PUBLIC):
            continue
        answer = getattr(half_in, method)(address)
        if address.startswith("/api/v1/"):  # programs are told, not led
            assert answer.status_code == 403, address
            continue
        assert answer.status_code == 302, address
        expected = (GIVE, reverse("login")) if address == "/admin/login/" else (GIVE,)
        assert answer["Location"].startswith(expected), address


def test_without_it_nothing_is_granted(half_in: Client, account: User) -> None:
    request_user = half_in.get(ENROL).wsgi_request.user
    assert not request_user.has_perm("lineage.view_genealogy")
    assert account.has_perm("lineage.view_genealogy")  # on the server, nothing is owed


def test_in_a_demonstration_it_is_offered(client: Client, account: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, account)
    assert client.get("/").status_code == 200
    assert client.get(ENROL).status_code == 200
