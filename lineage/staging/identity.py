"""Which row each record of a batch belongs to, and who holds which name. Rows in, decisions out; nothing is written.

Three rules make the outcome the same whatever the order of the pages of one run:
- a repository is known by its Hub `_id`, and the greatest of its versions is kept;
- of two repositories seen under one name in one run, the younger holds it; one that was not seen in this run gives way;
- a row without `_id` belongs to whoever is seen under its name.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lineage.staging.versions import EARLIEST, Name, Rank, Version
from lineage.vocabulary import Presence

Seniority = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A stored artifact, as far as the decision needs it.

    `sighted`: already seen in this run; of other rows the dates may be left out.
    `vacated_now`: it lost its name earlier in this run. `raw_digest`: None where no counters are stored.
    """

    key: int
    kind: str
    hub_id: str
    repo_id: str
    is_current: bool
    presence: str
    digest: bytes
    created_at: datetime | None
    modified_at: datetime | None
    sighted: bool
    vacated_now: bool
    downloads: int | None
    likes: int | None
    raw_digest: bytes | None = None

    @property
    def name(self) -> Name:
        return self.kind, self.repo_id

    @property
    def rank(self) -> Rank:
        return self.modified_at or EARLIEST, self.digest

    @property
    def youth(self) -> Seniority:
        return self.created_at or EARLIEST, self.hub_id


@dataclass(slots=True, eq=False)
class Repository:
    """One repository of the batch: its row if it has one, what was read of it, and where it ends up.

    `best` is the version to store; None where the row already holds a newer one from this run.
    `former` are the other names it was seen or stored under. `key` is its row's, given to a new one later.
    """

    kind: str
    hub_id: str
    row: Row | None
    versions: list[Version]
    best: Version | None
    repo_id: str
    former: set[str] = field(default_factory=set)
    holds_name: bool = True
    key: int = 0

    @property
    def name(self) -> Name:
        return self.kind, self.repo_id

    @property
    def youth(self) -> Seniority:
        created_at = self.best.record.created_at if self.best else self.row and self.row.created_at
        return created_at or EARLIEST, self.hub_id

    @property
    def presence(self) -> Presence:
        return Presence.LISTED if self.holds_name else Presence.GONE

    @property
    def is_new(self) -> bool:
        return self.row is None

    @property
    def says_something_new(self) -> bool:
        """Its facts and mentions differ from the row's."""
        return self.best is not None and (self.row is None or self.row.digest != self.best.digest)

    @property
    def stands_elsewhere(self) -> bool:
        """Its identity, its hold on its name or its presence differ from the row's."""
        row = self.row
        return row is not None and (row.hub_id, row.is_current, row.presence) != (
            self.hub_id,
            self.holds_name,
            self.presence,
        )

    @property
    def is_renamed(self) -> bool:
        return self.row is not None and self.row.repo_id != self.repo_id

    @property
    def leaves_its_name(self) -> bool:
        return self.row is not None and self.row.is_current and (self.is_renamed or not self.holds_name)


@dataclass(slots=True)
class Settlement:
    """The decisions on one batch.

    `vacated` rows lose their name to another repository; `merged` rows turn out to be a repository of the batch.
    `left` are the names that repositories of the batch gave up: others seen under them in this run may now hold them.
    `renames` are former names that nobody of the batch holds now, with the repository each of them meant.
    """

    repositories: list[Repository] = field(default_factory=list)
    vacated: list[Row] = field(default_factory=list)
    merged: list[tuple[Row, Repository]] = field(default_factory=list)
    renames: list[tuple[str, Repository]] = field(default_factory=list)

    @property
    def left(self) -> set[Name]:
        return {(repository.kind, repo_id) for repository in self.repositories for repo_id in repository.former}


def settle(versions: Iterable[Version], rows: Iterable[Row]) -> Settlement:
    """Decide on a batch. `rows` are those that bear an `_id` of the batch, or currently hold a name of it."""
    identified: dict[tuple[str, str], list[Version]] = defaultdict(list)
    nameless: dict[Name, list[Version]] = defaultdict(list)
    for version in versions:
        record = version.record
        if record.hub_id:
            identified[record.kind, record.hub_id].append(version)
        else:
            nameless[version.name].append(version)
    desk = _Desk(rows)
    for (kind, hub_id), group in sorted(identified.items()):
        desk.identify(kind, hub_id, group)
    desk.share_names()
    for name, group in nameless.items():
        desk.attach(name, group)
    desk.settlement.renames = desk.renames()
    return desk.settlement


