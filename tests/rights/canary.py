"""The life of one made-up account in a base of its own, run as a process of its own: planted, erased, served again.

`python -m tests.rights.canary FEED` in an environment with VAR_DIR and DATABASE_URL; FEED is a folder for the listings.
"""

import json
import os
import sys
from pathlib import Path

from tests.rights.leaving import corrected_and_reasoned, worked

CANARY, EARLIER, LATER = "qz7canary3k9x", "qz7before3k9x", "qz7renamed3k9x"
OURS = (CANARY, EARLIER, LATER)
HARVESTS = 30


def listed(repo_id, number, *bases, datasets=(), tags=(), author="", **card):
    """One model in the shape of the Hub's list pages."""
    return {
        "_id": f"{number:024x}",
        "id": repo_id,
        "author": author or repo_id.partition("/")[0],
        "createdAt": "2026-01-01T00:00:00.000Z",
        "lastModified": f"2026-01-{number:02d}T00:00:00.000Z",
        "tags": [
            *tags,
            *(f"base_model:{base}" for base in bases),
            *(f"base_model:finetune:{base}" for base in bases),
            *(f"dataset:{name}" for name in datasets),
        ],
        "cardData": {"base_model": list(bases), "datasets": list(datasets)} | card,
        "downloads": 5,
        "likes": 1,
    }


def listing(account):
    """Others before and after the account's repositories, and what they say of it, in every place and case."""
    return [
        listed("org/base", 1),
        listed(f"{account}/one", 2, "org/base", tags=[account, f"{account}/one"]),
        listed(f"{account}/two", 3, f"{account}/one", datasets=[f"{account}/data"]),
        listed("lab/leaf", 4, f"{account}/two", tags=[f"{account}/tag"]),
        listed("lab/other", 5, f"{account.upper()}/One", datasets=[f"{account}/data", f"{account.title()}/data"]),
        listed("lab/old", 6, f"{EARLIER}/one", f"{account}/deleted"),
        listed("lab/child", 7, "lab/leaf"),
        listed("lab/odd", 8, **odd_card(account)),
        listed(
            "lab/free", 9, tags=free_tags(account), license=f"https://hf.co/{account}/one/LICENSE", language=[account]
        ),
        listed(f"{account}/own words", 10),  # no id the Hub could have given: refused
        listed(f"{account}/words", 11, tags=[account], license=account, language=[account], library_name=account),
    ]


def odd_card(account):
    """Where a card names an artifact otherwise than by its plain id."""
    return {
        "base_model": [
            f"https://huggingface.co/{account}/one",
            f"hf://{account}/one/tree/main",
            f" '{account}/one@v1' ",
            f"/home/{account}/.cache/models--{account}--one",
            f"my own {account} model",
            {"name": f"{account}/one"},
        ],
        "base_model:merge": [f"{account}/one/"],
        "datasets": {"name": f"{account}/data"},
        "model-index": [{"name": account}],
        "license_name": account,
        "license_link": f"https://huggingface.co/{account}",
    }


def free_tags(account):
    """How somebody else's tags may name an account."""
    address = f"https://huggingface.co/{account}"
    said = [address, f"{address}/one", f"hf.co/datasets/{account}/data", f"hf://{account}/one", f"@{account}"]
    said += [f"base:{account}/one", f"{account}/one/tree/main", f"{account}/one@v1", f"merge of {account}/one and a/b"]
    said += [account, account.upper(), f"by {account}", f"{account}-style", f"https://{account}.hf.space"]
    return [*said, f"https://github.com/{account}/repo", "everyday word"]


def harvest(feed, records):
    from django.core.management import call_command

    path = feed / "models.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    call_command("harvest", str(path), "--kind", "model")


def plant(feed):
    """The account under its earlier name, then under its present one, and whatever staff may add."""
    from django.utils import timezone

    from access.models import User
    from lineage import verdicts
    from lineage.models import Artifact, Author, NameInquiry
    from lineage.vocabulary import Kind, Relation

    harvest(feed, listing(EARLIER))
    harvest(feed, listing(CANARY))
    agent = User.objects.create_user("agent-a")
    one, child = Artifact.objects.get(repo_id=f"{CANARY}/one"), Artifact.objects.get(repo_id="lab/child")
    Author.objects.filter(name=CANARY).update(kind="person", full_name=f"{CANARY} in full")
    NameInquiry.objects.create(kind="model", name="bare", answer="redirect", artifact=one, asked_at=timezone.now())
    said = {"reason": "seen", "by": agent, "at": timezone.now()}
    verdicts.add_derivation(source=one, derived=child, relation=Relation.MERGE, **said)
    verdicts.mean_alias(kind=Kind.MODEL, name=f"{CANARY}/alias", artifact=one, **said)
    verdicts.reject_alias(kind=Kind.MODEL, name=f"{CANARY}/no", **said)
    corrected_and_reasoned(CANARY)
    worked(CANARY)


def relatives():
    """Everybody's descendants among others, by name."""
    from lineage.models import Artifact
    from lineage.tracing import Filters, trace_from
    from lineage.vocabulary import Certainty

    everything = Filters(certainty=Certainty.INFERRED)
    names = dict(Artifact.objects.values_list("pk", "repo_id"))
    found = {}
    for artifact in Artifact.objects.exclude(presence="mentioned"):
        reached = {names[key] for key in trace_from(artifact, filters=everything).keys.tolist()}
        found[artifact.repo_id] = sorted(name for name in reached if not is_ours(name))
    return {name: reached for name, reached in found.items() if not is_ours(name)}


def is_ours(name):
    return any(word in name.lower() for word in OURS)


def main(feed):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    plant(feed)
    before = relatives()
    (feed / "planted").touch()
    input()  # the test looks at what was planted
    call_command("rights", "erase", CANARY, "--reference", "case-1", "--by", "agent-a")
    assert relatives() == before, (relatives(), before)
    for day in range(HARVESTS):
        harvest(feed, listing((CANARY, LATER, EARLIER)[day % 3]))
        assert relatives() == before, (day, relatives(), before)
    call_command("rights", "scrub", "--whole")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.exit(main(Path(sys.argv[1])))
