"""`manage.py harvest`: what is printed, what machines read, which exit code, what a wrong word comes to."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lineage import authors, foreground, harvest
from lineage.lanes import TakenOver
from lineage.models import Alarm, Artifact, Author, HarvestRun
from lineage.tasks import run_harvest
from lineage.vocabulary import AccountKind, Kind, RunState
from tests.factories import make_author, make_run
from tests.harvesting import Clock, Nobody, listed, models, record
from tests.hub_faults import in_turn, rate_limited, server_error
from tests.hub_standin import HubStandIn, serving

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HARVEST_RETRY_SECONDS = 0
    settings.HUB_PAGE_SIZE = 2
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def hub(settings):
    with serving(HubStandIn(models(5), [record("org/data", 101)], page_size=2)) as standin:
        settings.HF_ENDPOINT = standin.endpoint
        yield standin


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "models.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in models(3)))
    return path


def command(*words, **options):
    out = StringIO()
    call_command("harvest", *(str(word) for word in words), stdout=out, **options)
    return out.getvalue()


def refused(*words):
    """The message and exit code that these words end with, and what was printed before."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("harvest", *(str(word) for word in words), stdout=out)
    return str(error.value), error.value.returncode, out.getvalue()


def last_line(printed):
    return json.loads(printed.strip().splitlines()[-1])


def test_the_hub_is_harvested(hub):
    printed = command("hub")
    assert "complete" in printed
    assert "6 records read" in printed
    assert len(listed()) == 6


def test_the_last_line_is_for_machines(hub):
    said = last_line(command("hub", "--json"))
    run = HarvestRun.objects.get()
    assert (said["run"], said["state"], said["message"]) == (run.pk, "complete", "")
    wanted = {"rows": 6, "created": 6, "updated": 0, "unchanged": 0, "renamed": 0, "gone": 0}
    wanted |= {"quarantined": 0, "dropped": 0, "edges_begun": 0, "edges_ended": 0}
    assert {name: said[name] for name in wanted} == wanted
    again = last_line(command("hub", "--json"))
    assert (again["changed"], again["unchanged"], again["aliases_begun"], again["aliases_ended"]) == (0, 6, 0, 0)


@pytest.mark.parametrize(("words", "rows"), [(["--kind", "model"], 5), (["--limit", "3"], 4), (["--kind=dataset"], 1)])
def test_only_a_part_may_be_asked_for(hub, words, rows):
    assert last_line(command("hub", "--json", *words))["rows"] == rows


def test_old_names_are_left_alone_where_asked(hub):
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": ["squad"]}
    command("hub", "--no-aliases")
    assert all(seen.is_list for seen in hub.seen)


def test_files_and_folders_are_harvested(file):
    (file.parent / "datasets.jsonl").write_text(json.dumps(record("org/d")) + "\n")
    assert last_line(command(file, file.parent / "datasets.jsonl", "--json"))["created"] == 4
    assert last_line(command(file.parent, "--json"))["unchanged"] == 4


def test_a_file_called_hub_may_be_read(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    file.rename(file.parent / "hub")
    assert last_line(command("./hub", "--kind", "model", "--json"))["rows"] == 3


def test_the_kind_of_a_file_that_does_not_tell_is_asked_for(tmp_path):
    path = tmp_path / "listing.jsonl"
    path.write_text(json.dumps({"id": "org/x"}) + "\n")
    message, code, _ = refused(path)
    assert ("--kind" in message, code) == (True, 1)
    command(path, "--kind", "dataset")
    assert Artifact.objects.get().kind == Kind.DATASET


@pytest.mark.parametrize("name", ["missing.jsonl", "letter.txt", "empty-folder", "cut.parquet"])
def test_a_path_that_is_no_snapshot_is_a_clear_error(tmp_path, name):
    (tmp_path / "letter.txt").write_text("Dear Hub,\n")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "empty-folder").mkdir()
    message, code, _ = refused(tmp_path / name)
    assert (name in message, code) == (True, 1)
    assert not HarvestRun.objects.exists()


def test_outside_the_period_the_refusal_is_told_to_people_and_machines(hub, settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Shut"
    for word in ("hub", "authors", "aliases"):
        message, code, printed = refused(word, "--json")
        assert (message, code) == ("No project period is in force.", 1)
        assert last_line(printed) == {"run": None, "state": "refused", "message": message}
    assert hub.seen == []


def test_a_harvest_under_way_is_not_disturbed(hub):
    from django.utils import timezone

    run = make_run(RunState.RUNNING, heartbeat_at=timezone.now())
    message, code, _ = refused("hub")
    assert (f"number {run.pk}" in message, code) == (True, 1)


def test_a_hub_out_of_reach_ends_with_what_to_do(hub):
    hub.faults = lambda seen: server_error(503)
    message, code, printed = refused("hub", "--json")
    assert (hub.endpoint in message, "HF_ENDPOINT" in message, code) == (True, True, 1)
    assert last_line(printed)["state"] == "failed"


def test_a_listing_cut_short_is_an_error_though_its_pages_are_kept(hub):
    hub.faults = lambda seen: server_error(503) if "cursor" in seen.query else None
    message, code, printed = refused("hub", "--json")
    assert ("kept" in message, code) == (True, 1)
    assert (last_line(printed)["state"], last_line(printed)["pages_given_up"]) == ("partial", 1)


def test_ctrl_c_says_what_was_kept(hub, monkeypatch):
    def interrupted(run, **_watching):
        harvest.cancel(run.pk, at=run.created_at)
        raise KeyboardInterrupt

    monkeypatch.setattr(foreground, "conduct", interrupted)
    message, code, printed = refused("hub", "--json")
    assert ("kept" in message, code) == (True, 130)
    assert last_line(printed)["state"] == "cancelled"


def test_a_harvest_that_another_worker_took_over_says_so(hub, monkeypatch):
    def taken(_run, **_watching):
        raise TakenOver

    monkeypatch.setattr(foreground, "conduct", taken)
    message, code, _ = refused("hub")
    assert ("took the harvest over" in message, code) == (True, 1)


def test_the_workers_may_do_it_while_one_looks_on(hub, monkeypatch):
    def begin(key):
        assert HarvestRun.objects.get(pk=key).state == RunState.QUEUED
        foreground.conduct(HarvestRun.objects.get(pk=key), clock=Clock(), watch=Nobody())

    monkeypatch.setattr(run_harvest, "delay", begin)
    assert last_line(command("hub", "--workers", json=True))["state"] == "complete"


def test_ctrl_c_while_looking_on_ends_it(hub, monkeypatch):
    def interrupted(_run, *_stream, **_clock):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_harvest, "delay", lambda key: None)
    monkeypatch.setattr("lineage.management.commands.harvest.watch", interrupted)
    message, code, _printed = refused("hub", "--workers")
    assert ("records read are kept" in message, code) == (True, 130)
    assert HarvestRun.objects.get().state == RunState.CANCELLED


