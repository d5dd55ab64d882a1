"""From a trace to what is handed on, in a real browser: by every reader, without scripts, and on paper."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from access.roles import Role
from lineage.models import Counter, Disclosure
from lineage.vocabulary import AccountKind, Field
from tests.browser.test_reading import HOSTILE, assert_accessible, assert_nothing_sticks_out
from tests.factories import make_alias, make_artifact, make_author, make_derivation, make_mention, make_run
from tests.graphs import draw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [
    ("fr", "light", 1360, Role.AGENT),
    ("en", "dark", 360, Role.RESEARCHER),
    ("fr", "dark", 768, Role.SUPERVISOR),
]


@pytest.fixture
def nodes():
    """A dataset and what was made from it, by organisations, a person and accounts not known yet."""
    nodes = draw("""
        corpus{dataset} -[trained_on,declared]-> base -> tuned -[quantized]-> small; tuned -[adapter]-> lora;
        corpus -[trained_on,declared]-> other -> small; corpus -[extended_from,declared]-> subset{dataset}
    """)
    for number, (name, kind) in enumerate([("acme", "organisation"), ("jeanne-demo", "person"), ("puzzle", "unknown")]):
        author = make_author(name, kind=AccountKind(kind))
        made = make_artifact(f"{name}/{'a-long-name-' * 5}{number}", author=author)
        Counter.objects.create(artifact=made, downloads=10**number * 1234, likes=number)
        make_derivation(nodes["base"], made)
        make_mention(made, "org/base", first_run=make_run())
    make_mention(
        nodes["base"], "org/corpus", field=Field.DATASETS_CARD, target_kind="dataset", relation="trained_on", position=0
    )
    make_alias("corpus-of-old", nodes["corpus"])
    return nodes


def pages(nodes, live_server, page):
    """Every page that leads on from the trace, by its links and its button; each is named."""
    trace = f"{live_server.url}{reverse('lineage:trace', args=[nodes['corpus'].pk])}?certainty=inferred&order=downloads"
    page.goto(trace)
    yield "trace"
    page.locator("a[href*='/why/']").first.click()
    yield "why"
    small = [nodes["corpus"].pk, nodes["small"].pk]
    page.goto(live_server.url + reverse("lineage:why", args=small))
    yield "two steps"
    page.goto(live_server.url + reverse("lineage:why", args=[nodes["small"].pk, nodes["corpus"].pk]))
    yield "no path"
    for word in ("publishers", "withdrawal"):
        page.goto(trace)
        page.locator(f"main > :not(.title) a[href*='/{word}/']").click()
        yield word
    page.goto(trace)
    page.locator(".totals summary").click()
    page.locator(".onward form[action*='/dossier/'] button").click()
    page.wait_for_url("**/dossier/*/")
    yield "dossier"
    page.emulate_media(media="print")
    yield "paper"


@pytest.mark.parametrize(("language", "scheme", "width", "role"), LOOKS)
def test_every_page_around_a_trace(nodes, live_server, new_context, sign_in, language, scheme, width, role):
    context = new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(context, role)
    context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page = context.new_page()
    for name in pages(nodes, live_server, page):
        assert page.locator("html").get_attribute("lang") == language, name
        assert page.locator("h1").count() == 1, name
        assert ("jeanne-demo" in page.content()) <= (role != Role.RESEARCHER), name
        if role == Role.RESEARCHER:
            assert page.get_by_role("note").is_visible(), name
        if name != "paper":
            assert_accessible(page)
            assert_nothing_sticks_out(page)


def test_without_scripts_a_dossier_is_drawn_up_and_found_again(nodes, live_server, new_context, sign_in):
    context = new_context(java_script_enabled=False)
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("lineage:trace", args=[nodes["base"].pk]))
    page.get_by_label("Sorted by").select_option("downloads")
    page.get_by_role("button", name="Show the trace").click()
    expect(page.locator("tbody th a").first).to_contain_text("puzzle/")
    page.get_by_role("button", name="Draw up a dated dossier").click()
    address = page.url
    assert address.endswith(f"/dossier/{Disclosure.objects.get().pk}/")
    make_derivation(nodes["base"], make_artifact("org/newcomer"))
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("org/base")
    expect(page.locator("tbody tr")).to_have_count(6)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_role("heading", name="Compared with today")).to_be_hidden()


@pytest.mark.parametrize("role", [Role.AGENT, Role.RESEARCHER])
def test_what_authors_chose_never_runs(live_server, page, context, sign_in, complaints, role):
    author = make_author("hostile", full_name=HOSTILE, kind=AccountKind.ORGANISATION)
    origin = make_artifact(HOSTILE, author=author)
    child = make_artifact(f"hostile/{HOSTILE}", author=author)
    make_derivation(origin, child)
    make_mention(child, HOSTILE)
    make_alias(HOSTILE + "old", origin)
    sign_in(context, role)
    for name, keys in (("publishers", []), ("withdrawal", []), ("why", [child.pk])):
        page.goto(live_server.url + reverse(f"lineage:{name}", args=[origin.pk, *keys]))
    page.goto(live_server.url + reverse("lineage:trace", args=[origin.pk]))
    page.locator(".onward form[action*='/dossier/'] button").click()
    page.wait_for_url("**/dossier/*/")
    assert complaints == []
