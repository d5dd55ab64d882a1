"""The Hub accounts that own listed artifacts."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.vocabulary import AccountKind


class AuthorQuerySet(models.QuerySet["Author"]):
    def organisations(self) -> Self:
        return self.filter(kind=AccountKind.ORGANISATION)

    def shown(self) -> Self:
        """Those of whom nothing is withheld."""
        return self.exclude(artifacts__withheld_at__isnull=False)

    def of_unknown_kind(self) -> Self:
        return self.filter(kind=AccountKind.UNKNOWN)


class Author(models.Model):
    """A Hub account, person or organisation, seen as the owner of a listed artifact.

    Never made from a mention: a name on somebody's card is no account.
    """

    name = models.CharField(
        _("account name"),
        max_length=128,
        unique=True,
        help_text=_("The account's name in repository ids, as the Hub spells it. Personal data for a person."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=16,
        choices=choices(AccountKind),
        default=AccountKind.UNKNOWN,
        help_text=_("Person or organisation, from the account's overview; unknown until it was asked."),
    )
    full_name = models.CharField(
        _("full name"),
        max_length=256,
        blank=True,
        help_text=_("Display name of an organisation; of a person only where HARVEST_PERSON_NAMES allows it."),
    )
    kind_checked_at = models.DateTimeField(
        _("kind checked at"), null=True, blank=True, help_text=_("When the Hub was last asked for the kind.")
    )

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="author_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
