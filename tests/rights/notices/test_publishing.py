"""A notice is a draft, then public; then nothing changes it any more, the database says so."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from rights import notices
from rights.models import JournalEntry, Notice
from rights.notices.seeding import seed, seed_after_migrate
from tests.factories import AT, make_notice, make_user

pytestmark = pytest.mark.django_db
DAY = AT.date()


def draft(**fields):
    notice = notices.drawn(in_force_from=DAY)
    for name, value in fields.items():
        setattr(notice, name, value)
    return notices.record(notice=notice, by=7, at=AT)


def test_versions_follow_one_another_and_the_journal_says_who():
    first = notices.publish(notice=draft(), by=8, at=AT)
    second = draft()

    assert (first.version, second.version) == (1, 2)
    assert Notice.objects.in_force(DAY) == first
    said = [(entry.act, entry.by_key, entry.details["version"]) for entry in JournalEntry.objects.order_by("number")]
    assert said == [("notice_drafted", 7, 1), ("notice_published", 8, 1), ("notice_drafted", 7, 2)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text_fr": " "}, "French and in English"),
        ({"text_en": ""}, "French and in English"),
        ({"in_force_from": DAY - timedelta(days=1)}, "not before"),
        ({"recipients": ["agents"]}, "does not declare: recipient researchers"),
    ],
)
def test_what_may_not_be_published(fields, words):
    notice = draft(**fields)
    with pytest.raises(notices.NoticeRefused, match=words):
        notices.publish(notice=notice, by=8, at=AT)
    assert not Notice.objects.published().exists()


def test_a_public_notice_is_neither_published_nor_recorded_again():
    notice = notices.publish(notice=draft(), by=8, at=AT)
    with pytest.raises(notices.NoticeRefused, match="public already"):
        notices.publish(notice=notice, by=8, at=AT)
    with pytest.raises(notices.NoticeRefused, match="public already"):
        notices.record(notice=notice, by=8, at=AT)
    assert Notice.objects.get().published_at == AT


REPLACED = "INSERT OR REPLACE INTO rights_notice SELECT * FROM rights_notice"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Notice.objects.update(text_fr="else"),
        lambda: Notice.objects.update(in_force_from=DAY),
        lambda: Notice.objects.update(published_at=None),
        lambda: Notice.objects.all().delete(),
        lambda: connection.cursor().execute(
            "TRUNCATE rights_notice" if connection.vendor == "postgresql" else REPLACED
        ),
    ],
)
def test_the_database_keeps_a_public_notice_as_it_is(change):
    notice = make_notice()
    with pytest.raises(DatabaseError, match="a published notice is not changed"), transaction.atomic():
        change()
    notice.refresh_from_db()
    assert notice.text_fr == notices.drafted("fr")


def test_a_draft_may_still_change():
    notice = draft()
    notice.text_en = "otherwise"
    notices.record(notice=notice, by=7, at=AT)
    assert Notice.objects.get().text_en == "otherwise"
    notice.delete()


def test_none_is_public_without_its_texts():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_notice(text_en="")


def test_the_text_is_of_its_language():
    notice = make_notice(text_fr="bonjour", text_en="hello")
    assert [notice.text(language) for language in ("fr", "fr-fr", "en")] == ["bonjour", "bonjour", "hello"]


def test_the_drafted_text_names_every_word_in_both_languages():
    french, english = notices.drafted("fr"), notices.drafted("en")
    assert "le droit d’accéder" in french
    assert "the public listing of the Hub" in english
    assert all(len(text.split("\n\n")) == 9 for text in (french, english))


@pytest.mark.parametrize(("demonstration", "reference", "seeded"), [(True, "n", 1), (False, "n", 0), (True, "", 0)])
def test_only_a_demonstration_gets_its_first_notice_by_itself(settings, demonstration, reference, seeded):
    settings.DEMONSTRATION, settings.PROJECT_NOTICE = demonstration, reference
    seed_after_migrate()
    seed_after_migrate()
    assert Notice.objects.published().count() == seeded


def test_what_is_seeded_lets_harvest():
    assert notices.refusal(on=DAY)
    seed(at=AT)
    assert notices.refusal(on=DAY) is None


def said(*words):
    out = StringIO()
    call_command("rights", "notice", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_records_and_publishes(tmp_path):
    agent = make_user("super")
    assert "- recipients: dpo (the data protection officer)" in said("draft")
    assert not Notice.objects.exists()

    text = tmp_path / "notice.txt"
    text.write_text("Notre avis.\n")
    assert "version 1" in said("record", "--from", "2999-01-01", "--text-fr", str(text), "--by", agent.username)
    assert "version 1" in said("publish", "1", "--by", agent.username)

    notice = Notice.objects.get()
    assert (notice.text_fr, notice.in_force_from) == ("Notre avis.", date(2999, 1, 1))
    assert notice.published_at


@pytest.mark.parametrize("words", [("publish", "3"), ("record", "--text-en", "nowhere")])
def test_the_command_refuses_with_words(words):
    with pytest.raises(CommandError, match="Nothing was changed"):
        said(*words, "--by", make_user("super").username)
