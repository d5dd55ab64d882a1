"""A notice is drafted and published, and the project purged by two supervisors, in a real browser without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from access.roles import Role
from lineage.models import Artifact
from rights.models import Notice, Purge
from tests.factories import make_artifact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(browser: Browser, live_server: Any, sign_in: Any) -> Any:
    """A page of a browser without scripts, signed in with a role."""

    contexts = []

    def opened(role: Role) -> Any:
        context = browser.new_context(java_script_enabled=False, base_url=live_server.url, locale="en")
        contexts.append(context)
        sign_in(context, role)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def test_a_notice_is_drafted_and_published(opened: Any) -> None:
    page = opened(Role.SUPERVISOR)
    page.goto("/admin/rights/notice/add/")
    expect(page.get_by_label("the data protection officer")).to_be_checked()
    page.locator("input[name=_save]").click()
    page.locator("input[name=_selected_action]").check()
    page.locator("select[name=action]").select_option("publish")
    page.locator("button[name=index]").click()
    expect(page.get_by_text("Published: version 1.")).to_be_visible()
    assert Notice.objects.get().published_at

    read = opened(Role.DPO)
    read.goto(f"/admin/rights/notice/{Notice.objects.get().pk}/change/")
    expect(read.locator("input[name=_save]")).to_have_count(0)


def test_two_supervisors_end_the_project(opened: Any) -> None:
    make_artifact()
    first, second = opened(Role.SUPERVISOR), opened(Role.SUPERVISOR)
    first.goto("/admin/rights/purge/add/")
    expect(first.get_by_text("lineage.Artifact: 1")).to_be_visible()
    first.locator("input[name=_save]").click()
    expect(first.get_by_text("Another supervisor confirms it here")).to_be_visible()

    second.goto("/admin/rights/purge/")
    second.locator("input[name=_selected_action]").check()
    second.locator("select[name=action]").select_option("confirm")
    second.locator("button[name=index]").click()
    second.get_by_role("button", name="Confirm the purge").click()
    assert not Artifact.objects.exists()

    page = opened(Role.DPO)
    page.goto(f"/admin/rights/purge/{Purge.objects.get().pk}/change/")
    expect(page.get_by_text("journal_head")).to_be_visible()
