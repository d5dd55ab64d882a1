"""The pages of the statistics: filtered, named for their reader, the same as their files, and recorded."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.urls import reverse

from access.roles import Role
from lineage import statistics
from lineage.consultations import shown_keys
from lineage.disclosures import shown_keys as held_keys
from lineage.models import Artifact, Consultation, Disclosure, HarvestRun, Statistic
from lineage.vocabulary import Measure, RunState
from tests.factories import AT, make_artifact, make_derivation
from tests.graphs import draw
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
HOSTILE = '=cmd|"<script>alert(1)</script>'


@pytest.fixture
def family():
    nodes = draw("s{dataset} -[trained_on,declared]-> a; base -> a; base -> b")
    for name in ("a", "b", "base"):
        Artifact.objects.filter(pk=nodes[name].pk).update(
            parent=None if name == "base" else nodes["base"],
            family=nodes["base"],
            license=HOSTILE if name == "b" else "mit",
            created_at=datetime(2024 + (name == "b"), 5, 1, tzinfo=UTC),
        )
    statistics.renew(as_of=AT)
    return nodes


def page(client=None, **asked):
    return (client or signed_in()).get(reverse("lineage:statistics"), asked)


def file_of(measure, client=None, **asked):
    answer = (client or signed_in()).get(reverse("lineage:statistics_file", args=[measure]), asked)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text)))


def test_before_the_first_harvest_it_says_so():
    assert "Nothing was counted yet" in page().text


def test_each_measure_has_its_chart_table_and_file(family):
    text = page().text
    for measure in (Measure.MODELS, Measure.LICENCES, Measure.DRIFT, Measure.FAMILIES, Measure.CONCENTRATION):
        assert f'<h2 id="{measure}">' in text
        assert f'href="/statistics/{measure}.csv"' in text
    assert 'style="' not in text
    assert "<script>alert" not in text
    assert "org/base" in text
    assert f'href="/artifact/{family["s"].pk}/"' in text
    assert 'width="100.000%"' in text


def test_by_period_and_family(family):
    answer = page(period="2025", family=family["base"].pk)
    assert '<option value="2025" selected>' in answer.text
    assert '<h2 id="licences">' in answer.text
    assert "mit" not in re.sub(r"<a.*?</a>", "", answer.text.split('<h2 id="licences">')[1].split("</section>")[0])
    assert "?period=2025&amp;family=" in answer.text


@pytest.mark.parametrize("odd", ["1", "x", "9" * 30, "<b>"])
def test_odd_filters_count_as_none(family, odd):
    answer = page(period=odd, family=odd if odd != "1" else "0")
    assert answer.status_code == 200
    assert '<h2 id="licences">' in answer.text


def test_the_file_holds_the_table_and_no_formula(family):
    rows = file_of("licences")
    assert rows[0] == ["label", "number", "share"]
    assert [row[:2] for row in rows[1:]] == [["mit", "2"], ["'" + HOSTILE, "1"]]
    assert [row[:2] for row in file_of("licences", period="2024")[1:]] == [["mit", "2"]]


def test_an_unknown_measure_has_no_file(family):
    assert signed_in().get(reverse("lineage:statistics_file", args=["names"])).status_code == 404
    assert signed_in().get(reverse("lineage:statistics_file", args=["drift"]), {"period": "1999"}).status_code == 200


def test_a_page_is_recorded_with_what_it_names_and_a_file_of_names_stands_in_the_ledger(family):
    page()
    read = Consultation.objects.get()
    assert (read.operation, read.reference) == ("view", "statistics")
    assert shown_keys(read) == sorted([family["base"].pk, family["s"].pk])
    file_of("licences")
    assert not Disclosure.objects.exists()
    file_of("used")
    entry = Disclosure.objects.get()
    assert (entry.reference, held_keys(entry)) == ("statistics:used", [family["s"].pk])
    assert Consultation.objects.filter(operation="export").count() == 1
    assert signed_in(Role.SUPERVISOR).get(reverse("lineage:dossier", args=[entry.pk])).status_code == 404


def test_a_researcher_sees_labels():
    root = make_artifact("jeanne-demo/base")
    Artifact.objects.filter(pk=root.pk).update(family=root)
    child = make_artifact("marc-demo/child", parent=root, family=root)
    make_derivation(root, child)
    statistics.renew(as_of=AT)
    client = signed_in(Role.RESEARCHER)
    told = page(client).text + str(file_of("families", client))
    assert "jeanne" not in told
    assert told.count("compte-") >= 3


def test_what_is_erased_afterwards_is_not_named(family):
    Artifact.objects.filter(pk=family["s"].pk).delete()
    assert "org/s" not in page().text


def test_publication_names_nothing_and_holds_no_small_number():
    for number in range(30):
        make_artifact(f"jeanne-demo/m{number}", license="mit" if number < 25 else f"licence of {number}")
    statistics.renew(as_of=AT)
    answer = signed_in().get(reverse("lineage:publication"))
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["measure"] for row in rows} >= {"licences", "models", "sources"}
    assert all(float(row["number"]) >= 10 for row in rows)
    assert [row["label"] for row in rows if row["measure"] == "licences" and not row["period"]] == ["others"]
    assert "jeanne" not in answer.text


def test_queries_do_not_grow(family, django_assert_max_num_queries):
    client = signed_in()
    page(client)
    with django_assert_max_num_queries(12):
        page(client)


def test_a_harvest_ends_by_counting(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    call_command("sample", verbosity=0)
    run = HarvestRun.objects.get()
    assert set(Statistic.objects.values_list("as_of", flat=True)) == {run.started_at}
    assert "Kinds of derivation" in page().text


def test_a_harvest_is_whole_though_the_counting_fails(settings, monkeypatch):
    def fails(as_of):
        raise DatabaseError("a timeout")

    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    monkeypatch.setattr(statistics, "renew", fails)
    call_command("sample", verbosity=0)
    assert HarvestRun.objects.get().state == RunState.COMPLETE
    assert not Statistic.objects.exists()
