import re
from datetime import date

import pytest
from django.urls import reverse

from access.roles import Role
from lineage.consultations import shown_keys
from lineage.models import Artifact, Consultation, Counter, WeeklyCounter
from lineage.vocabulary import AccountKind, Kind, Presence, Relation
from tests.factories import AT, make_alias, make_artifact, make_author, make_derivation, make_mention
from tests.graphs import draw
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'


def page_of(artifact, client=None, **asked):
    return (client or signed_in()).get(reverse("lineage:artifact", args=[artifact.pk]), asked)


def family(*names):
    """A line of artifacts, each the primary parent of the next."""
    line: list[Artifact] = []
    for name in names:
        line.append(child_of(line[-1], f"org/{name}") if line else make_artifact(f"org/{name}"))
    return line


def child_of(parent, repo_id):
    """An artifact made from its primary parent."""
    child = make_artifact(repo_id, parent=parent)
    make_derivation(parent, child)
    return child


def test_facts_neighbours_old_names_and_evidence():
    nodes = draw("a -> b -[quantized]-> c; s{dataset} -[trained_on,declared]-> b")
    author = make_author("org", kind=AccountKind.ORGANISATION)
    Artifact.objects.filter(pk=nodes["b"].pk).update(
        author=author, license="apache-2.0", task="text-generation", created_at=AT, unusable={"path": 3}
    )
    Counter.objects.create(artifact=nodes["b"], downloads=1234567, likes=8)
    make_alias("bee", nodes["b"])
    make_mention(nodes["b"], "org/a")
    page = page_of(nodes["b"]).text
    for shown in ("org/a", "org/c", "org/s", "bee", "apache-2.0", "text-generation", "1,234,567", "2 November 2026"):
        assert shown in page, shown
    for words in ("Quantizations", "Trained on", "link established by Hugging Face", "Path of a file or folder"):
        assert words in page, words
    assert f'href="/author/{author.pk}/"' in page


def test_a_bare_artifact_says_that_nothing_is_known():
    page = page_of(make_artifact("org/alone")).text
    assert "declares nothing" in page
    assert "No card that we know declares it." in page
    assert "there is nothing to draw" in page


@pytest.mark.parametrize(
    ("presence", "words", "fields"),
    [
        (Presence.LISTED, "listed on the Hub", {}),
        (Presence.MENTIONED, "only named on other cards", {}),
        (Presence.GONE, "no longer in the Hub&#x27;s catalogue\n", {"gone_since": AT}),
    ],
)
def test_presence_in_words(presence, words, fields):
    page = page_of(make_artifact("org/m", presence=presence, **fields)).text
    assert words.strip() in page
    assert ("See it on Hugging Face" in page) is (presence != Presence.GONE)


def test_the_hub_is_linked_only_over_https(settings):
    settings.HF_ENDPOINT = "http://127.0.0.1:1"
    assert "See it on Hugging Face" not in page_of(make_artifact("org/m")).text


def test_a_name_that_means_another_artifact_leads_there():
    target = make_artifact("org/new")
    between = make_artifact("org/mid", superseded_by=target)
    answer = page_of(make_artifact("org/old", superseded_by=between))
    assert (answer.status_code, answer["Location"]) == (302, f"/artifact/{target.pk}/")


def test_a_repository_whose_name_was_taken_over_still_has_its_page():
    assert "Another repository bears this name today" in page_of(make_artifact("org/m", is_current=False)).text


@pytest.mark.parametrize("key", [0, 10**9, 2**63 - 1, 2**63, 10**30])
def test_an_unknown_key_is_not_found(key):
    for name in ("artifact", "branch", "trace", "author"):
        assert signed_in().get(reverse(f"lineage:{name}", args=[key])).status_code == 404
    assert signed_in().get(reverse("lineage:trace_file", args=[key, "csv"])).status_code == 404


