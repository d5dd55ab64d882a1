"""What tests of the interface share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def forgotten_rates() -> Iterator[None]:
    """How often an account asked in another test does not count."""
    cache.clear()
    yield
    cache.clear()
