"""The shape of each answer, which is also its description. Names come from the view, written for whoever asks."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lineage.labels import ELEMENT_NOT_SHOWN, choices
from lineage.models import Alias, Artifact, Author, Derivation, HarvestRun, WeeklyCounter
from lineage.naming import Viewer, author_full_name, author_name
from lineage.vocabulary import AccountKind, Certainty, Kind, Relation, RunState

Row = dict[str, Any]
# Named in the settings, so that each has one name in the description.
KINDS, ACCOUNT_KINDS, RUN_STATES = choices(Kind), choices(AccountKind), choices(RunState)
RELATIONS, CERTAINTIES = choices(Relation), choices(Certainty)
OUR_KEY = {"id": {"help_text": _("Our key.")}}


class Sparse(serializers.Serializer[Any]):
    """Keeps the fields wanted: `wanted` of the context, all without it."""

    def get_fields(self) -> dict[str, Any]:
        """The declared fields, or some of them."""
        fields: dict[str, Any] = super().get_fields()
        wanted = self.context.get("wanted")
        return fields if wanted is None else {name: fields[name] for name in fields if name in wanted}

    @property
    def names(self) -> Mapping[int, str]:
        """What each artifact cited is called for whoever asks."""
        names: Mapping[int, str] = self.context["names"]
        return names


def is_hidden(key: int | None, names: Mapping[int, str]) -> bool:
    """Whether whoever asks is shown nothing but that there is something."""
    return key is None or names.get(key, str(ELEMENT_NOT_SHOWN)) == str(ELEMENT_NOT_SHOWN)


def key_shown(key: int | None, names: Mapping[int, str]) -> int | None:
    """The key, where what it stands for is shown."""
    return None if is_hidden(key, names) else key


def node(key: int, kind: str, names: Mapping[int, str]) -> Row:
    """One artifact, cited."""
    return {"id": key_shown(key, names), "kind": str(kind), "repo_id": names.get(key, str(ELEMENT_NOT_SHOWN))}


class NodeShape(serializers.Serializer[Any]):
    """One artifact, cited. What is not shown has no key, and one label whatever the reason."""

    id = serializers.IntegerField(allow_null=True, help_text=_("Our key; null for an element not shown."))
    kind = serializers.ChoiceField(choices(Kind), help_text=_("Model or dataset."))
    repo_id = serializers.CharField(help_text=_("Owner and name, as whoever asks may read it."))


class OwnerShape(serializers.Serializer[Any]):
    """The account that owns an artifact."""

    id = serializers.IntegerField(help_text=_("Our key."))
    kind = serializers.ChoiceField(choices(AccountKind), help_text=_("Person or organisation; unknown until asked."))
    name = serializers.CharField(help_text=_("The account's name, or its label where names are masked."))


class ArtifactShape(Sparse, serializers.ModelSerializer[Artifact]):
    """A model or a dataset."""

    repo_id = serializers.SerializerMethodField(help_text=_("Owner and name, as whoever asks may read it."))
    masked = serializers.SerializerMethodField(help_text=_("Whether the owner is written as a label."))
    author = serializers.SerializerMethodField(help_text=_("Null for what is only mentioned."))
    tags = serializers.ListField(
        child=serializers.CharField(), help_text=_("Free tags. Accounts named in free texts are masked like any other.")
    )
    parent = serializers.SerializerMethodField(help_text=_("Key of its primary parent."))  # type: ignore[assignment]
    family = serializers.SerializerMethodField(help_text=_("Key of the root of its primary line."))
    downloads = serializers.SerializerMethodField(help_text=_("In the last 30 days, as the Hub counts; null unknown."))
    likes = serializers.SerializerMethodField(help_text=_("How many accounts liked it; null where unknown."))
    languages = serializers.ListField(
        child=serializers.CharField(), help_text=_("Language codes the card declares, sorted.")
    )

    class Meta:
        model = Artifact
        fields = (
            *("id", "kind", "repo_id", "masked", "author", "presence", "gone_since", "created_at", "modified_at"),
            *("license", "task", "library", "languages", "tags", "gated", "disabled", "size"),
            *("parent", "family", "downloads", "likes"),
        )
        extra_kwargs = OUR_KEY | {"size": {"help_text": _("Bytes the repository takes, where known.")}}

    def to_representation(self, instance: Artifact) -> Row:
        """The row, its free texts as whoever asks may read them."""
        row: Row = super().to_representation(instance)
        return row | {name: text for name, text in self.context["facts"][instance.pk].items() if name in row}

    def get_repo_id(self, artifact: Artifact) -> str:
        return self.names[artifact.pk]

    def get_masked(self, artifact: Artifact) -> bool:
        return self.names[artifact.pk] != artifact.repo_id

    @extend_schema_field(OwnerShape(allow_null=True))
    def get_author(self, artifact: Artifact) -> Row | None:
        if artifact.author is None:
            return None
        author, viewer = artifact.author, self.context["viewer"]
        return {"id": author.pk, "kind": author.kind, "name": author_name(author, viewer)}

    def get_parent(self, artifact: Artifact) -> int | None:
        return key_shown(artifact.parent_id, self.names)

    def get_family(self, artifact: Artifact) -> int | None:
        return key_shown(artifact.family_id, self.names)

    def get_downloads(self, artifact: Artifact) -> int | None:
        counter = getattr(artifact, "counter", None)
        return counter.downloads if counter else None

    def get_likes(self, artifact: Artifact) -> int | None:
        counter = getattr(artifact, "counter", None)
        return counter.likes if counter else None


class DerivationShape(Sparse, serializers.ModelSerializer[Derivation]):
    """An edge: `derived` was made from `source`."""

    source = serializers.SerializerMethodField(help_text=_("What it was made from."))  # type: ignore[assignment]
    derived = serializers.SerializerMethodField(help_text=_("What was made from it."))

    class Meta:
        model = Derivation
        fields: tuple[str, ...] = ("id", "source", "derived", "relation", "certainty", "held_from", "held_until")
        extra_kwargs = OUR_KEY

    @extend_schema_field(NodeShape)
    def get_source(self, edge: Derivation) -> Row:
        return node(edge.source_id, edge.source.kind, self.names)

    @extend_schema_field(NodeShape)
    def get_derived(self, edge: Derivation) -> Row:
        return node(edge.derived_id, edge.derived.kind, self.names)


class AuthorShape(Sparse, serializers.ModelSerializer[Author]):
    """An account of the Hub that owns listed artifacts."""

    name = serializers.SerializerMethodField(help_text=_("The account's name, or its label where names are masked."))
    full_name = serializers.SerializerMethodField(help_text=_("Display name; empty where names are masked."))
    artifacts = serializers.IntegerField(source="artifacts_owned", help_text=_("How many artifacts it owns."))

    class Meta:
        model = Author
        fields = ("id", "kind", "name", "full_name", "artifacts")
        extra_kwargs = OUR_KEY

    def get_name(self, author: Author) -> str:
        return author_name(author, self.viewer)

    def get_full_name(self, author: Author) -> str:
        return author_full_name(author, self.viewer)

    @property
    def viewer(self) -> Viewer:
        viewer: Viewer = self.context["viewer"]
        return viewer


class FamilyShape(Sparse, serializers.ModelSerializer[Artifact]):
    """A family: everything whose primary line leads to one root. Its members: `artifacts/?family=`."""

    root = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text=_("The artifact from which all primary lines of it begin.")
    )
    members = serializers.IntegerField(help_text=_("How many artifacts it has, the root included."))

    class Meta:
        model = Artifact
        fields = ("id", "root", "members")
        extra_kwargs = {"id": {"help_text": _("Our key of its root.")}}

    @extend_schema_field(NodeShape)
    def get_root(self, root: Artifact) -> Row:
        return node(root.pk, root.kind, self.names)


class AliasShape(Sparse, serializers.ModelSerializer[Alias]):
    """An old or short name, and what it means."""

    name = serializers.SerializerMethodField(help_text=_("The old or short id, as whoever asks may read it."))
    artifact = serializers.SerializerMethodField(help_text=_("What it means today."))

    class Meta:
        model = Alias
        fields = ("id", "kind", "name", "artifact", "origin", "held_from", "held_until")
        extra_kwargs = OUR_KEY

    def get_name(self, alias: Alias) -> str:
        texts: Mapping[str, str] = self.context["texts"]
        return texts[alias.name]

    @extend_schema_field(NodeShape)
    def get_artifact(self, alias: Alias) -> Row:
        return node(alias.artifact_id, alias.artifact.kind, self.names)


class WeeklyCounterShape(Sparse, serializers.ModelSerializer[WeeklyCounter]):
    """Counters of one artifact, as the last harvest of an ISO week saw them."""

    artifact = serializers.IntegerField(source="artifact_id", help_text=_("Key of the artifact."))

    class Meta:
        model = WeeklyCounter
        fields = ("id", "artifact", "week", "downloads", "likes")
        extra_kwargs = OUR_KEY


class RunShape(Sparse, serializers.ModelSerializer[HarvestRun]):
    """A harvest."""

    class Meta:
        model = HarvestRun
        fields = ("id", "source", "state", "created_at", "started_at", "ended_at", "counts")
        extra_kwargs = OUR_KEY


class HopShape(serializers.Serializer[Any]):
    """One hop of a trace."""

    artifact = NodeShape(help_text=_("What was reached."))
    depth = serializers.IntegerField(help_text=_("Steps from the origin."))
    relation = serializers.ChoiceField(choices(Relation), help_text=_("Of the edge by which it was reached."))
    certainty = serializers.ChoiceField(choices(Certainty), help_text=_("Of the edge by which it was reached."))
    path_certainty = serializers.ChoiceField(choices(Certainty), help_text=_("The weakest edge on the way."))
    via = NodeShape(help_text=_("The step before."))
    downloads = serializers.IntegerField(
        allow_null=True, help_text=_("In the last 30 days, as the Hub counts; null unknown.")
    )
    likes = serializers.IntegerField(allow_null=True, help_text=_("How many accounts liked it; null unknown."))