def test_ctrl_c_while_asking_keeps_the_answers(hub, monkeypatch):
    make_author("org")

    def interrupted(_client, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(authors, "fill_kinds", interrupted)
    message, code, _ = refused("authors")
    assert ("kept" in message, code) == (True, 130)


@pytest.mark.parametrize("words", [("hub", "models.jsonl"), ("probe", "authors")])
def test_the_four_words_stand_alone(words):
    message, _code, _ = refused(*words)
    assert "stands alone" in message


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_is_a_number_from_one_on(limit):
    message, _code, _ = refused("hub", f"--limit={limit}")
    assert "from 1 on" in message


def test_a_snapshot_of_the_hub_is_downloaded_and_removed(hub, settings, monkeypatch):
    places = []

    def download(self, address, folder):
        places.append(folder)
        path = folder / "models.jsonl"
        path.write_text(json.dumps(record("org/from-afar")) + "\n")
        return [path]

    monkeypatch.setattr("lineage.hub.client.HubClient.download_snapshot", download)
    command("hf://datasets/some/stats")
    assert listed() == ["org/from-afar"]
    assert [place.parent for place in places] == [settings.VAR_DIR]
    assert not places[0].exists()


def test_accounts_are_asked_about(hub):
    make_author("org"), make_author("someone")
    hub.organisations["org"], hub.persons["someone"] = "Org", "Someone"
    hub.faults = in_turn([])
    assert "2 answers" in command("authors")
    assert set(Author.objects.values_list("kind", flat=True)) == {AccountKind.PERSON, AccountKind.ORGANISATION}


def test_a_limit_holds_for_accounts_too(hub):
    for one in range(5):
        make_author(f"account{one}")
    assert last_line(command("authors", "--limit", "2", "--json")) == {"answered": 2}


def test_the_hub_is_waited_for_while_asking(hub, monkeypatch):
    make_author("org")
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    limits = [rate_limited(2)]
    hub.faults = lambda seen: limits.pop() if limits else None
    assert last_line(command("authors", "--json")) == {"answered": 1}
    assert max(slept) >= 2  # the pretended Hub sleeps too, for no time


def test_accounts_of_a_hub_that_is_down_end_with_an_error(hub):
    for one in range(6):
        make_author(f"account{one}")
    hub.faults = lambda seen: server_error(503)
    message, code, _ = refused("authors")
    assert ("no longer answers" in message, code) == (True, 1)


def test_old_names_alone_may_be_asked(hub):
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": ["squad"]}
    command("hub", "--no-aliases")
    hub.redirects[Kind.DATASET, "squad"] = "org/data"
    assert "1 answers" in command("aliases")
    alias = Artifact.objects.get(repo_id="org/data").aliases.live().get()
    assert alias.name == "squad"
    assert alias.artifact.derivations_from.holding().get().derived.repo_id == "org/m1"


def test_probe_tells_what_differs_and_stores_nothing(hub):
    hub.shelves[Kind.DATASET][0] |= {"novelty": 1, "tags": "text"}
    printed = command("probe")
    assert "novelty" in printed
    assert "tags" in printed
    assert "lastModified" in printed  # the pretended Hub's records bear few fields
    assert not Artifact.objects.exists()


def test_probe_of_a_hub_out_of_reach_is_a_clear_error(hub):
    hub.faults = lambda seen: server_error(500)
    message, code, _ = refused("probe")
    assert (hub.endpoint in message, code) == (True, 1)


def test_a_harvest_looks_at_the_fields_first_and_says_which_changed(hub):
    hub.shelves[Kind.DATASET][0] |= {"tags": "text"}
    err = StringIO()
    call_command("harvest", "hub", "--no-aliases", stdout=StringIO(), stderr=err)
    assert "tags" in err.getvalue()
    assert Alarm.objects.standing().get().kind == Alarm.Kind.FIELDS_CHANGED
    assert len(hub.list_requests) == 2 + 4


def test_a_harvest_of_files_asks_the_hub_nothing(hub, file):
    command(file)
    assert hub.seen == []


def test_a_mistyped_word_is_told_which_words_there_are() -> None:
    with pytest.raises(CommandError, match=r"“huub” is neither a file .* hub, authors"):
        call_command("harvest", "huub")
