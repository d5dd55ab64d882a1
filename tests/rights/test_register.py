"""The register: nothing is stored that is not in it, nothing is in it that is not stored."""

import pytest
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from lineage.models import Artifact, Author
from rights import register
from rights.register import Category, Entry, Erasure, Retention, Rows, Shown, Source, Subject
from rights.register.words import TECHNICAL, USES

STORED = list(register.stored_fields())
PERSONAL = [field for field in register.REGISTER.values() if field.entry.is_personal]


def classified(model, field):
    return register.REGISTER[model, field.name].entry


def test_every_stored_field_is_classified():
    assert register.unclassified() == [], "give each of these its place in rights/register/"


def test_nothing_is_classified_that_is_not_stored():
    stored = {(model, field.name) for model, field in STORED}
    assert set(register.REGISTER) - stored == set()


@isolate_apps("rights")
def test_a_new_field_is_noticed():
    class Newcomer(models.Model):  # noqa: DJ008
        nickname = models.CharField(max_length=20)

        class Meta:
            app_label = "rights"

    assert register.unclassified([Newcomer]) == ["rights.Newcomer.id", "rights.Newcomer.nickname"]


@isolate_apps("rights")
def test_a_table_between_two_others_is_noticed():
    class Newcomer(models.Model):  # noqa: DJ008
        friends = models.ManyToManyField("self")

        class Meta:
            app_label = "rights"

    between = Newcomer.friends.through
    assert register.unclassified([between])[0] == "rights.Newcomer_friends.id"


def test_a_field_in_two_places_is_refused():
    other = Entry(Category.ACTS, Source.STAFF, Shown.COPIED, Erasure.DELETED)
    with pytest.raises(ValueError, match=r"rights\.Newcomer\.id is classified twice"):
        register.entries([Rows("rights.Newcomer", Retention.ALWAYS, {TECHNICAL: "id", other: "id"})])


def test_what_leads_to_a_person_is_personal():
    leads = {Artifact, Author}
    keys = [(model, field) for model, field in STORED if isinstance(field, models.ForeignKey)]
    accounts = [pair for pair in keys if pair[1].related_model._meta.label == settings.AUTH_USER_MODEL]
    repositories = [pair for pair in keys if pair[1].related_model in leads]

    assert accounts
    assert repositories
    assert [pair for pair in accounts + repositories if not classified(*pair).is_personal] == []


def test_what_its_own_description_calls_personal_is_personal():
    said = [pair for pair in STORED if "ersonal data" in str(pair[1].help_text)]
    assert said
    assert [pair for pair in said if not classified(*pair).is_personal] == []


@pytest.mark.parametrize("name", ["name", "email", "ip_address", "username", "user_agent", "owner", "password"])
def test_what_sounds_personal_is_personal_but_in_named_tables(name):
    technical = {"auth.Permission", "auth.Group", "django_celery_beat.PeriodicTask"}
    found = [field for (model, stored), field in register.REGISTER.items() if stored == name and model not in technical]
    assert found
    assert all(field.entry.is_personal for field in found)


def test_every_category_says_whose_what_for_and_who_sees_it():
    assert set(USES) == set(Category)
    for category, use in USES.items():
        assert bool(use.subjects) is bool(use.recipients) is (category != Category.TECHNICAL)


def test_only_what_is_about_nobody_goes_unanswered_untouched_or_unlimited():
    for field in register.REGISTER.values():
        about_nobody = not field.entry.is_personal
        assert about_nobody is (field.entry.shown == Shown.NOT_PERSONAL), field
        assert about_nobody is (field.entry.erasure == Erasure.NONE), field
        assert about_nobody or field.retention != Retention.ALWAYS, field


@pytest.mark.parametrize("secret", ["password", "key", "token", "session_key", "session_data"])
def test_no_secret_is_ever_copied_out(secret):
    found = [field.entry for (_, name), field in register.REGISTER.items() if name == secret]
    assert found
    assert {entry.shown for entry in found} == {Shown.DESCRIBED}


def test_each_person_is_given_their_own_fields():
    authors, staff, writers = (register.personal(subject) for subject in Subject)

    assert {field.model.split(".")[0] for field in authors} == {"lineage", "rights"}
    assert {"access.User", "lineage.Consultation"} <= {field.model for field in staff}
    assert {"rights.RightsCase", "rights.Question"} <= {field.model for field in writers}
    assert {(field.model, field.name) for field in authors + staff + writers} == {
        (field.model, field.name) for field in PERSONAL
    }


def test_a_read_is_data_of_who_read_and_of_whose_repository_was_read():
    both = {field.model for field in register.personal(Subject.AUTHOR)}
    both &= {field.model for field in register.personal(Subject.STAFF)}
    assert {"lineage.Consultation", "lineage.Disclosure"} <= both


def test_a_table_stays_as_long_as_it_says_once():
    tables = [rows.model for rows in register.TABLES]
    assert len(tables) == len(set(tables))
