"""A working day in a real browser, in French: from the mail that is dropped on the queue to the letter that leaves.

With scripts and without. The short form is part of the suite; DAY=whole plays ten cases and three referrals (make day).
"""

import os

import pytest
from django.core import mail as post
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from access.roles import Role
from lineage.linking import link
from lineage.vocabulary import AccountKind, Kind
from rights.deadlines import legal_date
from rights.models import OutgoingLetter, Referral, ReferralDossier, RightsCase
from rights.notices.seeding import seed
from rights.vocabulary import State
from tests.browser.days import ORGANISATION, cases, mail, referrals
from tests.browser.test_reading import assert_accessible, assert_nothing_sticks_out
from tests.factories import AT, make_artifact, make_author
from tests.lineage.linking.cards import card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHOLE = os.environ.get("DAY") == "whole"
SHORT = {True: ("erasure", "dataset"), False: ("mandate", "not_identified")}
FORMS = "details.slot > summary"


class Desk:
    """An agent before the pages of the desk. `scripts`: whether they run, and axe can look."""

    def __init__(self, page, root, pictures, *, scripts):
        self.page, self.root, self.pictures, self.scripts = page, root, pictures, scripts
        self.taken, self.heard, self.is_measured, self.measured = 0, [], False, set()
        page.on("console", self.hear)

    def hear(self, said):
        """What the page complains of; not what axe tries on it."""
        if said.type == "error" and not self.is_measured:
            self.heard.append(said.text)

    def open(self, name, *args):
        self.page.goto(self.root + reverse(f"admin:{name}", args=args))

    def look(self, what):
        """A picture, and nothing cut off; where scripts run, nothing out of anybody's reach either."""
        self.taken += 1
        self.page.screenshot(path=self.pictures / f"{self.taken:03}-{what}.png", full_page=True)
        kind = what.rpartition("-")[2]
        if self.scripts and (WHOLE or kind not in self.measured):
            self.measured.add(kind)
            assert_nothing_sticks_out(self.page)
            self.is_measured = True
            assert_accessible(self.page)
            self.is_measured = False

    def press(self, form):
        with self.page.expect_navigation():
            form.locator("button[type=submit]").last.click()

    def receive(self, matter, today):
        """Drop the mail, look at what is proposed, correct it and enter it."""
        self.open("rights_intake")
        dropped = {"name": f"{matter.name}.eml", "mimeType": "message/rfc822", "buffer": mail(matter, today)}
        self.page.set_input_files("[name=mails]", [dropped])
        self.press(self.page.locator("form.drop"))
        form = self.page.locator("form:has([name=door])")
        assert form.locator("[name=door]:checked").get_attribute("value") == matter.door
        self.fill(form, {"door": matter.door} | dict(matter.entered))
        if matter.door == "case":
            expect(form.locator("[name=accounts]")).to_have_value(matter.owner)
            for box in form.locator("[name=rights]").all():
                box.set_checked(box.get_attribute("value") in matter.rights)
        self.look(f"{matter.name}-mail")
        self.press(form)
        expect(self.page.locator(".messagelist .success")).to_be_visible()

    def fill(self, form, said, prefix=""):
        for name, value in said.items():
            field = form.locator(f"[name='{prefix}{name}']")
            kind = field.first.evaluate("field => field.type")
            if kind == "radio":
                form.locator(f"[name='{prefix}{name}'][value='{value}']").check()
            elif kind == "checkbox":
                field.check()
            elif kind == "select-one":
                field.select_option(value)
            else:
                field.fill(value)

    def act(self, word, target, said):
        """One form of the page, by its address."""
        form = self.page.locator(
            f"form[action$='/act/{word}/{target}/']" if target else f"form[action$='/act/{word}/']"
        )
        prefix = f"{word}-{target}-" if target else f"{word}-"
        folded = self.page.locator(f"details#{word}-{target}" if target else f"details#{word}")
        if folded.count():
            folded.locator("> summary").click()
        self.fill(form, said, prefix)
        self.press(form)
        expect(self.page.locator(".messagelist .success")).to_be_visible()

    def write(self, matter, kind):
        """The letter of this kind as it is drafted, sent by mail."""
        self.page.locator(f"a[href$='/{kind}/']").first.click()
        self.look(f"{matter.name}-{kind.replace('/', '-')}")
        with self.page.expect_navigation():
            self.page.locator("button[value=mail]").click()
        expect(self.page.locator(".messagelist .success")).to_be_visible()

    def work(self, matter, keys):
        """Every step on one matter, by forms of its page alone."""
        self.look(f"{matter.name}-before")
        for word, target, said in matter.steps:
            if word == "letter":
                self.write(matter, target)
            else:
                told = {name: str(keys.get(value, value)) for name, value in said.items()}
                self.act(word, str(keys["account"]) if target == "account" else target, told)
        self.look(f"{matter.name}-after")


@pytest.fixture
def genealogy(live_server):
    """A dataset and what was made of it; the notice in force."""
    seed(at=AT)
    nodes = {"d": card("org/d", kind=Kind.DATASET), "a": card("org/a", datasets=["org/d"])}
    card("org/b", tags=["org/a"])
    link(at=AT)
    return nodes


def the_day(today, *, scripts):
    every = (*cases(today), *referrals())
    return every if WHOLE else [matter for matter in every if matter.name in SHORT[scripts]]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_mail_to_the_letter(scripts, genealogy, browser, live_server, sign_in, tmp_path):
    today = legal_date(timezone.now())
    context = browser.new_context(
        locale="fr",
        viewport={"width": 1360, "height": 900},
        java_script_enabled=scripts,
        extra_http_headers={"accept-language": "fr"},
    )
    sign_in(context, Role.AGENT)
    desk = Desk(context.new_page(), live_server.url, tmp_path, scripts=scripts)
    for matter in the_day(today, scripts=scripts):
        keys: dict[str, object] = {}
        if matter.door == "case":
            kind = AccountKind.ORGANISATION if matter.owner == ORGANISATION else AccountKind.PERSON
            make_artifact(f"{matter.owner}/m", author=make_author(matter.owner, kind=kind))
            keys["owner/m"] = f"{matter.owner}/m"
        desk.receive(matter, today)
        if matter.door == "case":
            keys["account"] = RightsCase.objects.latest("pk").accounts.get().pk
        desk.work(matter, keys)
    for queue in ("rights_rightscase_changelist", "rights_referral_changelist"):
        desk.open(queue)
        desk.look(queue)
    context.close()

    assert desk.heard == []
    assert_everything_is_answered()


def assert_everything_is_answered():
    """Each is closed, none silently: a letter left for each, and what the desk keeps is what the mail server took."""
    for model in (RightsCase, Referral):
        assert not model.objects.filter(closed_at=None).exists()
        assert all(matter.letters.exclude(sent_at=None).exists() for matter in model.objects.all())
    ended = {State.FULFILLED, State.NOT_IDENTIFIED}
    assert {request.state for case in RightsCase.objects.all() for request in case.requests.all()} <= ended
    assert {dossier.count for dossier in ReferralDossier.objects.all()} <= {2}
    left = OutgoingLetter.objects.order_by("pk")
    assert [(letter.subject, letter.text) for letter in left] == [(one.subject, one.body) for one in post.outbox]
