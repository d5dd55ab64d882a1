"""What of a page may be stored once somebody is on the suppression list."""

import pytest

from lineage.vocabulary import AccountKind, Kind
from rights import keyring, suppressions
from rights.models import Suppression
from rights.policy import ProjectPolicy
from rights.suppressions import Ground
from tests.factories import AT, make_alias, make_artifact, make_author
from tests.rights.listing import listed, record

pytestmark = pytest.mark.django_db


def screened(*records):
    return ProjectPolicy().screen(records)


def kept(*records):
    return [one.repo_id for one in screened(*records).records]


@pytest.mark.parametrize(
    ("repo_id", "facts", "passes"),
    [
        ("dev/model", {}, False),
        ("DEV/model", {}, False),
        ("org/model", {"author": "dev"}, False),
        ("dev-team/model", {}, True),
        ("org/dev", {}, True),
        ("dev", {"author": ""}, True),
        ("gpt", {"author": "dev"}, False),
        ("dev/data", {"kind": Kind.DATASET}, False),
    ],
)
def test_records_of_a_listed_account_are_dropped_and_no_others(repo_id, facts, passes):
    listed("dev")
    assert kept(record(repo_id, **facts)) == ([repo_id] if passes else [])


def test_everyday_words_stay_where_they_are_words():
    listed("dev")
    record_of_others = record("org/model", "1", "org/dev", tags=("dev", "dev/model", "for-dev"), license="dev")

    (one,) = screened(record_of_others).records

    assert one.tags == ("dev", "for-dev")
    assert (one.license, one.mentions) == ("dev", record_of_others.mentions)


@pytest.mark.parametrize(
    ("target", "kept_targets"),
    [("dev/base", []), ("Dev/Base", []), ("dev-2/base", ["dev-2/base"]), ("base", ["base"]), ("old", []), ("Old", [])],
)
def test_mentions_of_a_listed_account_are_dropped_from_others(target, kept_targets):
    listed("dev", repo_ids=[("model", "old")])

    answer = screened(record("org/model", "1", target))

    assert [mention.target for mention in answer.records[0].mentions] == kept_targets
    assert answer.dropped_mentions == (not kept_targets)
    assert answer.dropped_records == 0


def test_an_old_name_is_of_one_kind():
    listed(repo_ids=[("model", "old")])
    assert len(screened(record("org/model", datasets=["old"])).records[0].mentions) == 1


def test_a_page_is_as_it_was_where_nothing_is_met():
    listed("dev")
    records = [record("org/a", "1", "org/b"), record("org/c")]
    answer = screened(*records)
    assert all(one is other for one, other in zip(answer.records, records, strict=True))


class TestTheSameRepositoryUnderAnotherOwner:
    def test_a_new_owner_is_listed_within_the_page(self):
        listed("dev", hub_ids="1")

        assert kept(record("fresh/b", "2"), record("fresh/a", "1"), record("org/c", "3", "fresh/b")) == ["org/c"]
        assert suppressions.find_account("Fresh").get().learned
        assert not suppressions.find_account("fresh").get().swept

    def test_and_for_all_pages_after_it(self):
        listed("dev", hub_ids="1")
        screened(record("fresh/a", "1"))
        assert kept(record("fresh/z", "9")) == []

    def test_what_a_listed_account_makes_later_is_recognised_too(self):
        listed("dev")
        screened(record("dev/later", "7"))
        assert kept(record("fresh/later", "7"), record("fresh/other", "8")) == []

    @pytest.mark.parametrize("kind", AccountKind)
    def test_an_account_known_before_is_somebody_else(self, kind):
        make_author("friend", kind=kind)
        listed("dev", hub_ids="1")

        assert kept(record("friend/gift", "1"), record("friend/own", "2")) == ["friend/own"]
        assert not suppressions.find_account("friend").exists()

    @pytest.mark.parametrize(("kind", "is_listed"), [("organisation", False), ("person", True), ("unknown", True)])
    def test_an_organisation_is_never_a_new_name(self, kind, is_listed):
        listed("dev", hub_ids="1")
        make_author("lab", kind=kind)

        screened(record("lab/gift", "1"))

        assert suppressions.find_account("lab").exists() is is_listed

    def test_a_repository_without_an_owner_teaches_nothing(self):
        listed("dev", hub_ids="1")
        assert kept(record("bare", "1", author="")) == []
        assert Suppression.objects.count() == 2


class TestRestricted:
    def test_new_repositories_are_not_stored_but_counted(self):
        listed("dev", ground=Ground.RESTRICTION)
        answer = screened(record("dev/new", "1"))
        assert (list(answer.records), answer.dropped_records) == ([], 1)
        assert suppressions.find_account("dev").get().hits == 1

    def test_what_others_say_of_a_stored_one_stays_said(self):
        held = make_artifact("dev/held", withheld_at=AT)
        make_alias("dev/old", held)
        listed("dev", ground=Ground.RESTRICTION)

        (one,) = screened(record("org/model", "1", "dev/held", "dev/old", "dev/new")).records

        assert [mention.target for mention in one.mentions] == ["dev/held", "dev/old"]

    def test_an_erasure_outranks_it(self):
        listed("dev", ground=Ground.RESTRICTION)
        listed("dev", ground=Ground.ERASURE)
        assert suppressions.find_account("dev").get().ground == Ground.ERASURE
        listed("dev", ground=Ground.RESTRICTION)
        assert suppressions.find_account("dev").get().ground == Ground.ERASURE


class TestKeys:
    def test_a_hit_under_a_former_key_writes_a_twin(self):
        listed("dev", "never-met")
        former = keyring.active()[0]
        newest = keyring.rotate()

        assert kept(record("dev/model")) == []

        assert set(suppressions.find_account("dev").values_list("key_id", flat=True)) == {former.key_id, newest.key_id}
        assert suppressions.find_account("dev").values("entry").distinct().count() == 1
        assert suppressions.only_under(former.key_id) == 1  # never-met

    def test_a_twin_is_enough_once_the_former_key_is_retired(self):
        listed("dev")
        former = keyring.active()[0]
        keyring.rotate()
        screened(record("dev/model"))
        keyring.retire(former.key_id)
        Suppression.objects.filter(key_id=former.key_id).delete()

        assert kept(record("dev/model")) == []

    def test_without_the_keys_nothing_is_harvested(self, settings, tmp_path):
        listed("dev")
        settings.SUPPRESSION_KEYS = tmp_path / "elsewhere"

        assert "SUPPRESSION_KEYS" in (suppressions.unreadable() or "")
        with pytest.raises(keyring.KeysMissing):
            screened(record("dev/model"))
        with pytest.raises(keyring.KeysMissing):
            listed("other")

    def test_nothing_is_readable_without_the_keys(self):
        listed("dev", hub_ids="1")
        assert suppressions.unreadable() is None
        stored = str(list(Suppression.objects.values()))
        assert "dev" not in stored
        assert "1" * 24 not in stored


def test_hits_are_counted_and_listing_twice_keeps_one_entry():
    assert listed("dev") == 1
    assert listed("DEV") == 0
    screened(record("dev/a"), record("org/b", "", "dev/a"))
    assert suppressions.find_account("dev").get().hits == 2


def test_released_names_pass_again():
    listed("dev", hub_ids="1", ground=Ground.RESTRICTION)
    names = suppressions.Names(frozenset({"dev"}), frozenset({"1" * 24}))

    assert suppressions.release(names, ground=Ground.ERASURE) == 0
    assert suppressions.release(names, ground=Ground.RESTRICTION) == 2
    assert kept(record("dev/a", "1")) == ["dev/a"]
