"""A made-up hub of fifty accounts that name, rename and derive from one another, with all that staff may add."""

from datetime import timedelta

from lineage import consultations, disclosures, graph, verdicts
from lineage.models import Artifact, Author, NameInquiry
from lineage.tracing import trace_from
from lineage.vocabulary import AccountKind, Kind, Relation
from rights.effects import announce_lifting, lift, rectify, restrict
from tests.factories import AT, make_user
from tests.rights.listing import record
from tests.rights.test_erasure import harvest

ACCOUNTS = [f"p{number:02}" for number in range(50)]
RENAMED = {f"p{number:02}": f"was{number:02}" for number in (7, 17, 27)}
RESTRICTED, LIFTED, RECTIFIED = ("p03", "p13"), "p23", ("p05", "p15")
LATER = AT + timedelta(days=2)


def hub_id(number, place):
    return f"{number:04x}{place:020x}"


def records(before_renames):
    """The listing, on the day before some accounts were renamed or the day after."""
    named = {name: RENAMED[name] if before_renames and name in RENAMED else name for name in ACCOUNTS}
    yield record("org/base", hub_id=hub_id(900, 1))
    yield record("lab/merged", "", "p01/m0", "P02/m0", hub_id=hub_id(900, 2), tags=("p01/m0", "p01", "chat"))
    for number, name in enumerate(ACCOUNTS):
        owner, other = named[name], named[ACCOUNTS[number * 7 % 50]]
        bases = ["org/base", f"{other}/m0"] if number % 3 else [f"{other}/m{number % 2}"]
        for place in range(number % 3 + 1):
            yield record(
                f"{owner}/m{place}",
                "",
                *(base for base in bases if base != f"{owner}/m{place}"),
                hub_id=hub_id(number, place + 1),
                datasets=[f"{named[ACCOUNTS[(number + 1) % 50]]}/data"],
                tags=(f"{other}/m0", "text"),
                license=["mit", "apache-2.0"][number % 2],
                languages=("en", "fr"),
                downloads=number,
                likes=place,
            )


def made():
    """Harvest it twice, and act on it; returns the reads and exports that took place, each with the keys shown."""
    harvest(*records(before_renames=True))
    harvest(*records(before_renames=False), day=1)
    Author.objects.filter(name__in=["org", "lab"]).update(kind=AccountKind.ORGANISATION)
    Author.objects.filter(name__in=ACCOUNTS[::2]).update(
        kind=AccountKind.PERSON, full_name="Made Up", kind_checked_at=AT
    )
    agent = make_user("agent-a")
    _decide(agent)
    reads = _read(agent)
    for account in (*RESTRICTED, LIFTED):
        restriction = restrict(account=account, reference=f"case-{account}", by=agent.pk, at=LATER)
    announce_lifting(restriction=restriction, by=agent.pk, at=LATER)
    lift(restriction=restriction, by=agent.pk, at=LATER)
    for account in RECTIFIED:
        key = Artifact.objects.get(repo_id=f"{account}/m0").pk
        case = f"case-{account}"
        rectify(artifact_key=key, field="license", value="gpl-3.0", reference=case, by=agent.pk, at=LATER)
    return reads


def _decide(agent):
    said = {"reason": "seen in the paper", "by": agent, "at": LATER}
    base, eight = (Artifact.objects.get(repo_id=name) for name in ("org/base", "p08/m0"))
    verdicts.add_derivation(source=eight, derived=base, relation=Relation.MERGE, **said)
    verdicts.mean_alias(kind=Kind.MODEL, name="p09/earlier", artifact=eight, **said)
    verdicts.reject_alias(kind=Kind.MODEL, name="p09/never", **said)
    NameInquiry.objects.create(kind="model", name="short", answer="redirect", artifact=eight, asked_at=LATER)


def _read(agent):
    """As (what was shown, kind of read, when)."""
    found = []
    for place, name in enumerate(("p00/m0", "p04/m0", "org/base", "p11/m2")):
        origin, at = Artifact.objects.get(repo_id=name), AT + timedelta(hours=place)
        graph.build()
        trace = trace_from(origin)
        disclosures.hand_over(trace, form="csv", by=agent, at=at)
        found.append(({origin.pk, *trace.keys.tolist()}, "export", at))
        consultations.record(by=agent, operation="view", at=at, reference=f"artifact:{origin.pk}")
        found.append(({origin.pk}, "view", at))
    return found
