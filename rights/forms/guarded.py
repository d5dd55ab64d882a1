"""Against machines without asking anything of persons: a field that stays empty, and a signed moment."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from rights.reception import stamps

TRAPPED = "trapped"


class GuardedForm(forms.Form):
    """A form that strangers send. `at`: now, read by the view."""

    homepage = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, at: datetime, **options: Any) -> None:
        super().__init__(data, **options)
        self._at = at
        self.fields["stamp"].initial = stamps.stamp(at)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError with the code `trapped` for what no person does; nothing typed is lost."""
        cleaned = super().clean() or self.cleaned_data
        if self.cleaned_data.get("homepage"):
            raise ValidationError(
                _("The field that stays empty was filled in. Nothing was stored. Empty it and send the form again."),
                code=TRAPPED,
            )
        self._check_stamp()
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Whether it was refused as a machine's."""
        return self.has_error(NON_FIELD_ERRORS, TRAPPED)

    def reference(self) -> str:
        """Under which what was typed is stored: the same for the same form sent twice."""
        return stamps.reference(str(self.cleaned_data["stamp"]), type(self).__name__, self.cleaned_data)

    def _check_stamp(self) -> None:
        try:
            stamps.check(str(self.cleaned_data.get("stamp", "")), at=self._at)
        except stamps.TooSoon:
            raise ValidationError(
                _("The form was sent too fast. Nothing was stored. Wait a few seconds and send it again."), code=TRAPPED
            ) from None
        except stamps.Stale:
            self.data = self._stamped_anew()
            raise ValidationError(
                _("The form was open for too long. Nothing was stored. Wait a few seconds and send it again."),
                code=TRAPPED,
            ) from None

    def _stamped_anew(self) -> Any:
        """What was typed, under a stamp of now."""
        data: Any = self.data
        anew = data.copy()
        anew["stamp"] = stamps.stamp(self._at)
        return anew