def test_what_is_withheld_has_no_page():
    withheld = make_artifact("org/m", withheld_at=AT)
    author = make_author("acme", kind=AccountKind.ORGANISATION)
    make_artifact("acme/hidden", author=author, withheld_at=AT)
    assert page_of(withheld).status_code == 404
    for name, keys in (("branch", []), ("trace", []), ("trace_file", ["csv"])):
        assert signed_in().get(reverse(f"lineage:{name}", args=[withheld.pk, *keys])).status_code == 404
    assert "acme/hidden" not in signed_in().get(reverse("lineage:author", args=[author.pk])).text


def test_what_is_withheld_is_an_element_not_shown_on_the_pages_of_others():
    root, middle, leaf = family("root", "middle", "leaf")
    Artifact.objects.filter(pk=middle.pk).update(withheld_at=AT)
    for address in (f"/artifact/{leaf.pk}/", f"/artifact/{root.pk}/", f"/artifact/{root.pk}/branch/"):
        page = signed_in().get(address).text
        assert "org/middle" not in page
        assert "element not shown" in page
        assert f'href="/artifact/{middle.pk}/"' not in page


def test_the_tree_goes_down_to_the_artifact_and_opens_by_address():
    root, middle, leaf = family("root", "middle", "leaf")
    other = child_of(root, "org/other")
    grandchild = child_of(other, "org/grandchild")
    page = page_of(leaf).text
    assert f'id="node-{root.pk}"' in page
    assert f'id="node-{middle.pk}"' in page
    assert f'href="?open=-{root.pk}#node-{root.pk}"' in page
    page = page_of(leaf, open=f"{root.pk}").text
    assert f'data-branch="/artifact/{other.pk}/branch/"' in page
    assert f'href="?open={root.pk}-{other.pk}#node-{other.pk}"' in page
    assert f'id="node-{grandchild.pk}"' in page_of(leaf, open=f"{root.pk}-{other.pk}").text


@pytest.mark.parametrize("text", ["", "-", "x", "1-x-2", "9" * 40, "-1", "1e3", "٣", "<script>", "1-" * 500])
def test_an_odd_list_of_open_branches_does_no_harm(text):
    assert page_of(family("a", "b")[1], open=text).status_code == 200


def test_lists_are_closed_as_often_as_they_are_opened():
    root, middle, leaf = family("root", "middle", "leaf")
    for number in range(25):
        child_of(middle, f"org/child-{number}")
    page = page_of(leaf, open=f"{root.pk}-{middle.pk}").text
    for tag in ("li", "ul", "details", "summary"):
        assert page.count(f"<{tag}") - page.count("<link") * (tag == "li") == page.count(f"</{tag}>"), tag


def test_a_branch_is_a_piece_of_page():
    root, child, grandchild = family("root", "child", "grandchild")
    answer = signed_in().get(reverse("lineage:branch", args=[root.pk]))
    assert "<html" not in answer.text
    assert f'href="/artifact/{child.pk}/"' in answer.text
    assert f'data-branch="/artifact/{child.pk}/branch/"' in answer.text
    assert f'id="node-{grandchild.pk}"' not in answer.text


def test_what_authors_chose_is_escaped():
    artifact = make_artifact(
        HOSTILE,
        license=HOSTILE[:120],
        task=HOSTILE[:60],
        library=HOSTILE[:60],
        tags=[HOSTILE] * 20,
        languages=[HOSTILE],
    )
    make_alias(HOSTILE, artifact)
    make_mention(artifact, HOSTILE)
    page = page_of(artifact).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page


def test_a_researcher_sees_labels_instead_of_persons():
    author = make_author("jeanne-demo", kind=AccountKind.PERSON, full_name="Jeanne Exemple")
    mine = make_artifact("jeanne-demo/whale", author=author)
    child_of(mine, "marc-demo/calf")
    make_alias("jeanne-demo/former", mine)
    make_mention(mine, "paul-demo/base", relation=Relation.FINETUNE)
    page = page_of(mine, signed_in(Role.RESEARCHER)).text
    for name in ("jeanne", "Jeanne", "marc-demo", "paul-demo", "huggingface.co"):
        assert name not in page, name
    assert "/whale" in page
    assert "compte-" in page


