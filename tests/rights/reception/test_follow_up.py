"""The follow-up: opened by reference and code only, and silent about what does not exist."""

import re
import secrets
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from rights.desk import clock
from rights.models import FollowUpCode, OutgoingLetter, Question, Referral, Reply, RightsCase
from rights.package.deposits import deposit
from rights.reception import codes
from rights.tasks import send_code
from rights.vocabulary import LetterKind, Right
from tests.factories import make_author, make_user
from tests.rights.desk.agents import told
from tests.rights.desk.cases import make_case
from tests.rights.reception.people import CASE, CODE, REFERENCE, REFERRAL, read, written

pytestmark = pytest.mark.django_db
ASK, ENTER, OVERVIEW = "/rights/follow-up/", "/rights/follow-up/code/", "/rights/follow-up/request/"
REPLY, WITHDRAW = "/rights/follow-up/reply/", "/rights/follow-up/withdraw/"


@pytest.fixture
def reference(client):
    written(client)
    return read(REFERENCE)


def enter(client, reference):
    client.post(ASK, {"reference": reference})
    code = read(CODE)
    answer = client.post(ENTER, {"reference": reference, "code": code})
    assert answer.url == OVERVIEW
    return code


def shown(client):
    return client.get(OVERVIEW).content.decode()


def test_a_code_opens_it_once_and_shows_that_the_address_is_theirs(client, reference):
    code = enter(client, reference)
    assert RightsCase.objects.confirmed().exists()
    assert RightsCase.objects.get().number[:3] in shown(client)
    assert code not in str(list(FollowUpCode.objects.values()))
    assert client.post(ENTER, {"reference": reference, "code": code}).status_code == 403


def test_without_a_code_there_is_nothing(client, reference):
    assert client.get(OVERVIEW).url == ASK
    for address in (REPLY, WITHDRAW, "/rights/follow-up/copy/1/"):
        assert client.post(address, {"text": "x", "sure": "on", "rights": ["access"]}).url == ASK
    assert not Reply.objects.exists()


def test_a_code_ends_after_five_attempts_and_after_fifteen_minutes():
    from tests.rights.desk.cases import AT, make_case

    case = make_case()
    for later, wrong, opens in [(0, 4, True), (0, 5, False), (15, 0, False)]:
        drawn = codes.draw(key=codes.ask(reference=case.reference, at=AT), at=AT)
        assert drawn is not None
        at = AT + timedelta(minutes=later)
        for _ in range(wrong):
            assert codes.check(reference=case.reference, code="x", at=at) is None
        assert (codes.check(reference=case.reference, code=drawn[1], at=at) is not None) is opens


def test_ten_thousand_guesses_open_nothing():
    from tests.rights.desk.cases import AT, make_case

    case = make_case()
    drawn = codes.draw(key=codes.ask(reference=case.reference, at=AT), at=AT)
    assert drawn is not None
    hits = 0
    for number in range(5_000):
        wrong = f"{(int(drawn[1]) + number + 1) % 10**8:08d}"
        hits += codes.check(reference=case.reference, code=wrong, at=AT) is not None
        hits += codes.check(reference=secrets.token_hex(16), code=drawn[1], at=AT) is not None
    assert hits == 0
    assert codes.check(reference=case.reference, code=drawn[1], at=AT) is None, "tried too often"


def test_the_same_work_whether_or_not_it_exists(monkeypatch):
    from tests.rights.desk.cases import AT, make_case
    from tests.rights.referral.letters import make_referral

    hashed = []
    honest = codes._hash

    def counted(*words):
        hashed.append(words)
        return honest(*words)

    monkeypatch.setattr(codes, "_hash", counted)
    case, referral, unasked = make_case(), make_referral(), make_case()
    for known in (case, referral):
        codes.draw(key=codes.ask(reference=known.reference, at=AT), at=AT)
    work = []
    for reference in (case.reference, referral.reference, unasked.reference, "0" * 32, "no such thing", "\ud800 ü"):
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert codes.check(reference=reference, code="00000000x", at=AT) is None
        work.append(([" ".join(query["sql"].split()[:2]) for query in queries], len(hashed)))
    assert work == [work[0]] * len(work)
    assert work[0][1] == 1


def test_the_same_page_whether_or_not_it_exists(client, reference):
    sent = len(mail.outbox)
    pages = []
    for asked in (reference, "0" * 32):
        answers = [client.post(ASK, {"reference": asked}), client.post(ENTER, {"reference": asked, "code": "1"})]
        pages.append([(page.status_code, _nameless(page, asked)) for page in answers])
    assert pages[0] == pages[1]
    assert len(mail.outbox) == sent + 1


