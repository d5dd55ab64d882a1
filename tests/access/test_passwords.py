"""Which long passwords are refused."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError

from access.models import User


@pytest.mark.parametrize(
    "password",
    [
        "",
        "fourteen chars",
        "123456789012345",
        "987654321098765",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "passwordpassword",
        "Password!2026-11",
        "password12345678",
        "PasswordPasswordPa",
        "letmeinletmeinletmein",
        "monkey1234567890",
        "qwertyuiopasdfgh",
        "azertyuiopqsdfgh",
        "abcdefghijklmnop",
        "camille.durand.26",
        "!!!!1111!!!!1111",
    ],
)
def test_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="camille.durand"))


@pytest.mark.parametrize(
    "password",
    [
        "a sentence nobody would guess",
        "correct horse battery staple",
        "les sanglots longs des violons",
        "ꙮ" + "é∂ßœ漢字かな🦉xyzw12",
    ],
)
def test_taken(password: str) -> None:
    validate_password(password, User(username="camille.durand"))


def test_the_rules_are_told() -> None:
    assert "15" in password_validators_help_text_html()