def test_each_page_is_recorded_once_with_what_it_shows():
    nodes = draw("a -> b -> c")
    page_of(nodes["b"])
    consultation = Consultation.objects.get()
    assert (consultation.operation, consultation.reference) == ("view", f"artifact:{nodes['b'].pk}")
    assert shown_keys(consultation) == sorted(node.pk for node in nodes.values())


def test_a_branch_is_recorded_too():
    root, child = family("root", "child")
    signed_in().get(reverse("lineage:branch", args=[root.pk]))
    assert shown_keys(Consultation.objects.get()) == [root.pk, child.pk]


def test_a_dataset_begins_with_the_models_that_declare_it():
    nodes = draw("s{dataset} -[trained_on,declared]-> m; t{dataset} -[extended_from,declared]-> s")
    page = page_of(nodes["s"]).text
    assert page.index("Models trained on it") < page.index("Extended from")


@pytest.mark.parametrize("size", [2, 30])
@pytest.mark.parametrize("role", [Role.AGENT, Role.RESEARCHER])
def test_at_most_twelve_queries_whatever_it_says(django_assert_max_num_queries, size, role):
    nodes = draw(";".join(f"a -> b{number} -> c{number}" for number in range(size)))
    for number in range(size):
        make_mention(nodes["a"], f"owner-{number}/named")
        make_alias(f"former-{number}/a", nodes["a"])
    client = signed_in(role)
    page_of(nodes["a"], client)
    with django_assert_max_num_queries(12):
        page_of(nodes["a"], client)


def test_an_author_and_what_it_owns():
    author = make_author("acme", kind=AccountKind.ORGANISATION, full_name="Acme Laboratories")
    few = make_artifact("acme/few", author=author)
    many = make_artifact("acme/many", Kind.DATASET, author=author)
    make_artifact("acme/renamed", author=author, superseded_by=few)
    Counter.objects.create(artifact=many, downloads=99)
    page = signed_in().get(reverse("lineage:author", args=[author.pk])).text
    assert "Acme Laboratories" in page
    assert page.index("acme/many") < page.index("acme/few")
    assert "acme/renamed" not in page
    assert Consultation.objects.get().reference == f"author:{author.pk}"


def test_an_author_of_many_is_paged(django_assert_max_num_queries):
    author = make_author("acme", kind=AccountKind.ORGANISATION)
    for number in range(51):
        make_artifact(f"acme/m{number:02}", author=author)
    client, address = signed_in(), reverse("lineage:author", args=[author.pk])
    with django_assert_max_num_queries(8):
        first = client.get(address).text
    assert "Page 1 of 2" in first
    assert "acme/m50" not in first
    assert "acme/m50" in client.get(address, {"page": "2"}).text
    for page in ("0", "-1", "x", "999999999999999999999"):
        assert client.get(address, {"page": page}).status_code == 200


def test_a_masked_author():
    author = make_author("jeanne-demo", kind=AccountKind.UNKNOWN, full_name="Jeanne Exemple")
    make_artifact("jeanne-demo/whale", author=author)
    page = signed_in(Role.RESEARCHER).get(reverse("lineage:author", args=[author.pk])).text
    assert "eanne" not in page


def test_weekly_counters_are_a_curve_with_its_table():
    artifact = make_artifact()
    for week, downloads in ((2, 10), (9, 1234), (16, 600)):
        WeeklyCounter.objects.create(artifact=artifact, week=date(2026, 11, week), downloads=downloads, likes=week)
    text = page_of(artifact).text
    assert text.count('<svg class="chart__picture"') == 2
    assert '<td class="table__number">1,234</td>' in text
    assert 'height="160.0"' in text


def test_one_week_is_no_curve():
    artifact = make_artifact()
    WeeklyCounter.objects.create(artifact=artifact, week=date(2026, 11, 2), downloads=10, likes=1)
    assert "Week by week" not in page_of(artifact).text


def test_direct_derivatives_and_all_descendants_are_told_apart():
    nodes = draw("a -> b -> c; a -> d")
    figures = dict(re.findall(r"<div><dt>([^<]+)</dt><dd>([^<]+)</dd></div>", page_of(nodes["a"]).text))
    assert (figures["direct derivatives"], figures["descendants, at least"]) == ("2", "3")
