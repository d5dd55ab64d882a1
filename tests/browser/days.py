"""A working day of the desk as a table: the mails that come, and what an agent does of each. Everybody is made up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

OWNER, ORGANISATION = "made-up-{}", "made-up-company"
Step = tuple[str, str, Mapping[str, str]]


def act(word: str, target: str, **said: str) -> Step:
    """A form of the page: its word, what it is about (`account` for the one of the case), what is typed."""
    return word, target, said


def letter(kind: str, right: str = "whole", **typed: str) -> Step:
    """A letter written from the page, and sent by mail."""
    return "letter", f"{kind}/{right}", typed


@dataclass(frozen=True, slots=True)
class Matter:
    """One mail and the work on it.

    `age`: days since it was received; `entered`: what the agent corrects of the proposal.
    """

    name: str
    text: str
    steps: tuple[Step, ...]
    door: str = "case"
    rights: tuple[str, ...] = ()
    entered: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    age: int = 3

    @property
    def owner(self) -> str:
        """The account on the Hub that it is about."""
        return self.account or OWNER.format(self.name.replace("_", "-"))


def verified(right: str) -> tuple[Step, ...]:
    """Identity shown, the right granted."""
    shown = act("vouch", "account", proof="seen", note="justificatif vu, non conservé")
    return shown, act("verify", right), act("grant", right)


def carried_out(right: str, *before: Step) -> tuple[Step, ...]:
    """From the identity to the answer, for what one button does."""
    return *before, *verified(right), act("carry-out", right), letter(right, right), act("fulfil", right)


def refused(right: str, kind: str, ground: str, reasons: str, *before: Step) -> tuple[Step, ...]:
    """A refusal with its reasons, and its letter."""
    return *before, act("refuse", right, ground=ground, reasons=reasons), letter(kind, right), act("fulfil", right)


def cases(today: date) -> tuple[Matter, ...]:
    """Ten rights cases of all kinds, as on this day."""
    asked = (today - timedelta(days=70)).isoformat()
    first = letter("acknowledgement")
    return (
        Matter(
            "erasure",
            "Bonjour, mon compte est « {owner} ». Je demande l’effacement de mes données.",
            (first, *carried_out("erasure")),
            rights=("erasure",),
        ),
        Matter(
            "not_identified",
            "Bonjour, mon compte est « {owner} ». Je demande l’accès à mes données.",
            (
                act("code", "account"),
                letter("identity"),
                act("ask", "case", kind="doubt", text="Êtes-vous le titulaire ?", doubt="deux noms", asked_on=asked),
                letter("not_identified"),
                act("give_up", "access"),
            ),
            rights=("access",),
            age=75,
        ),
        Matter(
            "mandate",
            "Maître Exemple, pour ma cliente dont le compte est « {owner} » : effacement de ses données.",
            carried_out("erasure", act("represented", "case")),
            rights=("erasure",),
            entered={"requester": "mandate", "representation": "mandat du 3 novembre, tous droits, un an"},
        ),
        Matter(
            "access",
            "Bonjour, mon compte est « {owner} ». Quelles données avez-vous ? Je demande une copie.",
            (*verified("access"), act("hand-over", "access"), letter("access", "access"), act("fulfil", "access")),
            rights=("access",),
        ),
        Matter(
            "rectification",
            "Bonjour, mon compte est « {owner} ». La licence de mon modèle est fausse : rectifiez-la.",
            (
                *verified("rectification"),
                act("rectify", "rectification", kind="model", artifact="owner/m", field="license", value="mit"),
                letter("rectification", "rectification"),
                act("fulfil", "rectification"),
            ),
            rights=("rectification",),
        ),
        Matter(
            "restriction",
            "Bonjour, mon compte est « {owner} ». Je demande la limitation du traitement.",
            (
                *carried_out("restriction"),
                letter("lifting"),
                act("announce", "case"),
                act("lift", "case"),
            ),
            rights=("restriction",),
        ),
        Matter(
            "objection",
            "Bonjour, mon compte est « {owner} ». Je m’oppose au traitement.",
            carried_out("objection"),
            rights=("objection",),
        ),
        Matter(
            "portability",
            "Bonjour, mon compte est « {owner} ». Je demande la portabilité.",
            refused("portability", "portability", "not_applicable", "Le traitement est une mission d’intérêt public."),
            rights=("portability",),
        ),
        Matter(
            "minor",
            "Bonjour, je suis la mère de Tim, 15 ans, dont le compte est « {owner} ». Effacez ses données.",
            carried_out("erasure", act("represented", "case")),
            rights=("erasure",),
            entered={"requester": "minor", "representation": "mère, livret de famille vu", "was_minor": "on"},
        ),
        Matter(
            "organisation",
            "Bonjour, notre compte est « {owner} ». Nous demandons l’effacement.",
            refused("erasure", "refusal", "organisation", "Une organisation n’est pas une personne concernée."),
            rights=("erasure",),
            account=ORGANISATION,
        ),
    )


def referrals() -> tuple[Matter, ...]:
    """Three people who found their data in somebody's dataset or model."""
    named = {"kind": "dataset", "artifact": "org/d"}
    begun = act("take", ""), act("artifact", "", **named)
    ended = (
        act("contact", "", **named, address="contact@org.example", source="page du jeu de données"),
        letter("referral"),
        act("close", ""),
    )
    steps = *begun, act("dossier", ""), *ended
    seen = {"seen_what": "une photo", "seen_where": "train, ligne 12", "seen_when": "hier"}
    return (
        Matter(
            "dataset",
            "Bonjour, ma photo est dans le jeu de données https://huggingface.co/datasets/org/d",
            steps,
            door="referral",
            entered=seen,
        ),
        Matter(
            "urgent",
            "Bonjour, une photo de mon enfant est dans le jeu de données https://huggingface.co/datasets/org/d",
            (*begun, act("hand_over", "", to="le service qui agit sans délai"), *ended),
            door="referral",
            entered=seen | {"urgent": "on"},
            age=0,
        ),
        Matter(
            "model",
            "Bonjour, un modèle donne mon adresse. Il est entraîné sur https://huggingface.co/datasets/org/d",
            steps,
            door="referral",
            entered=seen | {"claimed": "org/a"},
        ),
    )


def mail(matter: Matter, today: date) -> bytes:
    """The mail as a file, dated the day it was received."""
    message = EmailMessage()
    received = today - timedelta(days=matter.age)
    headers: dict[str, Any] = {
        "From": f"Personne Inventée <{matter.name}@personne.example>",
        "Date": f"{received:%a, %d %b %Y} 00:30:00 +0100",
        "Subject": "Mes données",
        "Message-ID": f"<{matter.name}@personne.example>",
    }
    for name, value in headers.items():
        message[name] = value
    message.set_content(matter.text.format(owner=matter.owner))
    return message.as_bytes()
