"""Whether an account's bare name means nobody else, so that it leaves other people's texts as a word, too."""

from lineage.hub.texts import LISTS, TEXTS, Naming, texts_in
from lineage.silencing import holding

SHORTEST = 8  # characters
EVERYDAY = 3  # other accounts in whose texts the word stands: from then on it is a word of the trade


def is_unmistakable(account: str) -> bool:
    """Of a shape that no everyday word has, and hardly anybody else's word: not `dev`, and not `llama-3-8b` either."""
    return has_shape(account) and not _is_everyday(account)


def has_shape(name: str) -> bool:
    """Long, and of letters and digits."""
    return len(name) >= SHORTEST and any(map(str.isdigit, name)) and any(map(str.isalpha, name))


def _is_everyday(account: str) -> bool:
    """Whether the word stands in the texts of several other accounts."""
    naming, owners = Naming(frozenset(), frozenset({account})), set[str]()
    others = holding(frozenset({account})).exclude(owner__iexact=account)
    for owner, *facts in others.values_list("owner", *TEXTS, *LISTS).iterator():
        if any(map(naming, texts_in(facts))):
            owners.add(owner)
        if len(owners) >= EVERYDAY:
            return True
    return False
