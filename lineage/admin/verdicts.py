"""Verdicts of staff: recorded and withdrawn here, in force at once.

They are never edited: withdraw, then decide anew.
"""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lineage import verdicts
from lineage.admin.reading import Named, artifact_link, shown
from lineage.labels import choices
from lineage.lookup import find
from lineage.models import AliasVerdict, Artifact, Decision, DerivationVerdict
from lineage.vocabulary import Kind, Relation

DECIDE = "lineage.decide_verdict"
LONGEST_NAME = 256
DECISION = ("decision", "reason", "decided_at", "decided_by")
ANY_RELATION = [("", gettext_lazy("any relation (rejections only)")), *choices(Relation)]


class NameField(forms.CharField):
    """A repository id, typed and sent by POST."""

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "class": "vTextField"}
        super().__init__(max_length=LONGEST_NAME, widget=forms.TextInput(attrs=attributes), **options)


class VerdictForm(forms.ModelForm):  # type: ignore[type-arg]
    """A verdict as it is typed. Checking it is recording it: the admin's transaction takes it back on any error.

    The form itself fills in no field of the model: the verdict's function does all of it.
    """

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), choices=Decision.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Why, with the source. Name no person here."),
        max_length=verdicts.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )
    by: AbstractBaseUser  # who decides; VerdictAdmin.get_form sets it
    verdict: DerivationVerdict | AliasVerdict

    def clean(self) -> dict[str, Any]:
        """Record the verdict, once every field stands."""
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        try:
            self.verdict = self.decide(said)
        except verdicts.VerdictRefused as refused:
            raise ValidationError(str(refused)) from refused
        return said

    def decide(self, said: dict[str, Any]) -> DerivationVerdict | AliasVerdict:
        """Record what was typed. Raises VerdictRefused or ValidationError; nothing is kept then."""
        raise NotImplementedError

    def artifact(self, field: str, kind: str) -> Artifact:
        """The artifact that the name typed in `field` means."""
        found = find(Kind(kind), self.cleaned_data[field])
        if found is None:
            raise ValidationError(
                {
                    field: _(
                        "Nothing of this kind bears this name in this base. Nothing was changed. Check the spelling."
                    )
                }
            )
        return found


class DerivationVerdictForm(VerdictForm):
    """An edge to add or to reject."""

    source_kind = forms.ChoiceField(label=gettext_lazy("Kind of the source"), choices=choices(Kind))
    source_name = NameField(label=gettext_lazy("Source"), help_text=gettext_lazy("What it was made from."))
    derived_kind = forms.ChoiceField(label=gettext_lazy("Kind of what was made"), choices=choices(Kind))
    derived_name = NameField(label=gettext_lazy("Derived"), help_text=gettext_lazy("What was made from it."))
    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=ANY_RELATION, required=False)
    field_order = ("source_kind", "source_name", "derived_kind", "derived_name", "relation", "decision", "reason")

    class Meta:
        model = DerivationVerdict
        exclude = ("source", "derived", "relation", *DECISION)  # noqa: DJ006

    def decide(self, said: dict[str, Any]) -> DerivationVerdict:
        source = self.artifact("source_name", said["source_kind"])
        derived = self.artifact("derived_name", said["derived_kind"])
        relation = Relation(said["relation"]) if said["relation"] else None
        common = {"source": source, "derived": derived, "reason": said["reason"], "by": self.by, "at": timezone.now()}
        if said["decision"] == Decision.REJECT:
            return verdicts.reject_derivation(relation=relation, **common)
        if relation is None:
            raise ValidationError({"relation": _("An edge that is added needs a relation. Choose one.")})
        return verdicts.add_derivation(relation=relation, **common)


