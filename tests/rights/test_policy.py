"""A harvest is refused outside a project period, in words that say what to do."""

from datetime import UTC, date, datetime

import pytest

from lineage import policy
from lineage.hub.records import HubRecord
from lineage.vocabulary import Kind
from rights.models import ProjectPeriod
from rights.policy import ProjectPolicy
from tests.factories import make_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def november():
    make_notice()
    return ProjectPeriod.objects.create(
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 30),
        notice_reference="notice",
        informed_on=date(2026, 10, 1),
    )


@pytest.mark.parametrize(
    ("instant", "refused"),
    [
        (datetime(2026, 10, 31, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 31, 23, 0, tzinfo=UTC), False),  # midnight in Paris
        (datetime(2026, 11, 15, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), True),
    ],
)
@pytest.mark.usefixtures("november")
def test_harvests_are_held_to_the_days_of_the_period_in_paris(instant, refused):
    assert (ProjectPolicy().refusal(at=instant) is not None) is refused


def test_without_any_period_the_refusal_says_what_to_do(at):
    said = ProjectPolicy().refusal(at=at) or ""
    assert "PROJECT_END" in said
    assert "2026-11-02" in said


def test_the_site_asks_this_policy():
    assert isinstance(policy.current(), ProjectPolicy)


def test_records_pass():
    records = [HubRecord(kind=Kind.MODEL, repo_id="org/model")]
    screened = ProjectPolicy().screen(records)
    assert (list(screened.records), screened.dropped_records, screened.dropped_mentions) == (records, 0, 0)
