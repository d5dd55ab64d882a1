"""What persons write lies encrypted, and is found again by a blind index only."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connection

from rights.models import RightsCase
from rights.sealed import SealBroken, mark, seal, unseal
from tests.rights.desk.cases import make_case


@pytest.mark.django_db
def test_no_word_of_a_letter_lies_in_the_database():
    case = make_case(
        message="Je m'appelle Zoé Canari", name="Zoé Canari", contact="zoe@canari.example", accounts=["canari-z"]
    )

    found = []
    with connection.cursor() as cursor:
        for table in ("rights_rightscase", "rights_claimedaccount", "rights_journalentry"):
            cursor.execute(f"SELECT * FROM {table}")
            found += cursor.fetchall()

    assert "anari" not in str(found)
    read = RightsCase.objects.get(pk=case.pk)
    assert (read.message, read.name, read.contact) == ("Je m'appelle Zoé Canari", "Zoé Canari", "zoe@canari.example")
    assert read.accounts.get().name == "canari-z"


@pytest.mark.parametrize("other", ["ZOE@Canari.example", " zoe@canari.example ", "ｚoe@canari.example"])
def test_one_address_has_one_mark(other):
    assert mark(other) == mark("zoe@canari.example") != mark("zoe@canari.exampl")
    assert mark("  ") == ""


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"message": "x"}, {"message__contains": "x"}, {"message__in": ["x"]}])
def test_a_query_cannot_look_into_what_is_sealed(query):
    with pytest.raises(FieldError):
        RightsCase.objects.filter(**query).exists()


@pytest.mark.django_db
def test_a_query_can_ask_whether_it_is_empty():
    make_case(message="")
    assert RightsCase.objects.filter(message="").count() == 1


def place() -> Path:
    return Path(settings.CASE_KEYS)


def test_a_newer_key_seals_and_the_former_ones_still_open():
    old = seal(b"x")
    newer = Fernet.generate_key()
    place().write_bytes(place().read_bytes() + newer + b"\n")

    assert unseal(old) == b"x"
    assert Fernet(newer).decrypt(seal(b"y")) == b"y"


def test_the_marks_outlive_a_newer_key():
    before = mark("a@example.org")
    place().write_bytes(place().read_bytes() + Fernet.generate_key() + b"\n")
    assert mark("a@example.org") == before


def test_the_key_is_its_owners_alone():
    seal(b"x")
    assert place().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"no key\n", b"\xff\xfe"])
def test_a_damaged_key_file_is_told_and_never_written_over(content):
    place().parent.mkdir(parents=True)
    place().write_bytes(content)
    with pytest.raises(SealBroken, match="CASE_KEYS"):
        seal(b"x")
    assert place().read_bytes() == content


def test_another_key_opens_nothing():
    token = seal(b"x")
    place().write_bytes(Fernet.generate_key())
    with pytest.raises(SealBroken, match="CASE_KEYS"):
        unseal(token)
