"""Information notices: drafts are written here, then published; a published one is only read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rights import notices
from rights.keyring import KeysMissing
from rights.models import Notice
from rights.period import legal_date

PUBLISH = "rights.publish_notice"
WORDS = tuple(notices.VOCABULARY)
FIELDS = ("in_force_from", "text_fr", "text_en", *WORDS)


class NoticeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft: its texts, and a box to tick for each word of the register."""

    class Meta:
        model = Notice
        fields = FIELDS
        widgets = {  # Django's own way
            "text_fr": AdminTextareaWidget({"lang": "fr"}),
            "text_en": AdminTextareaWidget({"lang": "en"}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for what in self.fields.keys() & notices.VOCABULARY.keys():  # none where it is only read
            words = notices.VOCABULARY[what]
            self.fields[what] = forms.MultipleChoiceField(
                label=self.fields[what].label,
                choices=[(word.value, word.label) for word in words if word.value in notices.needed()[what]],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Prefilled from the register; published by an action, after which nobody changes or deletes it."""

    form = NoticeForm
    list_display = ("version", "in_force_from", "published_at")
    fields = FIELDS
    actions = ("publish",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        drawn = notices.drawn(in_force_from=legal_date(timezone.now()))
        return {name: getattr(drawn, name) for name in FIELDS}

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.published_at)

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH)

    def save_model(self, request: HttpRequest, obj: Notice, form: Any, change: bool) -> None:  # noqa: FBT001
        notices.record(notice=obj, by=acting(request), at=timezone.now())

    @admin.action(description=gettext_lazy("Publish: from then on it stays as it is"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        for notice in queryset.order_by("version"):
            try:
                notices.publish(notice=notice, by=acting(request), at=timezone.now())
            except (notices.NoticeRefused, KeysMissing) as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, _("Published: version {version}.").format(version=notice.version))


def acting(request: HttpRequest) -> int:
    """The key of whoever is signed in: the back office lets nobody else in."""
    user = request.user
    return 0 if isinstance(user, AnonymousUser) else int(user.pk)
