"""What staff leaves behind at work: reads, files, dossiers, corpora, corrections and reasons that name an account."""

from io import StringIO

PAGES = ("artifact", "trace", "tree", "withdrawal")
ACTS = ("watch", "star", "draw_up")


def worked(name):
    """Read, search, export, study and correct, with this account's name wherever it can be typed or is shown."""
    from django.conf import settings
    from django.core.management import call_command
    from django.urls import reverse
    from django.utils import timezone

    from access.roles import Role
    from lineage import corpora
    from lineage.exports import FILES
    from lineage.models import Artifact, Author
    from tests.lineage.readers import make_reader, signed_in

    settings.ALLOWED_HOSTS = ["testserver"]
    one = Artifact.objects.get(repo_id=f"{name}/one")
    for role in (Role.AGENT, Role.SUPERVISOR, Role.RESEARCHER):
        client = signed_in(role)
        read = [client.get("/", {"q": text}) for text in (name, f"{name}/one")]
        read += [client.get(reverse(f"lineage:{page}", args=[one.pk])) for page in PAGES]
        read.append(client.get(reverse("lineage:author", args=[Author.objects.get(name=name).pk])))
        read += [client.get(reverse("lineage:trace_file", args=[one.pk, kind.suffix])) for kind in FILES.values()]
        read += [client.post(reverse(f"lineage:{act}", args=[one.pk]), follow=True) for act in ACTS]
        assert {answer.status_code for answer in read} == {200}, [answer.status_code for answer in read]
        files = [b"".join(answer) for answer in read if answer.streaming]
        assert len(files) == len(FILES)
    call_command("trace", "model", "org/base", "--format", "csv", stdout=StringIO())
    corpus = corpora.request(title=f"all of {name}", definition={}, by=make_reader(), at=timezone.now())
    corpora.freeze(corpus)


def corrected_and_reasoned(name):
    """Corrections and reasons of staff about somebody else's artifacts, which name this account."""
    from django.utils import timezone

    from access.models import User
    from lineage import verdicts
    from lineage.models import Artifact
    from lineage.vocabulary import Relation
    from rights.effects import close_rectification, rectify

    agent, at = User.objects.get(username="agent-a"), timezone.now()
    base, child = Artifact.objects.get(repo_id="org/base"), Artifact.objects.get(repo_id="lab/child")
    said = {"reference": "case-0", "by": agent.pk, "at": at}
    rectify(artifact_key=child.pk, field="license", value=f"https://hf.co/{name}/one, mit", **said)
    closed = rectify(artifact_key=child.pk, field="tags", value=[f"{name}/one", name], **said)
    close_rectification(rectification=closed, by=agent.pk, at=at)
    verdicts.add_derivation(
        source=base, derived=child, relation=Relation.ADAPTER, reason=f"{name} says so", by=agent, at=at
    )