class _Desk:
    """The state of one decision: which rows are spoken for, and who holds each name."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self.by_hub_id = {(row.kind, row.hub_id): row for row in rows if row.hub_id}
        self.by_name = {row.name: row for row in rows if row.is_current}
        self.spoken_for: set[int] = set()
        self.holders: dict[Name, Repository] = {}
        self.settlement = Settlement()

    def identify(self, kind: str, hub_id: str, group: list[Version]) -> None:
        """Take up a repository with an `_id`: its row, its greatest version, its names."""
        row, best = self.by_hub_id.get((kind, hub_id)), _greatest(group)
        names = {version.record.repo_id for version in group}
        repo_id = best.record.repo_id
        kept = row is not None and row.sighted and row.rank >= best.rank
        if row is not None:
            repo_id = row.repo_id if kept else repo_id
            names |= {row.repo_id} if row.is_current or row.vacated_now else set()
        repository = Repository(kind, hub_id, row, group, None if kept else best, repo_id, names - {repo_id})
        repository.holds_name = not kept or (row is not None and row.is_current)
        self._take_up(repository)

    def share_names(self) -> None:
        """Give each name to one of those seen under it; then let names that were only passed through go."""
        claims: dict[Name, list[Repository]] = defaultdict(list)
        for repository in self.settlement.repositories:
            if repository.holds_name:  # not one that already lost it in this run
                claims[repository.name].append(repository)
        for name, claimants in claims.items():
            self._contest(name, claimants)
        for repository in self.settlement.repositories:
            for repo_id in sorted(repository.former):
                self._pass_through(repository, (repository.kind, repo_id))

    def attach(self, name: Name, group: list[Version]) -> None:
        """Records without `_id` belong to whoever holds their name; where nobody does, to a new row."""
        best, holder = _greatest(group), self.holders.get(name)
        if holder is None:
            row = self._outsider(name)
            kept = row is not None and row.sighted and row.rank >= best.rank
            holder = Repository(name[0], row.hub_id if row else "", row, group, None if kept else best, name[1])
            self._take_up(holder)
            self.holders[name] = holder
            return
        holder.versions.extend(group)
        if best.rank > _rank_so_far(holder):
            holder.best = best

    def renames(self) -> list[tuple[str, Repository]]:
        """Former names that nobody seen in this run holds: what they meant is worth an alias."""
        return [
            (repo_id, repository)
            for repository in self.settlement.repositories
            for repo_id in sorted(repository.former)
            if (repository.kind, repo_id) not in self.holders and self._outsider((repository.kind, repo_id)) is None
        ]

    def _take_up(self, repository: Repository) -> None:
        self.settlement.repositories.append(repository)
        if repository.row is not None:
            self.spoken_for.add(repository.row.key)

    def _outsider(self, name: Name) -> Row | None:
        """The row that holds a name and is no repository of this batch."""
        row = self.by_name.get(name)
        return None if row is None or row.key in self.spoken_for else row

    def _contest(self, name: Name, claimants: list[Repository]) -> None:
        outsider, winner = self._outsider(name), max(claimants, key=lambda claimant: claimant.youth)
        outlasts = outsider is not None and bool(outsider.hub_id) and outsider.sighted
        outlasts = outlasts and outsider is not None and outsider.youth > winner.youth
        for claimant in claimants:
            claimant.holds_name = claimant is winner and not outlasts
        if outlasts:
            return
        self.holders[name] = winner
        if outsider is not None:
            self._displace(outsider, winner)

    def _pass_through(self, repository: Repository, name: Name) -> None:
        """It once bore this name: a row there that this run has not seen is older than that."""
        outsider = self._outsider(name)
        if outsider is not None and name not in self.holders and not (outsider.hub_id and outsider.sighted):
            self._displace(outsider, repository)

    def _displace(self, outsider: Row, by: Repository) -> None:
        self.spoken_for.add(outsider.key)
        if outsider.hub_id:
            self.settlement.vacated.append(outsider)
        elif by.row is not None:
            self.settlement.merged.append((outsider, by))
        else:
            by.row = outsider
            if outsider.sighted and outsider.name == by.name and outsider.rank >= _rank_so_far(by):
                by.best = None


def _greatest(group: list[Version]) -> Version:
    return group[0] if len(group) == 1 else max(group, key=lambda version: version.rank)


def _rank_so_far(repository: Repository) -> Rank:
    if repository.best is not None:
        return repository.best.rank
    return repository.row.rank if repository.row else (EARLIEST, b"")
