import pytest


@pytest.fixture(autouse=True)
def open_to_the_public(settings):
    settings.PUBLIC_FORM = True
    settings.RIGHTS_EMAIL = "rights@example.org"
    settings.SITE_URL = "http://site.test"
