"""The forms of the follow-up."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rights.forms.texts import Line, Lines
from rights.forms.writing import LONGEST_TEXT
from rights.reception.following import Step

LONGEST_TYPED = 100


class ReferenceForm(forms.Form):
    """Under which reference."""

    reference = Line(
        label=_("Your reference"),
        max_length=LONGEST_TYPED,
        help_text=_("32 letters and digits, in our first message to you. Spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CodeForm(ReferenceForm):
    """The reference with the code that was sent for it."""

    code = Line(
        label=_("The code we sent you"),
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ReplyForm(forms.Form):
    """What the person adds."""

    text = Lines(label=_("Your reply"), max_length=LONGEST_TEXT)


class WithdrawForm(forms.Form):
    """What the person takes back: rights of a case, or a referral as a whole."""

    rights = forms.MultipleChoiceField(label=_("What do you take back?"), widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(label=_("I am sure: it will not be processed any more"))

    def __init__(self, data: Any = None, *, steps: Iterable[Step], **options: Any) -> None:
        super().__init__(data, **options)
        choices = [(step.right, step.label) for step in steps if step.may_withdraw]
        if not choices:
            del self.fields["rights"]
        else:
            self.fields["rights"].choices = choices  # type: ignore[attr-defined]

    def taken_back(self) -> tuple[str, ...]:
        """The rights ticked; none for a referral."""
        return tuple(self.cleaned_data.get("rights", ()))


class PackageForm(forms.Form):
    """The code of a copy of one's data, which came apart."""

    code = Line(
        label=_("Code of the copy"), max_length=LONGEST_TYPED, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
