"""The forms of a case's page: each is one act, asked for in place and sent on its own, with or without JavaScript."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.vocabulary import Kind
from rights.deadlines import PARIS, legal_date
from rights.desk.handling import PROCESS
from rights.forms.texts import Line, Lines
from rights.models import Question, Rectification, RightsCase
from rights.models.exemption import EXCEPTIONS
from rights.vocabulary import Ground, Opinion, Proof

LONGEST = 20_000  # characters of one field


@dataclass(frozen=True, slots=True)
class Asking:
    """What an act is called with. `target`: the right, or the key of the account, question or exception it is about."""

    case: RightsCase
    target: str
    data: dict[str, Any]
    by: int
    at: datetime

    @property
    def key(self) -> int:
        """The target as a key; 0 for none."""
        return int(self.target) if self.target.isdigit() and len(self.target) < 19 else 0

    def moment(self, name: str) -> datetime:
        """The moment of a day given in the form: now for today, else noon in Paris."""
        day: date = self.data[name]
        return self.at if day == legal_date(self.at) else datetime.combine(day, time(12), PARIS)


class SlotForm(forms.Form):
    """An act's form. `version`: which state of the case its agent saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def has_words(self) -> bool:
        """Whether something is written in it, of which a draft is worth keeping."""
        return any(isinstance(field.widget, forms.Textarea) for field in self.fields.values())


def words(label: Any, *, required: bool = True, rows: int = 3) -> Lines:
    """A field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows, "cols": 60})
    return Lines(label=label, required=required, max_length=LONGEST, widget=widget)


def day(label: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def choice(label: Any, choices: Iterable[Any]) -> forms.ChoiceField:
    """A field for one of some words."""
    return forms.ChoiceField(label=label, choices=[("", "—"), *choices])


def agents() -> list[tuple[str, str]]:
    """Who may process cases, for a field."""
    users = get_user_model()._default_manager.filter(is_active=True).order_by("username")
    return [(str(user.pk), user.get_username()) for user in users if user.has_perm(PROCESS)]


class Plain(SlotForm):
    """A button."""


class Told(SlotForm):
    told_on = day(_("The person was told on"))


class Redirected(Told):
    whither = words(_("To whom the person was told to turn"))


class Reason(SlotForm):
    reason = words(_("Why"))


class Refusal(SlotForm):
    in_part = forms.BooleanField(label=_("In part only"), required=False)
    ground = choice(_("Ground"), Ground.choices)
    reasons = words(_("Reasons, as the person will read them"), rows=5)
    late_because = words(_("Only after the first month, by a supervisor: why so late"), required=False, rows=2)


class Extension(SlotForm):
    sent_on = day(_("The notice was sent on"))
    reason = words(_("Reason: complexity or number of requests"))


class Asked(SlotForm):
    kind = choice(_("About"), Question.Kind.choices)
    text = words(_("Question, as it was sent"))
    doubt = words(_("What the doubt rests on (where the clock stops)"), required=False, rows=2)
    asked_on = day(_("Sent on"))


class Answered(SlotForm):
    answered_on = day(_("The answer reached us on"))
    text = words(_("Answer"))


class Reminded(SlotForm):
    reminded_on = day(_("The reminder was sent on"))


class Receipt(SlotForm):
    received_on = day(_("It reached us on"))
    reason = words(_("Why"), rows=2)


class Vouched(SlotForm):
    proof = choice(_("By what"), [(proof.value, proof.label) for proof in (Proof.CHANNEL, Proof.SEEN)])
    note = words(_("What was seen (no number, no copy)"), rows=2)


class Noted(SlotForm):
    text = words(_("Note"))


class Assigned(SlotForm):
    agent = forms.ChoiceField(label=_("Agent"), required=False)
    deputy = forms.ChoiceField(label=_("Deputy"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("agent", "deputy"):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [("", "—"), *agents()]


class Repeated(SlotForm):
    other = Line(label=_("Number of the other case"), required=False, max_length=10)


class Argued(SlotForm):
    ground = choice(_("Exception"), [(ground.value, ground.label) for ground in EXCEPTIONS])
    argument = words(_("Why it would apply"), rows=4)


class Opined(SlotForm):
    opinion = choice(_("Opinion"), Opinion.choices)
    text = words(_("Reasons of the opinion"), rows=4)


class Settled(SlotForm):
    applies = choice(_("Decision"), [("yes", _("the exception applies")), ("no", _("the exception does not apply"))])
    motive = words(_("Motive"), rows=4)


class Rectified(SlotForm):
    kind = choice(_("It is a"), choices(Kind))
    artifact = Line(label=_("Its name, or the address of its page on the Hub"), max_length=300)
    field = choice(_("Field"), Rectification.FieldName.choices)
    value = Line(
        label=_("Corrected value"),
        max_length=2000,
        required=False,
        help_text=_("A list: its words separated by commas."),
    )
