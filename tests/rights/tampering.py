"""What somebody who owns the database can do to the journal behind the site's back.

Each takes dice and the number of an entry, of a journal of LENGTH.
"""

import json
from datetime import UTC, datetime, timedelta

from django.db import connection

from rights import journal
from rights.models import JournalEntry
from tests.conftest import guards

AT = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
TABLE = "rights_journalentry"
LENGTH = 12


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def lift_guards():
    """As who owns the database can."""
    for statement in guards()[0]:
        if "journal" in statement:
            run(statement)


def change_a_word(dice, number):
    column = dice.choice(["act", "reference"])
    run(f"UPDATE {TABLE} SET {column} = {column} || %s WHERE number = %s", dice.choice(["x", " ", "é"]), number)


def change_the_agent(dice, number):
    run(f"UPDATE {TABLE} SET by_key = by_key + %s WHERE number = %s", dice.choice([-1, 1, 100]), number)


def change_the_moment(dice, number):
    entry = JournalEntry.objects.get(number=number)
    step = timedelta(microseconds=dice.choice([-1, 1, 10**6, 86_400 * 10**6]))
    JournalEntry.objects.filter(number=number).update(at=entry.at + step)


def change_the_details(dice, number):
    entry = JournalEntry.objects.get(number=number)
    details = dice.choice([{}, [], None, entry.details | {"artifacts": -1}, entry.details | {"more": "x"}, "text"])
    run(f"UPDATE {TABLE} SET details = %s WHERE number = %s", json.dumps(details), number)


def change_the_chain(dice, number):
    chain = list(JournalEntry.objects.get(number=number).chain)
    place = dice.randrange(64)
    chain[place] = dice.choice(sorted(set("0123456789abcdef") - {chain[place]}))
    run(f"UPDATE {TABLE} SET chain = %s WHERE number = %s", "".join(chain), number)


def change_and_chain_anew(dice, number):
    """Who knows how the journal is made makes it anew from there on."""
    change_the_agent(dice, number)
    chain = JournalEntry.objects.get(number=number - 1).chain if number > 1 else ""
    for entry in JournalEntry.objects.filter(number__gte=number).order_by("number"):
        chain = journal.chained(entry, chain)
        JournalEntry.objects.filter(number=entry.number).update(chain=chain)


def swap_two(dice, number):
    other = dice.choice([one for one in range(1, LENGTH + 1) if one != number])
    for old, new in ((number, 1000), (other, number), (1000, other)):
        run(f"UPDATE {TABLE} SET number = %s WHERE number = %s", new, old)


def remove_one(dice, number):
    run(f"DELETE FROM {TABLE} WHERE number = %s", number)


def remove_the_end(dice, number):
    run(f"DELETE FROM {TABLE} WHERE number >= %s", number)


def remove_the_beginning(dice, number):
    run(f"DELETE FROM {TABLE} WHERE number <= %s", number)


def remove_and_close_the_gap(dice, number):
    remove_one(dice, number)
    for later in range(number + 1, LENGTH + 1):
        run(f"UPDATE {TABLE} SET number = %s WHERE number = %s", later - 1, later)
    if number == LENGTH:
        return
    change_and_chain_anew(dice, number)


def retire_too_early(dice, number):
    """The beginning goes, and an entry that chains well vouches for it."""
    chain = JournalEntry.objects.get(number=number).chain
    remove_the_beginning(dice, number)
    forge(act=journal.RETIRED, details={"through": number, "chain": chain})


def add_one(dice, number):
    forge(act="erasure", details={"artifacts": number})


def forge(act, details):
    """An entry at the end, chained as it should be, past the site."""
    last = JournalEntry.objects.order_by("number").last()
    before = (last.number, last.chain) if last else (0, "")
    entry = JournalEntry(number=before[0] + 1, at=AT, act=act, by_key=7, reference="case", details=details)
    entry.chain = journal.chained(entry, before[1])
    entry.save(force_insert=True)


TAMPERINGS = [
    change_a_word,
    change_the_agent,
    change_the_moment,
    change_the_details,
    change_the_chain,
    change_and_chain_anew,
    swap_two,
    remove_one,
    remove_the_end,
    remove_the_beginning,
    remove_and_close_the_gap,
    retire_too_early,
    add_one,
]
