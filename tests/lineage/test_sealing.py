import pytest
from django.core.signing import Signer

from lineage import sealing
from lineage.sealing import seal, unseal


@pytest.mark.parametrize("text", ["squad", "org-a/Modèle 7B", "", "%_\\'\"<script>", "日本語" * 60])
def test_opens_for_who_sealed_it(text):
    assert unseal(seal(text, holder=7), holder=7) == text


def test_nothing_of_the_text_stands_in_the_token():
    token = seal("some-account/some-model", holder=7)
    assert "some" not in token
    assert token.replace("-", "").replace("_", "").replace("=", "").isalnum()


def test_two_seals_of_one_text_differ():
    assert seal("squad", holder=7) != seal("squad", holder=7)


def test_closed_to_anyone_else():
    assert unseal(seal("squad", holder=7), holder=8) is None


def test_closed_after_twelve_hours(monkeypatch):
    token = seal("squad", holder=7)
    monkeypatch.setattr(sealing, "HOURS_12", -1)
    assert unseal(token, holder=7) is None


@pytest.mark.parametrize("token", ["", "x", "é", "gAAAA", "\x00", "A" * 5000, Signer().sign("squad")])
def test_what_is_no_token_opens_to_nothing(token):
    assert unseal(token, holder=7) is None


def test_closed_under_another_key(settings):
    token = seal("squad", holder=7)
    settings.SECRET_KEY = "another-key"
    assert unseal(token, holder=7) is None
