"""Tokens: made after the second factor, shown once, kept as a digest, narrowed, ended."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access import accounts, tokens
from access.models import ApiToken
from access.roles import Role
from access.scopes import Scope
from tests.access.sign_in import verified_client
from tests.factories import make_user
from tests.lineage.api.readers import leave, token_of

pytestmark = pytest.mark.django_db
FORM = {"name": "notebook", "scopes": ["read"], "days": 30}
ASKED = "/api/v1/coverage/"


def status(text):
    return Client().get(ASKED, headers={"Authorization": f"Bearer {text}"}).status_code


def allowed(text, at=None):
    """What the token lets its account do."""
    account = tokens.bearer(text, at=at or timezone.now())
    assert account is not None
    return account.get_all_permissions()


@pytest.fixture
def researcher():
    return make_user("", Role.RESEARCHER)


def test_a_token_is_shown_once_and_kept_as_a_digest(researcher):
    client = verified_client(researcher)
    answer = client.post("/account/tokens/", FORM)
    [text] = re.findall(r'<code id="token">(gnl_[\w-]{43})</code>', answer.content.decode())
    assert status(text) == 200
    assert "no-store" in answer.headers["Cache-Control"]
    token = ApiToken.objects.get()
    assert text not in str(ApiToken.objects.values().get())
    assert token.digest == tokens.digest_of(text)
    page = client.get("/account/tokens/").content.decode()
    assert text not in page
    assert token.digest not in page
    assert "notebook" in page


def test_none_is_made_before_the_second_factor(researcher, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    client.force_login(researcher, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/account/tokens/", FORM).status_code == 302
    with pytest.raises(tokens.TokenRefused):
        tokens.make(account=researcher, name="x", scopes=[Scope.READ], days=1, at=timezone.now(), is_verified=False)
    assert not ApiToken.objects.exists()


def test_names_need_a_leave_in_force_when_made_and_whenever_used(researcher):
    client = verified_client(researcher)
    refused = client.post("/account/tokens/", FORM | {"scopes": ["read", "names"]})
    assert "leave to see names" in refused.content.decode() or "supervisor" in refused.content.decode()
    assert not ApiToken.objects.exists()
    given = leave(researcher)
    text = token_of(researcher, Scope.READ, Scope.NAMES)
    assert "lineage.see_person_names" in allowed(text)
    assert "lineage.see_person_names" not in allowed(text, given.ends_at)


def test_a_token_does_no_more_than_its_scopes_and_its_account():
    supervisor = make_user("", Role.SUPERVISOR)
    assert allowed(token_of(supervisor, Scope.READ)) == {"lineage.view_genealogy"}
    administrator = make_user("", Role.ADMINISTRATOR)
    assert allowed(token_of(administrator, Scope.READ)) == set()


def test_an_end_is_an_end(researcher):
    text = token_of(researcher, days=1)
    assert tokens.bearer(text, at=timezone.now() + timedelta(hours=23)) == researcher
    assert tokens.bearer(text, at=timezone.now() + timedelta(days=1)) is None


@pytest.mark.parametrize("text", ["", "gnl_", "gnl_" + "a" * 43, "x" * 100_000, "é\udcff"])
def test_what_is_no_token_is_refused_with_a_way_out(text):
    assert tokens.bearer(text, at=timezone.now()) is None


def test_a_refusal_says_how_to_come_in():
    answer = Client().get(ASKED, headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert "Make a new one" in answer.json()["detail"]


def test_revoking_ends_it_at_once_and_only_ones_own(researcher):
    text, key = token_of(researcher), ApiToken.objects.get().pk
    other = verified_client(make_user("", Role.RESEARCHER))
    assert other.post(f"/account/tokens/{key}/revoke/").status_code == 404
    assert status(text) == 200
    assert verified_client(researcher).post(f"/account/tokens/{key}/revoke/").status_code == 302
    assert status(text) == 401


def test_closing_an_account_ends_its_tokens(researcher):
    text = token_of(researcher)
    accounts.close(account=researcher, by=make_user("", Role.ADMINISTRATOR), at=timezone.now())
    assert status(text) == 401
    assert ApiToken.objects.get().revoked_at is not None


def test_a_token_opens_no_page_and_no_back_office():
    text = token_of(make_user("", Role.SUPERVISOR))
    for address in ("/", "/account/", "/admin/", "/account/tokens/", "/api/"):
        assert Client().get(address, headers={"Authorization": f"Bearer {text}"}).status_code == 302


def test_its_last_use_is_noted_to_the_minute(researcher):
    text = token_of(researcher)
    at = timezone.now().replace(second=42)
    tokens.bearer(text, at=at)
    assert ApiToken.objects.get().last_used_at == at.replace(second=0, microsecond=0)
    tokens.bearer(text, at=at + timedelta(seconds=10))
    assert ApiToken.objects.get().last_used_at == at.replace(second=0, microsecond=0)


def test_there_is_a_bound_to_how_many(researcher):
    for _number in range(tokens.MOST_TOKENS):
        token_of(researcher)
    with pytest.raises(tokens.TokenRefused):
        token_of(researcher)


def test_two_tokens_of_one_page_are_apart(researcher):
    """The scopes of one do not reach another request of the same account."""
    leave(researcher)
    both, read = token_of(researcher, Scope.READ, Scope.NAMES), token_of(researcher, Scope.READ)
    assert "lineage.see_person_names" in allowed(both)
    assert "lineage.see_person_names" not in allowed(read)
