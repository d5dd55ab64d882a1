"""What is done for a person in a dataset: the trace, its watch, and letters that cannot hold who they are."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from docx import Document

from access.roles import Role
from lineage.models import Consultation, Derivation, Disclosure, GraphState
from rights.desk.acts import ActRefused
from rights.letters import LetterRefused, as_docx, send
from rights.models import JournalEntry, Referral, Suppression
from rights.referral.answering import answer_to
from rights.referral.publishers import letters, note_contact_point
from rights.referral.receiving import ReferralOvertaken
from rights.referral.tracing import changes, look_again, name_artifact, take_dossier
from rights.referral.working import assign, close, hand_over, mark_urgent
from rights.vocabulary import Way
from tests.factories import make_artifact, make_author, make_derivation, make_run, make_user
from tests.graphs import draw
from tests.rights.referral.letters import AT, make_referral

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)
IDENTITY: dict[str, Any] = {
    "name": "Zuzanna Niemożliwa",
    "contact": "zuzanna.niemozliwa@example.org",
    "message": "My medical file of 1987 stands on line 4711",
    "claimed": "The dataset of Zuzanna",
    "seen_what": "diagnosis: imaginary",
    "seen_where": "train.jsonl line 4711",
    "seen_when": "on my birthday",
}


def fresh(referral):
    return type(referral).objects.get(pk=referral.pk)


def linked(at):
    state, _made = GraphState.objects.get_or_create(pk=1)
    state.generation, state.as_of = state.generation + 1, at
    state.save()


@pytest.fixture
def nodes():
    make_run(started_at=AT - timedelta(hours=1))
    drawn = draw("d{dataset} -[trained_on]-> a; a -> b")
    Derivation.objects.update(held_from=AT - timedelta(hours=1))
    linked(AT - timedelta(hours=1))
    return drawn


@pytest.fixture
def referral(nodes):
    made = make_referral(**IDENTITY)
    name_artifact(referral=made, artifact_key=nodes["d"].pk, by=7, at=AT)
    return fresh(made)


def taken(referral):
    return take_dossier(referral=fresh(referral), by=make_user(), at=AT)


def contact(referral, artifact, address="privacy@acme.example", **more):
    said: dict[str, Any] = {
        "source": "acme.example/legal",
        "noted_on": date(2026, 11, 1),
        "by": make_user().pk,
        "at": AT,
    } | more
    note_contact_point(referral=fresh(referral), artifact_key=artifact.pk, address=address, **said)


def test_a_dossier_is_kept_and_entered_in_the_ledger_of_exports(referral):
    dossier = taken(referral)
    assert dossier.count == 2
    assert Disclosure.objects.get(pk=dossier.disclosure_key).form == "dossier"
    differs = changes(dossier)
    assert differs is not None
    assert [len(differs.gained), len(differs.lost)] == [0, 0]


def test_the_watch_says_once_when_the_trace_changed(referral, nodes):
    dossier = taken(referral)
    assert look_again(at=LATER) == 0
    make_run(started_at=LATER)
    make_derivation(nodes["b"], make_artifact("org/new"), held_from=LATER)
    linked(LATER)
    assert look_again(at=LATER) == 1
    dossier.refresh_from_db()
    assert dossier.changed_at == LATER
    assert look_again(at=LATER + timedelta(days=1)) == 0
    entry = JournalEntry.objects.get(act="referral_trace_changed")
    assert (entry.details, entry.reference) == ({"gained": 1, "lost": 0}, referral.reference)
    assert mail.outbox == []  # nobody with an address


def test_whoever_works_on_it_is_told_and_no_name_travels(referral, nodes):
    agent = make_user(email="agent@example.org")
    taken(referral)
    Referral.objects.update(agent=agent)
    make_run(started_at=LATER)
    make_derivation(nodes["b"], make_artifact("org/new"), held_from=LATER)
    linked(LATER)
    assert look_again(at=LATER) == 1
    (sent,) = mail.outbox
    assert sent.to == ["agent@example.org"]
    assert str(Referral.objects.get()) in sent.body
    assert "org/" not in f"{sent.subject} {sent.body}"


def test_without_a_dataset_there_is_no_dossier(nodes):
    with pytest.raises(ActRefused, match="Note first"):
        taken(make_referral())


def test_of_two_agents_at_once_one_is_told(referral):
    other = fresh(referral)
    assign(referral=fresh(referral), agent=make_user().pk, by=7, at=AT)
    with pytest.raises(ReferralOvertaken):
        assign(referral=other, agent=None, by=8, at=AT)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_draft_holds_who_the_person_is_or_what_they_saw(nodes, language):
    referral = make_referral(language=language, **IDENTITY)
    name_artifact(referral=fresh(referral), artifact_key=nodes["d"].pk, by=7, at=AT)
    taken(referral)
    contact(referral, nodes["d"])
    contact(referral, nodes["b"], "dpo@other.example")
    told = [*IDENTITY.values(), referral.reference, referral.number, str(referral), "4711", "Zuzanna", "niemozliwa"]
    drafts = list(letters(fresh(referral)))
    assert [draft.artifact_key for draft in drafts] == [nodes["d"].pk, nodes["b"].pk]
    for draft in drafts:
        sheet = as_docx(subject=draft.subject, text=draft.text, recipient="", language=language, on=None, sender="")
        printed = "\n".join(paragraph.text for paragraph in Document(BytesIO(sheet)).paragraphs)
        for text in (draft.subject + draft.text, printed):
            assert not [word for word in told if word.casefold() in text.casefold()]
            assert "CNIL" not in text
            assert not any(
                word in text.casefold() for word in ("contains your data", "contient vos données", "sanction")
            )
    assert "dpo@other.example" not in drafts[0].text
    assert "org/b" not in drafts[0].text


def test_the_answer_tells_the_trace_and_its_limits_to_the_person_alone(referral):
    dossier = taken(referral)
    draft = answer_to(fresh(referral), signatory="Camille Exemple")
    assert "Au moins 2 modèles" in draft.body
    assert dossier.count == 2
    assert draft.locked == ()
    (model,) = letters(fresh(referral))
    said, theirs = draft.text(draft.body).split("Camille Exemple")
    assert model.text in theirs  # what we say is joined to the answer is in it, after our signature
    assert model.text not in said
    assert not any(word in theirs for word in IDENTITY.values())


def test_an_answer_without_a_dossier_does_not_leave(nodes):
    referral = make_referral(**IDENTITY)
    draft = answer_to(referral, signatory="x")
    acts: dict[str, Any] = {"recipient": "p@example.org", "way": Way.MAIL, "by": make_user().pk, "at": AT}
    with pytest.raises(LetterRefused, match="square brackets"):
        send(matter=referral, draft=draft, body=draft.body, **acts)


def test_it_is_closed_only_once_the_person_was_answered(referral):
    taken(referral)
    agent = make_user().pk
    with pytest.raises(ActRefused, match="no letter yet"):
        close(referral=fresh(referral), by=agent, at=AT)
    draft = answer_to(fresh(referral), signatory="x")
    send(matter=referral, draft=draft, body=draft.body, recipient="1 rue Inventée", way=Way.POST, by=agent, at=AT)
    close(referral=fresh(referral), by=agent, at=AT)
    assert fresh(referral).closed_at == AT
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("", {}),
        ("privacy@acme.example", {"source": " "}),
        ("privacy@acme.example", {"noted_on": date(2027, 1, 1)}),
        ("Zuzanna  NIEMOŻLIWA, Paris", {}),
        ("zuzanna.niemozliwa@EXAMPLE.org", {}),
        ("Mme NIEMOŻLIWA (Zuzanna), Paris", {}),
        ("privacy@acme.example", {"source": "told by Niemożliwa, Zuzanna"}),
    ],
)
def test_a_contact_point_is_public_sourced_and_not_the_persons_own(referral, nodes, address, more):
    with pytest.raises(ActRefused, match="Nothing was changed"):
        contact(referral, nodes["d"], address, **more)
    assert not referral.contact_points.exists()


def test_an_agent_works_it_through_on_its_page(client, referral, nodes):
    make_author("org")
    client.force_login(make_user("desk-agent", Role.AGENT))
    page = reverse("admin:rights_referral_change", args=[referral.pk])

    def act(word, **said):
        fields = {f"{word}-{name}": value for name, value in ({"version": fresh(referral).version} | said).items()}
        return client.post(reverse("admin:rights_referral_act", args=[referral.pk, word]), fields, follow=True)

    assert act("take").status_code == 200
    assert act("dossier").status_code == 200
    assert (
        act(
            "contact", kind="dataset", artifact="org/d", address="p@acme.example", source="site", noted_on="2026-11-01"
        ).status_code
        == 200
    )
    for name, status in {
        "nonsense": 400,
        "\0": 400,
        "https://huggingface.co/datasets/org/d": 200,
        "org/d": 200,
    }.items():
        assert act("artifact", kind="dataset", artifact=name).status_code == status
    assert fresh(referral).artifact_key == nodes["d"].pk
    shown = client.get(page).content.decode()
    assert "org/d" in shown
    assert "p@acme.example" in shown
    assert Consultation.objects.filter(purpose=referral.reference, reference=f"referral:{referral.pk}").exists()
    file = client.get(reverse("admin:rights_referral_letter", args=[referral.pk, nodes["d"].pk]))
    assert file["Content-Disposition"].startswith("attachment")
    write = reverse("admin:rights_outgoingletter_write", args=["referral", referral.pk, "referral", "whole"])
    body = answer_to(fresh(referral), signatory="x").body
    answer = client.post(write, {"recipient": "1 rue Inventée", "body": body, "way": "post"}, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert act("close").status_code == 200
    assert fresh(referral).closed_at is not None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_urgent_one_is_handed_over_and_no_trace_of_it_goes_round(nodes, language):
    referral = make_referral(**IDENTITY, urgent=True, language=language)
    agent = make_user().pk
    name_artifact(referral=fresh(referral), artifact_key=nodes["d"].pk, by=agent, at=AT)
    with pytest.raises(ActRefused, match="no trace"):
        taken(referral)
    acts: dict[str, Any] = {"recipient": "1 rue Inventée", "way": Way.POST, "by": agent, "at": AT}
    unfinished = answer_to(fresh(referral), signatory="x")
    with pytest.raises(LetterRefused, match="square brackets"):
        send(matter=referral, draft=unfinished, body=unfinished.body, **acts)
    send(matter=referral, draft=unfinished, body="By telephone meanwhile.", **acts)
    with pytest.raises(ActRefused, match="handed over first"):
        close(referral=fresh(referral), by=agent, at=AT)

    hand_over(referral=fresh(referral), to="the night desk", by=agent, at=AT)
    draft = answer_to(fresh(referral), signatory="x")
    assert "the night desk" in draft.body
    assert "org/a" not in draft.text(draft.body)
    send(matter=referral, draft=draft, body=draft.body, **acts)
    close(referral=fresh(referral), by=agent, at=AT)
    assert not Disclosure.objects.exists()
    with pytest.raises(ActRefused, match="handed over already"):
        mark_urgent(referral=fresh(referral), urgent=False, by=agent, at=AT)


def test_only_an_urgent_one_is_handed_over(referral):
    agent = make_user().pk
    for to in ("the night desk", " "):
        with pytest.raises(ActRefused, match="Nothing was changed"):
            hand_over(referral=fresh(referral), to=to, by=agent, at=AT)
        mark_urgent(referral=fresh(referral), urgent=True, by=agent, at=AT)
    assert fresh(referral).handed_over_at is None
