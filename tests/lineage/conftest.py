"""A pretended Hub of seven repositories, for whole harvests."""

import pytest

from tests.harvesting import models, record
from tests.hub_standin import HubStandIn, serving


@pytest.fixture
def at_once(settings):
    """Nothing waits in earnest, and everything may be harvested."""
    settings.HARVEST_RETRY_SECONDS = 0
    settings.HUB_TIMEOUT_SECONDS = 0.5
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"


@pytest.fixture
def hub():
    """Five models and two datasets, two a page."""
    datasets = [record("org/data", 101), record("squad-team/squad", 102)]
    with serving(HubStandIn(models(5), datasets, page_size=2)) as standin:
        yield standin
