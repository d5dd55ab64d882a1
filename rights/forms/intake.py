"""The forms of the intake: mails dropped, a letter typed in, and what an agent makes of a letter that waits."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rights.desk.opening import LONGEST_MESSAGE, MOST_ACCOUNTS
from rights.forms.files import Files, SeveralFiles
from rights.forms.texts import Line, Lines
from rights.forms.writing import ACCOUNT, LONGEST_LINE
from rights.intake.matching import Matter
from rights.intake.proposing import find_matter
from rights.vocabulary import Channel, Requester, Right

CASE, REFERRAL, JOIN = "case", "referral", "join"
DOORS = [
    (CASE, _("a rights case: the person has, or had, an account on the Hub")),
    (REFERRAL, _("a referral: the person's data is in somebody's dataset or model")),
    (JOIN, _("a reply in a case or referral that is here already")),
]
REASONS = [
    ("spam", _("unwanted mail")),
    ("other", _("a matter of another department")),
    ("twice", _("entered already in another way")),
    ("machine", _("an automatic answer without use")),
]
ON_PAPER = [(channel.value, channel.label) for channel in (Channel.LETTER, Channel.ON_SITE, Channel.OTHER)]


def day(label: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DropForm(forms.Form):
    """Mails, as files."""

    mails = Files(label=_("Mails (.eml), 20 at most"), widget=SeveralFiles(attrs={"accept": ".eml,message/rfc822"}))


class TypedForm(forms.Form):
    """A letter that came on paper, or was said."""

    channel = forms.ChoiceField(label=_("How it came in"), choices=ON_PAPER)
    received_on = day(_("It reached us on"))
    name = Line(label=_("Name of the sender"), required=False, max_length=LONGEST_LINE)
    sender = Lines(
        label=_("Address to answer to, by e-mail or post"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
    text = Lines(
        label=_("What it says"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
    )
    scans = Files(
        label=_("Scans (PDF, PNG, JPEG, text, .docx, .odt)"),
        required=False,
        widget=SeveralFiles(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.txt,.docx,.odt"}),
    )


class EnteringForm(forms.Form):
    """What a letter is. `enclosed`: (key, name) of what came with it."""

    door = forms.ChoiceField(label=_("It is"), choices=DOORS, widget=forms.RadioSelect)
    received_on = day(_("It reached us on"))
    name = Line(label=_("Name"), required=False, max_length=LONGEST_LINE)
    contact = Lines(
        label=_("Address to answer to"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )
    language = forms.ChoiceField(label=_("Language to answer in"), choices=settings.LANGUAGES)
    urgent = forms.BooleanField(label=_("urgent"), required=False)
    kept = forms.MultipleChoiceField(
        label=_("Attachments to keep"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rights = forms.MultipleChoiceField(
        label=_("Rights asked for"), choices=Right.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    accounts = Lines(
        label=_("Accounts on the Hub, one a line"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "spellcheck": "false"}),
    )
    requester = forms.ChoiceField(label=_("Written"), choices=Requester.choices)
    representation = Lines(
        label=_("Mandate or quality, as the letter says"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )
    was_minor = forms.BooleanField(label=_("was a minor at collection"), required=False)
    claimed = Line(label=_("Which dataset or model"), required=False, max_length=LONGEST_LINE)
    seen_what = Lines(
        label=_("What was seen, in the person's words; never a copy"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )
    seen_where = Line(label=_("Where it was seen"), required=False, max_length=LONGEST_LINE)
    seen_when = Line(label=_("When it was seen"), required=False, max_length=LONGEST_LINE)
    joins = Line(label=_("Number of the case or referral"), required=False, max_length=40)

    def __init__(self, *args: Any, enclosed: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        kept: Any = self.fields["kept"]
        kept.choices = [(str(key), name) for key, name in enclosed]
        self.matter: Matter | None = None

    def clean_accounts(self) -> tuple[str, ...]:
        """The names, each once. Raises ValidationError for what can be no account's."""
        typed = [line.strip() for line in self.cleaned_data["accounts"].splitlines() if line.strip()]
        found = [ACCOUNT.fullmatch(line) for line in typed]
        if not all(found):
            raise ValidationError(
                _("An account's name has letters without accents, digits, points, hyphens. Nothing was stored.")
            )
        if len(typed) > MOST_ACCOUNTS:
            raise ValidationError(_("A case is about 20 accounts at most. Nothing was stored. Open a second case."))
        return tuple(name["name"] for name in found if name)

    def clean(self) -> dict[str, Any]:
        """What the door that was chosen needs."""
        cleaned = super().clean() or self.cleaned_data
        door = cleaned.get("door")
        if door == CASE and not cleaned.get("rights"):
            self.add_error("rights", _("A case is about one right at least. Nothing was stored. Tick one."))
        if door == JOIN:
            self.matter = find_matter(cleaned.get("joins", ""))
            if self.matter is None:
                self.add_error("joins", _("No case or referral has this number. Nothing was stored."))
        return cleaned


class AsideForm(forms.Form):
    """Why a letter is set aside."""

    why = forms.ChoiceField(label=_("It asks for nothing of us:"), choices=REASONS)
