"""The forms behind the two doors: a rights case of an account's holder, a referral of a person in a dataset."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rights.desk.opening import MOST_ACCOUNTS, Letter
from rights.forms.guarded import GuardedForm
from rights.forms.texts import Address, Line, Lines
from rights.referral.receiving import Report
from rights.vocabulary import Channel, Requester, Right

ACCOUNT = re.compile(r"@?(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,95})")
LONGEST_TEXT, LONGEST_LINE, LONGEST_ADDRESS = 20_000, 300, 254


class WriterForm(GuardedForm):
    """Who writes, and where to answer."""

    name = Line(label=_("Your name (optional)"), required=False, max_length=LONGEST_LINE)
    contact = Address(
        label=_("Your e-mail address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("The answer goes there. We first send a link to it, to confirm it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CaseForm(WriterForm):
    """A rights case for oneself; the others add what they need."""

    rights = forms.MultipleChoiceField(
        label=_("What do you ask for?"), choices=Right.choices, widget=forms.CheckboxSelectMultiple
    )
    accounts = Lines(
        label=_("Names of the accounts on the Hub"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line, as in the address of the account's page. We will ask you to show that it is yours."),
    )
    message = Lines(
        label=_("Your message (optional)"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("For a rectification: what is wrong, and what would be right. Do not send identity papers."),
    )
    field_order = ["rights", "accounts"]
    requester = Requester.ONESELF
    told: tuple[str, ...] = ()  # fields that become the words on the representation

    def clean_accounts(self) -> tuple[str, ...]:
        """The names, each once. Raises ValidationError for what can be no account's."""
        typed = [line.strip() for line in self.cleaned_data["accounts"].splitlines() if line.strip()]
        found = [ACCOUNT.fullmatch(line) for line in typed]
        if not all(found):
            raise ValidationError(
                _("An account's name has letters without accents, digits, points, hyphens. Nothing was stored.")
            )
        if len(typed) > MOST_ACCOUNTS:
            raise ValidationError(_("20 accounts at most. Nothing was stored. Send a second form for the others."))
        return tuple(name["name"] for name in found if name)

    def letter(self, *, language: str, at: datetime) -> Letter:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return Letter(
            received_at=at,
            reference=self.reference(),
            channel=Channel.FORM,
            rights=tuple(Right(right) for right in typed["rights"]),
            accounts=typed["accounts"],
            message=typed["message"],
            name=typed["name"],
            contact=typed["contact"],
            language=language,
            requester=self.requester,
            representation=self._representation(),
            was_minor=bool(typed.get("was_minor")) or self.requester == Requester.MINOR,
        )

    def _representation(self) -> str:
        return "\n".join(f"{self.fields[name].label}: {self._said(name)}" for name in self.told)

    def _said(self, name: str) -> str:
        value = self.cleaned_data[name]
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value))


class OwnForm(CaseForm):
    """For oneself."""

    was_minor = forms.BooleanField(
        label=_("I was under 18 when the account was created, or I still am"), required=False
    )


class MandateForm(CaseForm):
    """By mandate: for which rights and data, how long, and who gets the answer."""

    requester = Requester.MANDATE
    told = ("mandator", "scope", "until", "receives")
    mandator = Line(label=_("For whom do you write?"), max_length=LONGEST_LINE)
    scope = Lines(label=_("Which rights and which data does the mandate cover?"), max_length=2_000)
    until = Line(label=_("How long is it good for?"), max_length=LONGEST_LINE)
    receives = forms.ChoiceField(
        label=_("Who receives the answer?"),
        choices=[("me", _("I do, as the mandate says")), ("person", _("the person themself"))],
        widget=forms.RadioSelect,
    )


class MinorForm(CaseForm):
    """For one's minor child."""

    requester = Requester.MINOR
    told = ("child", "quality")
    child = Line(label=_("First name and age of the child"), max_length=LONGEST_LINE)
    quality = forms.ChoiceField(
        label=_("What are you to the child?"),
        choices=[("parent", _("parent with parental authority")), ("guardian", _("guardian"))],
        widget=forms.RadioSelect,
    )


class DeceasedForm(CaseForm):
    """For a deceased person: heirs, for what the law allows them (Art. 85 of the French act of 1978)."""

    requester = Requester.DECEASED
    told = ("deceased", "quality", "purpose")
    deceased = Line(label=_("Name of the deceased person, and date of death"), max_length=LONGEST_LINE)
    quality = Line(label=_("In what quality do you write (heir, person named in directives)?"), max_length=LONGEST_LINE)
    purpose = forms.ChoiceField(
        label=_("What for?"),
        choices=[
            ("estate", _("to settle the estate")),
            ("close", _("to close the accounts, or to object to what is still done with the data")),
            ("update", _("to have the death taken into account")),
        ],
        widget=forms.RadioSelect,
    )


CASE_FORMS: dict[str, type[CaseForm]] = {
    form.requester: form for form in (OwnForm, MandateForm, MinorForm, DeceasedForm)
}


class ReferralForm(WriterForm):
    """A person whose data is in somebody's dataset or model. No account is needed; no copy is taken."""

    claimed = Line(
        label=_("Which dataset or model?"),
        max_length=LONGEST_LINE,
        help_text=_("Its name or the address of its page."),
    )
    seen_what = Lines(
        label=_("What did you see?"),
        max_length=2_000,
        help_text=_("In a few words: a picture, a telephone number, a text. Never copy the data itself here."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen_where = Line(
        label=_("Where did you see it?"), max_length=LONGEST_LINE, help_text=_("File, line, page or revision.")
    )
    seen_when = Line(label=_("When did you see it?"), max_length=LONGEST_LINE)
    urgent = forms.BooleanField(
        label=_("It is about a child, an intimate or illegal picture, or it puts somebody in danger"), required=False
    )
    message = Lines(label=_("Your message (optional)"), required=False, max_length=LONGEST_TEXT)
    field_order = ["claimed", "seen_what", "seen_where", "seen_when", "urgent", "message"]

    def report(self, *, language: str, at: datetime) -> Report:
        """What was typed, as it is received."""
        names = ("claimed", "seen_what", "seen_where", "seen_when", "urgent", "message", "name", "contact")
        typed: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        return Report(received_at=at, reference=self.reference(), channel=Channel.FORM, language=language, **typed)
