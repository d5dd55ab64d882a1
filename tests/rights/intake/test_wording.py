"""What the words of a letter propose, in French and English."""

import time

import pytest

from rights.intake.wording import RIGHTS, understood
from rights.vocabulary import Right


@pytest.mark.parametrize(
    ("text", "rights"),
    [
        ("Je souhaite exercer mon droit d’accès à mes données.", "access"),
        ("Merci de m’envoyer une copie de mes données", "access"),
        ("I would like a copy of my personal data", "access"),
        ("Which data do you hold about my account?", "access"),
        ("Merci d'effacer mon compte", "erasure"),
        ("Veuillez SUPPRIMER mes informations", "erasure"),
        ("Please delete everything about my account", "erasure"),
        ("Under article 17 GDPR", "erasure"),
        ("Je m’oppose à ce traitement", "objection"),
        ("I object to the processing of my account", "objection"),
        ("La licence de mon dépôt est inexacte, corrigez-la", "rectification"),
        ("My licence is incorrect", "rectification"),
        ("je demande la limitation du traitement", "restriction"),
        ("portabilité de mes données", "portability"),
        ("effacez mon compte et ne plus collecter mes données", "erasure objection"),
        ("Bonjour", ""),
        ("", ""),
    ],
)
def test_the_rights_asked_for(text, rights):
    assert set(understood("", text).rights) == set(rights.split())


@pytest.mark.parametrize(
    ("text", "is_referral"),
    [
        ("Ma photo est dans le jeu de données acme/faces", True),
        ("My phone number is in a dataset on the Hub", True),
        ("Un modèle a été entraîné sur mes textes : mon nom y figure", True),
        ("Mon compte est « zoe-c » : quelles données avez-vous ?", False),
        ("Please delete my account zoe and my datasets", False),
        ("Mon nom est dans https://huggingface.co/datasets/acme/faces ; mon pseudonyme est zoe75", True),
        ("Mon nom est dans le jeu de données acme/faces, mon pseudo sur le Hub : « zoe »", False),
        ("Hello", False),
    ],
)
def test_the_door(text, is_referral):
    assert understood("", text).is_referral is is_referral


@pytest.mark.parametrize(
    ("text", "accounts", "claimed"),
    [
        ("mon compte : zoe-c", "zoe-c", ""),
        ("mon compte « zoe-c »", "zoe-c", ""),
        ("my account: zoe_c.", "zoe_c", ""),
        ("voir https://huggingface.co/zoe-c.", "zoe-c", ""),
        ("https://huggingface.co/zoe-c et https://hf.co/Zoe-C", "zoe-c", ""),
        ("https://huggingface.co/docs/hub et https://huggingface.co/pricing", "", ""),
        ("Ma photo est dans le dataset https://huggingface.co/datasets/acme/faces/viewer", "", "acme/faces"),
        ("écrivez à zoe@canari.example", "", ""),
    ],
)
def test_the_names(text, accounts, claimed):
    read = understood("", text)
    assert (" ".join(read.accounts), read.claimed) == (accounts, claimed)


@pytest.mark.parametrize(
    ("text", "language", "urgent"),
    [
        ("Bonjour, je demande mes données, pour ma fille mineure", "fr", True),
        ("Dear all, I ask you for the data that you hold", "en", False),
        ("intimate pictures of me are in the dataset", "en", True),
        ("", "fr", False),
    ],
)
def test_the_language_and_what_is_urgent(text, language, urgent):
    read = understood("", text)
    assert (read.language, read.urgent) == (language, urgent)


def test_every_right_has_its_words():
    assert set(RIGHTS) == set(Right.values)


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "compte " * 30_000, "huggingface.co/" * 15_000, "«" * 200_000, "http://hf.co/a/" * 9_000]
)
def test_a_letter_made_to_take_long_does_not(text):
    begun = time.process_time()
    understood(text[:300], text)
    assert time.process_time() - begun < 2
