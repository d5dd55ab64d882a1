"""Listings that are cut short, bad records, and a Hub that changes while it is read."""

import random

import pytest

from lineage.vocabulary import Kind
from tests.faults.conftest import SIZE, outcome, tell
from tests.faults.hub import reasons, spoilt
from tests.harvesting import record


def harvested(site, hub):
    site.begin()
    return site.end(900)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.94])
def test_a_listing_that_shrank_purges_nothing_and_raises_one_alarm(site, hub, uninterrupted, share):
    site.start_workers()
    assert outcome(site, harvested(site, hub)) == uninterrupted
    assert site.ask("alarmed") == []
    hub.shelves[Kind.MODEL] = hub.shelves[Kind.MODEL][: int(len(hub.shelves[Kind.MODEL]) * share)]
    for _ in range(2):
        harvested(site, hub)
        assert site.ask("alarmed") == ["listing_shrank"]
        assert site.ask("purge", 40) == 0
    held = site.ask("held")
    assert held["artifacts"] == uninterrupted["artifacts"]
    assert site.ask("alarms_ever") == ["listing_shrank"]
    tell(f"{share:.0%} of the models listed, twice: {held['gone']} marked, none purged, one alarm")


def test_bad_records_of_twenty_classes(site, hub, uninterrupted):
    """Some name nothing and are refused, others are stored without the odd value; no other record is touched."""
    each = max(1, min(10, SIZE // 2000))
    bad, kept = spoilt(hub, each)
    site.start_workers()
    standing = harvested(site, hub)
    said = outcome(site, standing)
    assert said["state"] == "complete", standing
    assert said["rows"] == uninterrupted["rows"] + bad
    assert said["edges_begun"] == uninterrupted["edges_begun"]
    assert site.ask("quarantine") == dict(reasons(each))
    assert said["created"] == uninterrupted["created"] + len(kept)
    listed = [[kind, one["id"], one["_id"]] for kind, shelf in hub.shelves.items() for one in shelf if is_listed(one)]
    assert site.ask("catalogue") == sorted(listed)
    tell(
        f"{bad} bad records of 20 classes: {said['quarantined']} in quarantine, {standing['counts']['created']} stored"
    )


def is_listed(one):
    return isinstance(one, dict) and "_id" in one


def test_a_hub_that_changes_while_it_is_read(site, hub, uninterrupted):
    """Renames, swaps of two names, deletions and creations, between any two pages: after two runs all is there."""
    dice = random.Random(500)
    done: list[str] = []
    share = max(1, 500 // uninterrupted["pages"])

    def change(_page):
        for _ in range(share):
            if len(done) < 500:
                done.append(changed(hub, dice, len(done)))

    site.start_workers()
    hub.after_page = change
    first = harvested(site, hub)
    hub.after_page = lambda page: None
    second = harvested(site, hub)
    assert {first["state"], second["state"]} == {"complete"}
    shelves = [[kind, one["id"], one["_id"]] for kind, shelf in hub.shelves.items() for one in shelf]
    assert site.ask("catalogue") == sorted(shelves)
    tell(f"{len(done)} changes during a run ({', '.join(f'{done.count(w)} {w}' for w in sorted(set(done)))}): two runs")


def changed(hub, dice, number):
    """One change of the models' shelf; says which."""
    shelf = hub.shelves[Kind.MODEL]
    one, two = dice.sample(range(len(shelf)), 2)
    what = dice.choice(["renames", "swaps", "deletions", "creations"])
    if what == "renames":
        shelf[one] = shelf[one] | {"id": f"{shelf[one]['id']}-renamed{number}"}
    elif what == "swaps":
        shelf[one], shelf[two] = shelf[one] | {"id": shelf[two]["id"]}, shelf[two] | {"id": shelf[one]["id"]}
    elif what == "deletions":
        del shelf[one]
    else:
        shelf.append(record(f"org/created{number}", 20_000_000 + number))
    return what
