"""The pages of the genealogy, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.urls import reverse
from playwright.sync_api import expect

from access.roles import Role
from lineage import statistics
from lineage.models import Artifact, Counter
from lineage.vocabulary import AccountKind, Field, Kind, Presence
from tests.factories import AT, make_alias, make_artifact, make_author, make_derivation, make_mention
from tests.graphs import draw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def made_family():
    """A family of three generations, with datasets, an old name, evidence and odd texts."""
    nodes = draw("""
        corpus{dataset} -[trained_on,declared]-> base; base -> tuned -[quantized]-> small; tuned -[adapter]-> lora;
        other -[merge,inferred]-> tuned; base -[merge]-> mixed; tuned -[merge]-> mixed;
        corpus -[extended_from,declared]-> subset{dataset}
    """)
    for child, parent in (("tuned", "base"), ("small", "tuned"), ("lora", "tuned"), ("mixed", "base")):
        Artifact.objects.filter(pk=nodes[child].pk).update(parent=nodes[parent], family=nodes["base"])
    author = make_author("org", kind=AccountKind.ORGANISATION, full_name="Organisation of the whales")
    Artifact.objects.filter(pk=nodes["tuned"].pk).update(
        author=author,
        created_at=AT,
        license="apache-2.0",
        tags=[f"tag-{number}" for number in range(20)],
        languages=["en", "fr"],
        size=10**10,
        unusable={"path": 2, "placeholder": 1},
        gated="auto",
    )
    Artifact.objects.filter(pk=nodes["other"].pk).update(presence=Presence.GONE, gone_since=AT)
    for downloads, node in enumerate(nodes.values()):
        Counter.objects.create(artifact=node, downloads=downloads * 1000, likes=downloads)
    make_alias("tuned-of-old", nodes["tuned"])
    make_mention(nodes["tuned"], "org/base")
    make_mention(nodes["tuned"], "nobody/" + "long" * 60, field=Field.BASE_MODEL_CARD, position=0)
    make_derivation(nodes["base"], make_artifact("an-owner/" + "very-long-name-" * 6))
    statistics.renew(as_of=AT)
    return nodes


@pytest.fixture
def family():
    return made_family()


def assert_accessible(page):
    told = [
        f"{found['id']}: {found['nodes'][0]['html']} {found['nodes'][0]['failureSummary']}"
        for found in Axe().run(page, options=RULES).response["violations"]
    ]
    assert told == []


def is_complaint(said):
    """An error or warning of the console; what the software that draws in place of a card says of its speed is none."""
    return said.type in ("error", "warning") and "GL Driver Message" not in said.text


def assert_nothing_sticks_out(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_search_by_keyboard_then_back(family, live_server, page, context, sign_in, complaints):
    sign_in(context)
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.get_by_role("searchbox").focus()
    page.keyboard.type("tuned-of-old")
    page.keyboard.press("Enter")
    assert "tuned" not in page.url
    page.get_by_role("link", name="org/tuned").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("org/tuned")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("tuned-of-old")
    expect(page.get_by_role("link", name="org/tuned")).to_be_visible()
    assert complaints == []


def test_a_branch_brings_its_children_when_opened_and_the_address_remembers(
    family, live_server, page, context, sign_in, complaints
):
    sign_in(context)
    page.goto(live_server.url + reverse("lineage:artifact", args=[family["base"].pk]))
    branch = page.locator(f"#node-{family['tuned'].pk}")
    expect(branch.get_by_role("link", name="org/lora")).to_have_count(0)
    branch.locator("summary").click()
    expect(branch.get_by_role("link", name="org/lora")).to_be_visible()
    assert page.url.endswith(f"?open={family['tuned'].pk}")
    page.reload()
    expect(branch.get_by_role("link", name="org/lora")).to_be_visible()
    assert_accessible(page)
    assert complaints == []


def test_a_branch_that_cannot_be_loaded_says_so_and_keeps_its_link(family, live_server, page, context, sign_in):
    sign_in(context)
    page.goto(live_server.url + reverse("lineage:artifact", args=[family["base"].pk]))
    page.route("**/branch/", lambda route: route.abort())
    branch = page.locator(f"#node-{family['tuned'].pk}")
    branch.locator("summary").click()
    expect(branch.get_by_role("status")).to_be_visible()
    expect(branch.locator("a[href*=open]")).to_be_visible()


def test_without_scripts_the_link_opens_the_branch(family, live_server, new_context, sign_in):
    context = new_context(java_script_enabled=False)
    sign_in(context)
    page = context.new_page()
    page.goto(live_server.url + reverse("lineage:artifact", args=[family["base"].pk]))
    branch = page.locator(f"#node-{family['tuned'].pk}")
    branch.locator("summary").click()
    branch.locator("a[href*=open]").click()
    expect(page.locator(f"#node-{family['tuned'].pk}").get_by_role("link", name="org/lora")).to_be_visible()


def test_the_language_is_switched_on_the_same_page(family, live_server, page, context, sign_in):
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    address = f"{live_server.url}{reverse('lineage:trace', args=[family['base'].pk])}?depth=1"
    page.goto(address)
    page.get_by_role("button", name="Français").click()
    assert page.url == address
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.get_by_role("button", name="English")).to_be_visible()


def test_a_trace_is_filtered_and_its_file_saved(family, live_server, page, context, sign_in, tmp_path):
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.goto(live_server.url + reverse("lineage:trace", args=[family["base"].pk]))
    page.get_by_label("quantized from").check()
    page.get_by_label("fine-tuned from").check()
    page.get_by_role("button", name="Show the trace").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    saved.value.save_as(tmp_path / "trace.csv")
    assert len((tmp_path / "trace.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize("role", [Role.AGENT, Role.RESEARCHER])
def test_what_authors_chose_never_runs(live_server, page, context, sign_in, complaints, role):
    author = make_author("hostile", full_name=HOSTILE, kind=AccountKind.ORGANISATION)
    node = make_artifact(
        HOSTILE, author=author, license=HOSTILE, tags=[HOSTILE], languages=[HOSTILE], task=HOSTILE[:60]
    )
    child = make_artifact(f"hostile/{HOSTILE}", Kind.MODEL, parent=node)
    make_derivation(node, child)
    make_alias(HOSTILE + "old", node)
    make_mention(node, HOSTILE)
    sign_in(context, role)
    for name, key in (("artifact", node.pk), ("artifact", child.pk), ("trace", node.pk), ("author", author.pk)):
        page.goto(live_server.url + reverse(f"lineage:{name}", args=[key]))
    page.goto(live_server.url)
    page.get_by_role("searchbox").fill(HOSTILE[:30])
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert complaints == []
