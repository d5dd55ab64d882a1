"""Models and datasets: the nodes of the genealogy."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.query import TreeQuerySet

from lineage.labels import choices
from lineage.models.author import Author
from lineage.vocabulary import Kind, Presence

# Empty in every new row and in most others: their indexes hold only what is not, so that a new artifact pays for none.
MOSTLY_EMPTY = ("superseded_by", "parent", "family")


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def of_kind(self, kind: Kind) -> Self:
        return self.filter(kind=kind)

    def current(self) -> Self:
        """Those that hold the name they bear."""
        return self.filter(is_current=True)

    def named(self, repo_ids: Collection[str]) -> Self:
        """Those of either kind that bear one of these ids. The kinds are said so that the index of names serves."""
        return self.filter(kind__in=list(Kind), repo_id__in=repo_ids)

    def listed(self) -> Self:
        """Those in the Hub's catalogue that may be shown; one whose name is known to mean another artifact is not."""
        return self.filter(presence=Presence.LISTED, superseded_by=None, withheld_at=None)

    def standing(self) -> Self:
        """The nodes of the genealogy: current, and not another artifact's old name."""
        return self.filter(is_current=True, superseded_by=None)

    def withheld(self) -> Self:
        """Those that no page, list or export shows, though traces walk through them."""
        return self.filter(withheld_at__isnull=False)

    def shown(self) -> Self:
        """Those that may be shown."""
        return self.filter(withheld_at=None)


class Artifact(models.Model):
    """A model or a dataset: listed on the Hub, once listed, or only named on another's card."""

    kind = models.CharField(_("kind"), max_length=8, choices=choices(Kind), help_text=_("Model or dataset."))
    hub_id = models.CharField(
        _("Hub _id"),
        max_length=24,
        blank=True,
        help_text=_("The Hub's own `_id`, which survives a rename; empty where no source gave one."),
    )
    repo_id = models.CharField(
        _("repository id"),
        max_length=256,
        help_text=_("Owner and name as the Hub spells them today, or spelled them last. Personal data by its owner."),
    )
    owner = models.CharField(
        _("owner"),
        max_length=128,
        blank=True,
        help_text=_("The account part of the repository id; empty for an old id without one."),
    )
    author = models.ForeignKey(
        Author,
        models.SET_NULL,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="artifacts",
        verbose_name=_("author"),
        help_text=_("The Hub account that owns it; none for what is only mentioned."),
    )
    created_at = models.DateTimeField(
        _("created on the Hub"), null=True, blank=True, help_text=_("As the Hub says, UTC.")
    )
    modified_at = models.DateTimeField(
        _("modified on the Hub"), null=True, blank=True, help_text=_("Last commit, as the Hub says, UTC.")
    )
    license = models.CharField(_("licence"), max_length=128, blank=True, help_text=_("Licence the card declares."))
    task = models.CharField(
        _("task"), max_length=64, blank=True, help_text=_("The Hub's pipeline tag, or a dataset's first task category.")
    )
    library = models.CharField(_("library"), max_length=64, blank=True, help_text=_("Library the model is for."))
    languages = models.JSONField(
        _("languages"), default=list, blank=True, help_text=_("Language codes the card declares, sorted.")
    )
    tags = models.JSONField(
        _("free tags"),
        default=list,
        blank=True,
        help_text=_("Tags without a structured prefix, sorted; structured ones are columns and mentions."),
    )
    gated = models.CharField(
        _("gated"),
        max_length=8,
        blank=True,
        help_text=_("How access is granted on the Hub: auto, manual, or empty for open."),
    )
    disabled = models.BooleanField(_("disabled"), default=False, help_text=_("The Hub disabled the repository."))
    size = models.BigIntegerField(
        _("size"), null=True, blank=True, help_text=_("Bytes the repository takes, where known.")
    )
    unusable = models.JSONField(
        _("unusable mentions"),
        default=dict,
        blank=True,
        help_text=_(
            "How many values of each class should have named an artifact and named none; their text is not kept."
        ),
    )
    presence = models.CharField(
        _("presence"),
        max_length=10,
        choices=choices(Presence),
        default=Presence.MENTIONED,
        help_text=_("Listed on the Hub, no longer listed, or only ever named on other cards."),
    )
    gone_since = models.DateTimeField(
        _("gone since"),
        null=True,
        blank=True,
        help_text=_("Start of the first complete harvest that no longer saw it."),
    )
    is_current = models.BooleanField(
        _("holds its name"), default=True, help_text=_("False once another repository took over its name.")
    )
    superseded_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="supersedes",
        verbose_name=_("superseded by"),
        help_text=_("The artifact that its name means by a live alias. What it says counts as said by that one."),
    )
    parent = TreeNodeForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="children",
        verbose_name=_("primary parent"),
        help_text=_("The one source under which the family tree draws it; computed."),
    )
    family = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("family"),
        help_text=_("The root of its primary line; empty for a root without derivatives of its own. Computed."),
    )
    cycle_broken = models.BooleanField(
        _("cycle broken"),
        default=False,
        help_text=_("Its primary parent was left out because the line of parents came back to it."),
    )
    withheld_at = models.DateTimeField(
        _("withheld at"),
        null=True,
        blank=True,
        help_text=_("Since when it is an element not shown, and no harvest changes it; empty for all others."),
    )
    digest = models.BinaryField(
        _("digest"),
        max_length=16,
        default=b"",
        editable=False,
        help_text=_("Fingerprint of what the last record said, counters apart: the same again writes nothing."),
    )

    objects = ArtifactQuerySet.as_manager()
    forest: ClassVar[Any] = TreeQuerySet.as_manager()  # the library has no types

    class Meta:
        verbose_name = _("artifact")
        verbose_name_plural = _("artifacts")
        permissions = [
            ("view_genealogy", _("Can read the genealogy")),
            ("see_person_names", _("Can see the names of persons and unknown accounts")),
            ("run_harvest", _("Can start a harvest")),
            ("decide_verdict", _("Can decide on edges and aliases")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "repo_id"], condition=models.Q(is_current=True), name="artifact_name_is_held_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "hub_id"], condition=~models.Q(hub_id=""), name="artifact_hub_id_is_unique"
            ),
            models.CheckConstraint(condition=~models.Q(repo_id=""), name="artifact_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Kind]), name="artifact_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(presence=Presence.GONE, gone_since__isnull=False)
                | (~models.Q(presence=Presence.GONE) & models.Q(gone_since=None)),
                name="artifact_gone_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_by=None) | ~models.Q(superseded_by=models.F("pk")),
                name="artifact_does_not_supersede_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("pk")),
                name="artifact_is_not_its_own_parent",
            ),
        ]
        indexes = [
            # The kind last: with it first, PostgreSQL may take them for a look-up by kind and walk half the table.
            models.Index(Lower("repo_id"), "kind", name="artifact_name_folded"),
            models.Index(fields=["owner"], name="artifact_owner"),
            models.Index(fields=["presence", "kind"], name="artifact_presence"),
            models.Index(
                fields=["withheld_at"], condition=models.Q(withheld_at__isnull=False), name="artifact_withheld"
            ),
            *(
                models.Index(fields=[name], condition=models.Q((f"{name}__isnull", False)), name=f"artifact_{name}")
                for name in MOSTLY_EMPTY
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ModelArtifact(Artifact):
    """The models, for an admin page of their own."""

    class Meta:
        proxy = True
        verbose_name = _("model")
        verbose_name_plural = _("models")


class DatasetArtifact(Artifact):
    """The datasets, for an admin page of their own."""

    class Meta:
        proxy = True
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
