"""Coming in: the sign-in page, its one answer, its lock."""

import pytest
from django.test import Client
from django.urls import reverse

from access.roles import Role
from tests.factories import make_user

PASSWORD = "a sentence nobody would guess"
pytestmark = pytest.mark.django_db


def test_signs_in_and_is_sent_to_the_search(client: Client) -> None:
    make_user("camille", Role.AGENT, password=PASSWORD)
    answer = client.post(reverse("login"), {"username": "camille", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("lineage:search")
    assert answer.status_code == 200
