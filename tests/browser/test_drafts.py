"""Text that outlives the session it was typed in, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from access.models import Draft, NameGrant, Session
from access.roles import Role
from tests.access.sign_in import PASSWORD
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "admin:access_namegrant_add"
STATE = "[data-draft] [role=status]"


@pytest.fixture
def writing(live_server, new_context):
    """A supervisor signed in by the page, and the function that signs in again."""
    make_user("camille", Role.SUPERVISOR, password=PASSWORD)
    make_user("researcher", Role.RESEARCHER)
    context = new_context(locale="fr-FR")

    def sign_in():
        page = context.new_page()
        page.goto(live_server.url + reverse("login"))
        page.fill("[name=username]", "camille")
        page.fill("[name=password]", PASSWORD)
        page.click("main [type=submit]")
        page.wait_for_load_state("networkidle")
        return page

    return sign_in(), sign_in


def test_the_session_ends_while_one_writes(writing, live_server):
    page, sign_in = writing
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.goto(live_server.url + reverse(ADDRESS))

    page.fill("[name=purpose]", "First sentence.")
    expect(page.locator(STATE)).to_contain_text("Brouillon enregistré à", timeout=8000)

    Session.objects.all().delete()
    page.fill("[name=purpose]", "First sentence. Second sentence.")
    expect(page.locator(STATE)).to_contain_text("déconnecté", timeout=8000)
    page.click("[name=_save]")  # would be lost: it waits
    expect(page.locator("[name=purpose]")).to_have_value("First sentence. Second sentence.")
    assert "sentence" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")

    elsewhere = sign_in()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(STATE)).to_contain_text("Brouillon enregistré à", timeout=8000)

    elsewhere.goto(live_server.url + reverse(ADDRESS))
    expect(elsewhere.locator("[data-draft] [role=group]")).to_be_visible()
    elsewhere.click("[data-restore]")
    expect(elsewhere.locator("[name=purpose]")).to_have_value("First sentence. Second sentence.")

    elsewhere.select_option("[name=account]", index=1)
    elsewhere.fill("[name=ends_at_0]", "31/12/2036")
    elsewhere.fill("[name=ends_at_1]", "12:00:00")
    elsewhere.click("[name=_save]")
    elsewhere.wait_for_load_state("networkidle")
    assert NameGrant.objects.get().purpose == "First sentence. Second sentence."
    elsewhere.wait_for_timeout(300)
    assert not Draft.objects.exists()
    assert complaints == []


def test_a_draft_that_is_discarded_is_gone_and_secrets_are_never_saved(writing, live_server):
    page, _ = writing
    page.goto(live_server.url + reverse(ADDRESS))
    page.evaluate(
        "document.querySelector('[name=purpose]').form.insertAdjacentHTML('beforeend',"
        "'<input type=password name=secret value=hidden-word><input type=file name=file>')"
    )
    with page.expect_request(lambda asked: asked.method == "POST" and "/drafts/" in asked.url) as sent:
        page.fill("[name=purpose]", "To be thrown away.")
    assert "To be thrown away." in sent.value.post_data
    assert "hidden-word" not in sent.value.post_data
    assert '"file"' not in sent.value.post_data
    expect(page.locator(STATE)).to_contain_text("Brouillon enregistré", timeout=8000)

    page.reload()
    page.click("[data-discard]")
    expect(page.locator(STATE)).to_contain_text("supprimé")
    assert not Draft.objects.exists()


def test_without_javascript_the_form_is_what_it_was(writing, live_server, new_context, sign_in):
    context = new_context(java_script_enabled=False)
    sign_in(context, Role.SUPERVISOR)
    page = context.new_page()
    page.goto(live_server.url + reverse(ADDRESS))
    expect(page.locator("[data-draft] button").first).to_be_hidden()
    page.fill("[name=purpose]", "Plain.")
    page.click("[name=_save]")
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator("[name=purpose]")).to_have_value("Plain.")