class AliasVerdictForm(VerdictForm):
    """What an old name means, or that it means nothing."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=choices(Kind))
    name = NameField(label=gettext_lazy("Old name"), help_text=gettext_lazy("The old or short id, exactly."))
    meaning = NameField(
        label=gettext_lazy("Means"),
        help_text=gettext_lazy("The present id of what it means; empty on a rejection."),
        required=False,
    )
    field_order = ("kind", "name", "decision", "meaning", "reason")

    class Meta:
        model = AliasVerdict
        exclude = ("kind", "name", "artifact", *DECISION)  # noqa: DJ006

    def decide(self, said: dict[str, Any]) -> AliasVerdict:
        common = {
            "kind": Kind(said["kind"]),
            "name": said["name"],
            "reason": said["reason"],
            "by": self.by,
            "at": timezone.now(),
        }
        if said["decision"] == Decision.REJECT:
            return verdicts.reject_alias(**common)
        if not said["meaning"]:
            raise ValidationError({"meaning": _("Say what the name means, or reject it.")})
        return verdicts.mean_alias(artifact=self.artifact("meaning", said["kind"]), **common)


class VerdictAdmin(Named):
    """Verdicts are recorded and withdrawn, each time re-linking what they touch."""

    form: type[VerdictForm]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DECIDE)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(DECIDE)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        if obj is not None:
            return super().get_form(request, obj, change, form=forms.ModelForm, **kwargs)
        return type("DecidingForm", (super().get_form(request, obj, change, **kwargs),), {"by": request.user})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else list(self.form.base_fields)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """The form has recorded it; the admin's log and messages need its key."""
        obj.pk = form.verdict.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.withdraw(obj, by=cast(AbstractBaseUser, request.user))

    def withdraw(self, verdict: Any, *, by: AbstractBaseUser) -> None:
        """Take one verdict back."""
        raise NotImplementedError


@admin.register(DerivationVerdict)
class DerivationVerdictAdmin(VerdictAdmin):
    """Edges that staff added or rejected."""

    form = DerivationVerdictForm
    list_display = ("number", "decision", "of", "relation", "from_source", "decided_by", "decided_at")
    list_filter = ("decision", "relation")
    list_select_related = ("source", "derived", "decided_by")
    fields = ("of", "relation", "from_source", "decision", "reason", "decided_by", "decided_at")
    readonly_fields = ("of", "from_source")

    def artifacts_in_list(self, row: DerivationVerdict) -> Iterable[Artifact | None]:
        return row.source, row.derived

    def withdraw(self, verdict: Any, *, by: AbstractBaseUser) -> None:
        verdicts.withdraw_derivation_verdict(verdict=verdict, by=by, at=timezone.now())

    @admin.display(description=gettext_lazy("number"))
    def number(self, verdict: DerivationVerdict) -> int:
        return verdict.pk

    @admin.display(description=gettext_lazy("derived"))
    def of(self, verdict: DerivationVerdict) -> SafeString:
        return artifact_link(verdict, verdict.derived_id)

    @admin.display(description=gettext_lazy("source"))
    def from_source(self, verdict: DerivationVerdict) -> SafeString:
        return artifact_link(verdict, verdict.source_id)


@admin.register(AliasVerdict)
class AliasVerdictAdmin(VerdictAdmin):
    """Names whose meaning staff settled."""

    form = AliasVerdictForm
    list_display = ("old_name", "kind", "decision", "means", "decided_by", "decided_at")
    list_filter = ("decision", "kind")
    list_select_related = ("artifact", "decided_by")
    fields = ("old_name", "kind", "decision", "means", "reason", "decided_by", "decided_at")
    readonly_fields = ("old_name", "means")

    def artifacts_in_list(self, row: AliasVerdict) -> Iterable[Artifact | None]:
        return (row.artifact,)

    def repo_ids_in(self, row: AliasVerdict) -> Iterable[str]:
        return (row.name,)

    def withdraw(self, verdict: Any, *, by: AbstractBaseUser) -> None:
        verdicts.withdraw_alias_verdict(verdict=verdict, by=by, at=timezone.now())

    @admin.display(description=gettext_lazy("old name"))
    def old_name(self, verdict: AliasVerdict) -> str:
        return shown(verdict, verdict.name)

    @admin.display(description=gettext_lazy("means"))
    def means(self, verdict: AliasVerdict) -> SafeString:
        return artifact_link(verdict, verdict.artifact_id)