def _nameless(page, reference):
    lines = page.content.decode().replace(reference, "").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_a_client_that_guesses_is_stopped(client):
    statuses = [client.post(ENTER, {"reference": "0" * 32, "code": "1"}).status_code for _ in range(31)]
    assert statuses == [403] * 30 + [429]


def test_no_more_than_five_codes_an_hour_for_one_reference(client, reference):
    for _ in range(7):
        client.post(ASK, {"reference": reference})
    assert len(mail.outbox) == 1 + 5
    send_code(0)
    assert len(mail.outbox) == 1 + 5


def test_a_reply_is_kept_and_answers_the_question(client, reference):
    case = RightsCase.objects.get()
    now = timezone.now()
    agent = make_user("agent")
    clock.ask(
        case=case, kind=Question.Kind.CLARIFICATION, text="Which <b>one</b>?", asked_on=case.received_on,
        by=agent.pk, at=now, doubt="not clear",
    )  # fmt: skip
    enter(client, reference)
    assert "Which &lt;b&gt;one&lt;/b&gt;?" in shown(client)

    client.post(REPLY, {"text": "the first"})
    assert Reply.objects.get().text == "the first"
    assert case.questions.get().answer == "the first"
    assert "Nothing from you." in shown(client)


def test_an_empty_or_hostile_reply_is_refused(client, reference):
    enter(client, reference)
    for text in ("", " ", "a\0b", "x" * 20_001):
        assert client.post(REPLY, {"text": text}).status_code == 200
    assert not Reply.objects.exists()


def test_some_rights_are_taken_back_and_then_all(client, reference):
    enter(client, reference)
    client.post(WITHDRAW, {"rights": ["erasure"]})
    assert not RightsCase.objects.get().requests.filter(state="withdrawn").exists(), "not without being sure"
    client.post(WITHDRAW, {"rights": ["erasure"], "sure": "on"})
    assert RightsCase.objects.open().exists()
    client.post(WITHDRAW, {"rights": ["access"], "sure": "on"})
    assert not RightsCase.objects.open().exists()
    assert "It is closed." in shown(client)
    assert client.post(WITHDRAW, {"rights": ["access"], "sure": "on"}).status_code in (200, 302)


def test_a_referral_is_followed_and_taken_back(client):
    written(client, REFERRAL)
    enter(client, read(REFERENCE))
    assert "There is no legal date for it." in shown(client)
    client.post(REPLY, {"text": "and line 13"})
    client.post(WITHDRAW, {"sure": "on"})
    assert Referral.objects.get().closed_at is not None
    assert Reply.objects.get().referral == Referral.objects.get()


def test_the_copy_is_fetched_with_its_own_code_only(client, reference):
    make_author("made-up-person")
    case, other = RightsCase.objects.get(), secrets.token_hex(16)
    agent, now = make_user("agent"), timezone.now()
    held = deposit(account="made-up-person", reference=case.reference, language="en", by=agent.pk, at=now)
    foreign = deposit(account="made-up-person", reference=other, language="en", by=agent.pk, at=now)
    enter(client, reference)

    address = f"/rights/follow-up/copy/{held.package.pk}/"
    assert client.post(address, {"code": "wrong"}).status_code == 200
    answer = client.post(address, {"code": held.code})
    assert answer.content.startswith(b"PK")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.post(f"/rights/follow-up/copy/{foreign.package.pk}/", {"code": foreign.code}).url == ASK


def test_our_answers_are_fetched_and_nobody_elses(client, reference):
    case, other = RightsCase.objects.get(), make_case()
    told(case, LetterKind.ACKNOWLEDGEMENT, at=timezone.now())
    told(case, LetterKind.RECIPIENTS, Right.ERASURE, at=timezone.now(), to="holder@cnil.example")
    told(other, LetterKind.ACKNOWLEDGEMENT)
    ours, notice, foreign = OutgoingLetter.objects.order_by("pk")
    assert client.get(f"/rights/follow-up/letter/{ours.pk}/").url == ASK
    enter(client, reference)

    assert re.findall(r"/rights/follow-up/letter/(\d+)/", shown(client)) == [str(ours.pk)]
    answer = client.get(f"/rights/follow-up/letter/{ours.pk}/")
    assert "As drafted." in [part.text for part in Document(BytesIO(answer.content)).paragraphs]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for key in (notice.pk, foreign.pk, 10**12):
        assert client.get(f"/rights/follow-up/letter/{key}/").url == ASK


def test_the_first_page_of_all_is_the_door(client):
    assert client.get("/rights/").status_code == client.get(CASE).status_code == 200
