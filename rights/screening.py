"""What of a batch of parsed records may be stored, given the suppression list.

A name is looked for where names stand: owner, author, `_id`, the owner part of a mention; in free texts where it is
written as the Hub writes accounts (an id, an address, after an @), and as a bare word only where the list says that
this word means nobody else. The account `dev` erased leaves everybody's tag `dev` alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from lineage.hub.records import HubRecord, Mention
from lineage.hub.texts import accounts_named, facts_without, words
from lineage.vocabulary import Kind
from rights.models import Suppression
from rights.suppressions import Ground, Listed

Held = Callable[[str, str], bool]  # whether (kind, repository id) is stored, withheld


@dataclass
class Sieve:
    """One batch against the list.

    `newcomers`: owners met with a listed repository, and its entry: to be listed too. `hub_ids`: repositories of listed
    accounts, with the account's entry: to be recognised when they come back under another owner.
    """

    listed: Listed
    stays: Held
    newcomers: dict[str, Suppression] = field(default_factory=dict)
    hub_ids: dict[str, Suppression] = field(default_factory=dict)
    texts: dict[str, Suppression | None] = field(default_factory=dict)  # whom each text named, if anybody
    dropped_records: int = 0
    dropped_mentions: int = 0

    def meet_newcomers(
        self, records: Iterable[HubRecord], strangers: Callable[[dict[str, Suppression]], set[str]]
    ) -> None:
        """Find the owners of listed repositories that are not listed themselves, but for known `strangers`."""
        found = {
            owner_of(record): entry
            for record in records
            if (entry := self.listed.repository(record.hub_id)) and not self.listed.account(owner_of(record))
        }
        found.pop("", None)
        known = strangers(found) if found else set()
        self.newcomers = {owner: entry for owner, entry in found.items() if owner not in known}

    def sift(self, records: Sequence[HubRecord]) -> list[HubRecord]:
        """The records that may be stored, without what they say of listed accounts."""
        return [self._rewritten(record) for record in records if not self._is_dropped(record)]

    def account(self, name: str) -> Suppression | None:
        """The entry of an account, newcomers included."""
        return self.listed.account(name) or self.newcomers.get(name)

    def _is_dropped(self, record: HubRecord) -> bool:
        account = self.account(record.owner) or self.account(record.author)
        repository = self.listed.repository(record.hub_id)
        entry = account or repository or self.listed.others(record.kind, record.repo_id)
        if entry is None:
            return False
        if account and record.hub_id and repository is None:
            self.hub_ids[record.hub_id] = account
        self.listed.meet(entry)
        self.dropped_records += 1
        return True

    def _rewritten(self, record: HubRecord) -> HubRecord:
        mentions = tuple(mention for mention in record.mentions if not self._is_silenced(mention))
        facts = facts_without(record, self._names_listed)
        if len(mentions) == len(record.mentions) and not facts:
            return record
        self.dropped_mentions += len(record.mentions) - len(mentions)
        return replace(record, mentions=mentions, **facts)

    def _is_silenced(self, mention: Mention) -> bool:
        owner, slash, _ = mention.target.partition("/")
        entry = self.account(owner) if slash else None
        entry = entry or self.listed.called(mention.target_kind, mention.target)
        if entry is None:
            return False
        if entry.ground == Ground.RESTRICTION and self.stays(mention.target_kind, mention.target):
            return False
        self.listed.meet(entry)
        return True

    def _names_listed(self, text: str) -> bool:
        if text not in self.texts:
            self.texts[text] = self._named_in(text)
        entry = self.texts[text]
        if entry is not None:
            self.listed.meet(entry)
            self.dropped_mentions += 1
        return entry is not None

    def _named_in(self, text: str) -> Suppression | None:
        """The entry of the first listed account that the text names."""
        named = (self.account(name) for name in accounts_named(text))
        ids = (self.listed.called(kind, text) for kind in Kind) if "/" in text else ()
        bare = (self.listed.word(word) for word in words(text)) if self.listed.knows_words else ()
        return next((entry for entry in chain(named, ids, bare) if entry is not None), None)


def owner_of(record: HubRecord) -> str:
    """The account a record belongs to; "" for an old id without one."""
    return record.owner or record.author
