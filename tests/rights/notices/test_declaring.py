"""No harvest where the notice in force lacks a word that the register uses: each word, one by one."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rights import notices
from rights.models import Notice
from rights.policy import ProjectPolicy
from rights.register.words import TECHNICAL, USES, Category, Entry, Erasure, Recipient, Shown, Source
from tests.factories import AT, make_notice, open_project

pytestmark = pytest.mark.django_db
DAY = AT.date()
USED = [(what, word) for what, words in notices.needed().items() for word in words]


def test_what_must_be_declared_is_what_the_register_says_of_persons():
    needed = notices.needed()
    assert needed["categories"] == [category for category in Category.values if category != Category.TECHNICAL]
    assert set(needed["recipients"]) == {recipient for use in USES.values() for recipient in use.recipients}
    assert {"hub", "rule", "staff"} <= set(needed["sources"])
    assert set(needed["purposes"]) == {use.purpose for use in USES.values() if use.subjects}


def test_a_word_is_needed_as_soon_as_one_field_uses_it():
    entry = Entry(Category.READS, Source.STAFF, Shown.DATED, Erasure.DELETED)
    assert notices.needed([TECHNICAL, entry]) == {
        "categories": [Category.READS],
        "sources": [Source.STAFF],
        "recipients": [Recipient.DPO],
        "purposes": ["security"],
    }
    assert not any(notices.needed([TECHNICAL]).values())


@pytest.mark.parametrize(("what", "word"), USED)
def test_a_notice_without_one_word_stops_every_harvest_and_says_which(what, word):
    open_project()
    assert ProjectPolicy().refusal(at=AT) is None
    drawn = notices.drawn(in_force_from=date(2026, 1, 1))
    make_notice(in_force_from=date(2026, 1, 1), **{what: [kept for kept in drawn.declared[what] if kept != word]})

    said = ProjectPolicy().refusal(at=AT)

    assert said
    assert f" {word} (" in said
    assert str(notices.VOCABULARY[what](word).label) in said
    assert said.count(" (") == 2  # the version, and this word
    with pytest.raises(CommandError, match="does not declare"):
        call_command("sample", stdout=StringIO())


def test_a_period_without_a_notice_is_not_enough():
    open_project(starts_on=date(2019, 1, 1))
    said = ProjectPolicy().refusal(at=datetime(2019, 12, 31, 12, tzinfo=UTC)) or ""
    assert "No information notice is in force on 2019-12-31" in said
    assert ProjectPolicy().refusal(at=datetime(2020, 1, 1, 12, tzinfo=UTC)) is None


def version():
    found = Notice.objects.in_force(DAY)
    return found and found.version


def test_drafts_and_later_versions_bind_nobody_yet():
    make_notice(in_force_from=date(2026, 1, 1), categories=[])
    make_notice(in_force_from=date(2026, 12, 1))
    make_notice(in_force_from=date(2026, 1, 1), published_at=None)

    assert version() == 1
    assert notices.refusal(on=DAY)
    assert notices.refusal(on=date(2026, 12, 1)) is None


def test_of_two_that_begin_on_a_day_the_later_version_stands():
    make_notice(categories=[])
    make_notice()
    assert version() == 2
