"""A small Hub to try the site with: listings in the Hub's own shape, and what the Hub would answer when asked.

Organisations' repositories and their lineage are public facts; every account of a person, every `_id`, every
counter and most dates are made up. README.md beside this file says more.
"""

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from lineage import authors, inquiries
from lineage.models import Author
from lineage.vocabulary import AccountKind, Kind

FOLDER = Path(__file__).parent
LISTINGS = (FOLDER / "models.jsonl", FOLDER / "datasets.jsonl")
ANSWERS = FOLDER / "answers.json"


@transaction.atomic
def record_answers(*, at: datetime) -> None:
    """Keep what the Hub would answer about old names and accounts, as if it had been asked at `at`."""
    answers = json.loads(ANSWERS.read_text(encoding="utf-8"))
    for name in answers["names"]:
        inquiries.record_answer(**name | {"kind": Kind(name["kind"])}, at=at)
    accounts = {account["name"]: account for account in answers["accounts"]}
    for author in Author.objects.filter(name__in=accounts):
        account = accounts[author.name]
        authors.record_kind(author, AccountKind(account["kind"]), account["full_name"], at=at)
