"""Which kind bytes are, whatever their name says: what is taken, and forty ways to get past it."""

import time

import pytest

from rights.filetypes import BadFile, file_name, kind_of
from rights.filetypes.kinds import EXTENSIONS, MEDIA_TYPES, FileKind
from rights.vocabulary import Enclosure
from tests.rights.filetypes.samples import GOOD, HOSTILE, PDF, bomb


@pytest.mark.parametrize(("name", "content", "kind"), GOOD)
def test_what_is_taken(name, content, kind):
    assert kind_of(content, name) == kind


@pytest.mark.parametrize(("name", "content", "fault"), HOSTILE)
def test_what_is_refused_and_why(name, content, fault):
    with pytest.raises(BadFile) as refused:
        kind_of(content, name)
    assert refused.value.fault == fault


def test_there_are_forty_of_them():
    assert len(HOSTILE) >= 40


def test_a_bomb_is_told_from_its_list_of_members():
    content, begun = bomb(), time.process_time()
    with pytest.raises(BadFile):
        kind_of(content, "a.docx")
    assert time.process_time() - begun < 1


def test_the_words_are_those_of_the_table():
    assert {kind.value for kind in FileKind} == set(Enclosure.values)
    assert set(MEDIA_TYPES) == set(FileKind) == set(EXTENSIONS.values())
    assert not [
        media for media in MEDIA_TYPES.values() if "html" in media or "svg" in media or media.startswith("text")
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("scan.pdf", "scan.pdf"),
        ("scan", "scan.pdf"),
        ("Lettre du 3. janvier", "Lettre du 3. janvier.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\zoe\\scan.pdf", "scan.pdf"),
        ("/etc/cron.d/x.pdf", "x.pdf"),
        (".htaccess", "file.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ('a"; filename="b.pdf', "a__ filename=_b.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
        ("CON.pdf", "file_CON.pdf"),
        ("nul", "file_nul.pdf"),
        ("a.pdf:stream", "a.pdf_stream.pdf"),
        ("%2e%2e%2fx.pdf", "_2e_2e_2fx.pdf"),
        ("x" * 5000 + ".pdf", "x" * 100 + ".pdf"),
        ("\ud800.pdf", "file.pdf"),
        ("été.pdf", "été.pdf"),
    ],
)
def test_a_name_does_nothing_wherever_it_is_shown_or_saved(name, shown):
    assert file_name(name, "pdf") == shown


@pytest.mark.parametrize("place", range(100))
def test_a_hundred_names_with_tricks_stay_one_plain_name(place):
    tricks = ["../", "..\\", "\0", "\r\n", "\u202e", "\u2028", "/", ":", "|", "\x1b[2J"]
    name = tricks[place % 10] + "a" + tricks[place // 10] + "b" + tricks[(place + 3) % 10] + ".pdf"
    shown = file_name(name, "pdf")
    assert shown.endswith(".pdf")
    assert not set(shown) & set('/\\\0\r\n:|"<>\u202e\u2028\x1b')
    assert not shown.startswith(".")


def test_the_same_file_stays_of_its_kind_under_any_extension_that_is_its_own():
    assert {kind_of(PDF, name) for name in ("", "a", "a.pdf", "a.Pdf", "a b c.pdf.")} == {FileKind.PDF}
