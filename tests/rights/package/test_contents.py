"""What a package gives of whom: everything of one's own, nobody else's name, and what Art. 15 asks to be told."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps

from access.roles import Role
from lineage import consultations, disclosures, graph
from lineage.models import Artifact, Author
from lineage.tracing import trace_from
from lineage.vocabulary import AccountKind
from rights import journal
from rights.effects import EffectRefused, object_to, restrict
from rights.package import draw_up, packed
from rights.package.contents import fields_of_persons
from rights.package.information import information
from rights.package.rows import ABOUT, way_to_a_case
from rights.register import Shown
from rights.vocabulary import Right
from tests.factories import AT, make_user
from tests.rights.desk.cases import make_case
from tests.rights.listing import record
from tests.rights.test_erasure import HUB, harvest

pytestmark = pytest.mark.django_db
ANGRY = "=HYPERLINK(1)"


@pytest.fixture
def hub():
    harvest(
        *HUB,
        record("annzq/uses", "7", "dev/one", "bob/base"),
        record("dev/own", "8", "annzq/uses", tags=(ANGRY, "<b>")),
    )
    Author.objects.filter(name__in=["org", "lab"]).update(kind=AccountKind.ORGANISATION)


def files(account="dev", language="en", **more):
    with zipfile.ZipFile(io.BytesIO(packed(account=account, language=language, at=AT, **more))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def tables(account="dev", **more):
    return {table["table"]: table for table in json.loads(files(account, **more)["data.json"])["tables"]}


def test_every_table_of_persons_has_its_line():
    models = {field.model for field in fields_of_persons()}
    lost = [name for name in models - set(ABOUT) if way_to_a_case(apps.get_model(name)) is None]
    assert lost == [], "give each of these a line in rights/package/rows.py"
    assert set(ABOUT) <= models


@pytest.mark.usefixtures("hub")
def test_every_personal_field_is_given_dated_or_named_as_held():
    held = tables()
    for field in fields_of_persons():
        shown = held[field.model]["fields"].get(field.name, {}).get("shown")
        assert shown == field.entry.shown or (shown is None and field.entry.shown == Shown.DATED), field
        for row in held[field.model]["rows"]:
            assert (field.name in row) is (shown in (Shown.COPIED, Shown.DATED)), field


@pytest.mark.usefixtures("hub")
class TestOtherPeople:
    def test_are_masked_everywhere_but_in_ones_own_words(self):
        held = tables("dev")
        held["lineage.Mention"]["rows"] = [
            row for row in held["lineage.Mention"]["rows"] if row["artifact"] != "dev/own"
        ]
        assert "annzq" not in json.dumps(held)
        (own,) = [row for row in tables("dev")["lineage.Mention"]["rows"] if row["artifact"] == "dev/own"]
        assert own["target"] == "annzq/uses"

    def test_organisations_are_named(self):
        ends = {row["derived"] for row in tables()["lineage.Derivation"]["rows"]}
        assert "lab/leaf" in ends
        assert [end for end in ends if end.startswith("compte-") and end.endswith("/uses")]

    def test_another_restricted_account_is_not_shown(self):
        restrict(account="annzq", reference="case-1", by=7, at=AT)
        ends = {row["derived"] for row in tables()["lineage.Derivation"]["rows"]}
        assert "element not shown" in ends
        assert "case-1" not in files()["data.json"]


@pytest.mark.usefixtures("hub")
def test_what_is_restricted_is_in_it_whole():
    before = tables()["lineage.Artifact"]["rows"]
    restrict(account="dev", reference="case-1", by=7, at=AT)
    after = tables()["lineage.Artifact"]["rows"]
    assert [row | {"withheld_at": None} for row in after] == before
    assert tables()["rights.Restriction"]["rows"] == [
        {"began_at": AT.isoformat(), "notice_sent_at": None, "lifted_at": None}
    ]


@pytest.mark.usefixtures("hub")
def test_after_an_objection_the_fingerprints_and_the_acts_are_left():
    object_to(account="dev", reference="case-1", by=7, at=AT)
    held = {name: table["rows"] for name, table in tables().items() if table["rows"]}
    assert set(held) == {"rights.Suppression", "rights.JournalEntry"}
    assert held["rights.JournalEntry"] == [{"at": AT.isoformat(), "act": "objection"}]
    assert len(held["rights.Suppression"]) >= 4


@pytest.mark.usefixtures("hub")
class TestReads:
    @pytest.fixture
    def read(self):
        agent, jane = (
            make_user("agent-a", Role.AGENT),
            make_user("jane", Role.RESEARCHER, first_name="Jane", last_name="Roe"),
        )
        graph.build()
        origin = Artifact.objects.get(repo_id="dev/one")
        for reader in (agent, jane):
            disclosures.hand_over(trace_from(origin), form="csv", by=reader, at=AT)
        author = Author.objects.get(name="dev")
        consultations.record(
            by=agent, operation="view", at=AT, reference=f"author:{author.pk}", purpose="case-of-another"
        )
        consultations.record(by=agent, operation="view", at=AT, definition={"authors": [author.pk]})
        consultations.record(by=agent, operation="view", at=AT, reference="artifact:0")

    def test_are_a_kind_and_a_date_without_agent_or_case(self, read):
        rows = tables()["lineage.Consultation"]["rows"]
        assert sorted(row["operation"] for row in rows) == ["export", "export", "view", "view"]
        assert all(set(row) == {"at", "operation"} for row in rows)
        for text in files().values():
            assert "agent-a" not in text
            assert "case-of-another" not in text

    def test_recipients_are_named_unless_they_are_the_department(self, read):
        rows = tables()["lineage.Disclosure"]["rows"]
        assert {row["user_key"] for row in rows} == {"Jane Roe", "agents and supervisors of the AI department"}
        assert all(set(row) == {"at", "user_key", "form", "kept_until"} for row in rows)
        (received,) = [
            section for section in json.loads(files()["data.json"])["information"] if "copies" in section["title"]
        ]
        assert ["2026-11-02", "Jane Roe"] in received["lines"]


@pytest.mark.usefixtures("hub")
def test_letters_of_the_persons_own_cases_are_in_it_and_no_others():
    own, other = (make_case(Right.ACCESS, message=f"letter {number}", contact="a@b.example") for number in (1, 2))
    held = tables(references=[own.reference])
    assert [row["message"] for row in held["rights.RightsCase"]["rows"]] == ["letter 1"]
    assert len(held["rights.RightsRequest"]["rows"]) == 1
    assert other.reference not in json.dumps(held)
    assert tables()["rights.RightsCase"]["rows"] == []


class TestInformation:
    def test_says_what_article_15_asks(self):
        said = " ".join(f"{line.word} {line.said}" for section in information([]) for line in section.lines)
        for word in [
            "CNIL",
            "6(1)(e)",
            "Hub",
            "none, and no profiling",
            "complaint",
            "court",
            "erasure",
            "restriction",
            "object",
        ]:
            assert word in said

    def test_has_a_section_for_each_category_with_purpose_recipients_source_and_period(self):
        titles = [section.title for section in information([]) if "Purpose" in dict(section.lines)]
        used = {field.entry.category for field in fields_of_persons()}
        assert len(titles) == len(used)
        for section in information([]):
            if section.title in titles:
                assert all(dict(section.lines).values())


@pytest.mark.usefixtures("hub")
class TestFiles:
    def test_the_page_is_in_the_language_asked_for_and_escapes_what_is_typed(self):
        french, english = files(language="fr")["index.html"], files()["index.html"]
        assert '<html lang="fr">' in french
        assert "Ce que nous détenons" in french
        assert "What is held about you" in english
        assert "<b>" not in english
        assert "&lt;b&gt;" in english

    def test_the_csv_files_hold_the_same_rows_inert(self):
        held = files()
        for name, table in tables().items():
            lines = list(csv.DictReader(io.StringIO(held.get(f"csv/{name}.csv", ""))))
            assert len(lines) == len(table["rows"]), name
        assert f"'{ANGRY}" not in held["data.json"]
        assert ANGRY in held["data.json"]
        cells = [cell for line in csv.reader(io.StringIO(held["csv/lineage.Artifact.csv"])) for cell in line]
        assert not [cell for cell in cells if cell.startswith("=")]

    def test_the_same_moment_gives_the_same_bytes(self):
        assert packed(account="dev", language="en", at=AT) == packed(account="DEV", language="en", at=AT) or (
            tables("dev") == tables("DEV")
        )

    def test_of_nobody_it_says_that_nothing_is_held(self):
        held = files("nobody")
        assert set(held) == {"index.html", "data.json"}
        assert "Where nothing is held about you" in held["index.html"]

    def test_it_changes_nothing(self):
        before = journal.verify().entries
        draw_up(account="dev", at=AT + timedelta(days=1))
        assert journal.verify().entries == before


def test_what_can_be_no_account_is_refused():
    with pytest.raises(EffectRefused, match="account"):
        packed(account="dev/one", language="en", at=AT)
