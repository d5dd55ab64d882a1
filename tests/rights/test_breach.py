"""Whose data an export held, or an account read: persons, fields, dates, counts."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from lineage import consultations, disclosures, graph
from lineage.models import Artifact, Author, Consultation, Disclosure
from lineage.tracing import trace_from
from rights import breach
from rights.effects import erase, restrict
from rights.models import JournalEntry
from tests.factories import AT, make_user
from tests.rights.desk.cases import make_case
from tests.rights.test_erasure import HUB, harvest

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def reader():
    harvest(*HUB)
    Author.objects.filter(name="org").update(kind="organisation")
    graph.build()
    return make_user("agent-a")


@pytest.fixture
def entry(reader):
    return disclosures.hand_over(trace_from(Artifact.objects.get(repo_id="org/base")), form="csv", by=reader, at=AT)


def extract(entry, **more):
    return breach.of_export(key=entry.pk, reference="incident-1", by=0, at=AT + HOUR, **more)


def test_an_export_names_each_account_it_held(entry):
    found = extract(entry)
    assert [(one.account, one.kind, one.artifacts, one.first) for one in found.persons] == [
        ("dev", "unknown", 2, AT),
        ("lab", "unknown", 1, AT),
        ("org", "organisation", 1, AT),
    ]
    assert (found.reads, found.artifacts, found.gone, found.organisations) == (1, 4, 0, 1)
    assert "repo_id" in found.fields["lineage.Artifact"]
    assert not set(found.fields) & {"lineage.Consultation", "rights.Suppression"}


def test_who_was_erased_since_is_counted_and_not_named(entry):
    erase(account="dev", reference="case-1", by=7, at=AT)
    found = extract(entry)
    assert [one.account for one in found.persons] == ["lab", "org"]
    assert found.gone == 2


def test_who_is_restricted_is_cited_by_the_case_and_not_named(entry):
    restrict(account="dev", reference="case-1", by=7, at=AT)
    found = extract(entry)
    assert [(one.account, one.cases) for one in found.persons] == [
        ("element not shown", ("case-1",)),
        ("lab", ()),
        ("org", ()),
    ]


def test_a_case_that_was_read_concerns_its_writer(reader):
    case = make_case()
    consultations.record(by=reader, operation="view", at=AT, reference=f"case:{case.pk}")
    found = breach.of_reads(user=reader.pk, begins=AT, ends=AT + HOUR, reference="i", by=0, at=AT)
    assert (found.persons, found.cases) == ((), (case.reference,))
    assert "contact" in found.fields["rights.RightsCase"]


def test_reads_of_an_account_in_a_stretch_of_time(reader):
    one, author = Artifact.objects.get(repo_id="dev/one"), Author.objects.get(name="lab")
    said = {"by": reader, "operation": "view"}
    consultations.record(at=AT, reference=f"artifact:{one.pk}", **said)
    consultations.record(at=AT + HOUR, reference=f"author:{author.pk}", **said)
    consultations.record(at=AT + HOUR, artifacts=[one.pk], definition={}, by=reader, operation="api")
    consultations.record(at=AT + 2 * HOUR, reference=f"author:{author.pk}", **said)
    consultations.record(at=AT, reference=f"author:{author.pk}", by=make_user(), operation="view")

    def of(begins, ends, **more):
        found = breach.of_reads(user=reader.pk, begins=begins, ends=ends, reference="i", by=0, at=AT, **more)
        return [(person.account, person.first, person.last) for person in found.persons]

    assert of(AT, AT + 2 * HOUR) == [("dev", AT, AT + HOUR), ("lab", AT + HOUR, AT + HOUR)]
    assert of(AT, AT + HOUR) == [("dev", AT, AT)]
    assert of(AT, AT + 2 * HOUR, operation="api") == [("dev", AT + HOUR, AT + HOUR)]
    assert of(AT + 5 * HOUR, AT + 6 * HOUR) == []


def test_it_is_a_read_and_an_act_without_names(entry):
    extract(entry)
    read, act = Consultation.objects.latest("pk"), JournalEntry.objects.get()
    assert (read.operation, read.purpose, read.count) == ("export", "incident-1", 4)
    assert (act.act, act.reference, act.details["accounts"]) == ("breach_extract", "incident-1", 3)


class TestCommand:
    def told(self, *words):
        out = io.StringIO()
        call_command("rights", "breach", "--reference", "i", "--by", "agent-a", *words, stdout=out)
        return out.getvalue()

    def test_json_and_csv_say_the_same(self, entry):
        said = json.loads(self.told("--export", str(entry.pk)))
        lines = list(csv.DictReader(io.StringIO(self.told("--export", str(entry.pk), "--format", "csv"))))
        assert [line["account"] for line in lines] == [person["account"] for person in said["persons"]]
        assert said["accounts"] == 3

    def test_reads_of_an_account_that_was_closed(self, entry):
        closed = make_user("agent-b", is_active=False)
        key = Artifact.objects.get(repo_id="dev/one").pk
        consultations.record(by=closed, operation="view", at=AT, reference=f"artifact:{key}")
        said = json.loads(self.told("--consultations-of", "agent-b", "--from", "2026-11-02", "--to", "2026-11-03"))
        assert said["accounts"] == 1

    def test_reads(self, reader, entry):
        said = json.loads(self.told("--consultations-of", "agent-a", "--from", "2026-11-02", "--to", "2026-11-03"))
        assert said["accounts"] == 3

    @pytest.mark.usefixtures("reader")
    @pytest.mark.parametrize(
        ("words", "why"),
        [
            (("--export", "0"), "ledger"),
            (("--consultations-of", "agent-a"), "--from"),
            (("--consultations-of", "x", "--from", "2026-11-02"), "username"),
        ],
    )
    def test_refusals_say_so_and_record_nothing(self, words, why):
        with pytest.raises(CommandError, match=why):
            self.told(*words)
        assert not JournalEntry.objects.exists()
        assert not Disclosure.objects.exists()
