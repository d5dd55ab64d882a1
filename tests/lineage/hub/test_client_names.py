"""What names and accounts mean, and that none is ever shown."""

import logging

import pytest
from huggingface_hub import constants

from lineage.hub.answers import Answer, Meaning, Overview
from lineage.hub.client import BadPage, HubClient, HubError, HubUnavailable, RateLimited
from lineage.vocabulary import AccountKind, Kind
from tests.lineage.hub.odd_server import SECRET, Reply, said

MODEL, DATASET = Kind.MODEL, Kind.DATASET
HUB_ID = "621ffdc136468d709f17abcd"


@pytest.mark.parametrize(
    ("name", "replies", "meaning"),
    [
        ("squad", {"squad": said({"id": "squad", "_id": HUB_ID})}, Meaning(Answer.SAME, "squad", HUB_ID)),
        ("squad", {"squad": said({"id": "o/squad", "_id": HUB_ID})}, Meaning(Answer.REDIRECT, "o/squad", HUB_ID)),
        (
            "squad",
            {"squad": Reply(b"", 307, {"Location": "/api/datasets/o/squad"}), "o/squad": said({"id": "o/squad"})},
            Meaning(Answer.REDIRECT, "o/squad"),
        ),
        (
            "squad",
            {"squad": Reply(b"", 301, {"Location": "/api/datasets/o/squad?x=1"})},
            Meaning(Answer.REDIRECT, "o/squad"),
        ),
        ("o/old", {"o/old": said({"id": "o/old", "_id": "odd"})}, Meaning(Answer.SAME, "o/old")),
        ("squad", {}, Meaning(Answer.ABSENT)),
        ("squad", {"squad": said({"error": "x"}, 401)}, Meaning(Answer.ABSENT)),
        ("squad", {"squad": said({"error": "x"}, 403)}, Meaning(Answer.ABSENT)),
        ("squad", {"squad": said({"id": "o/squad", "private": True})}, Meaning(Answer.ABSENT)),
    ],
)
def test_a_name_means_what_the_hub_answers(server, hub, name, replies, meaning):
    server.replies |= {f"/api/datasets/{path}": reply for path, reply in replies.items()}
    assert hub.meaning(DATASET, name) == meaning


@pytest.mark.parametrize("name", ["..", "../../api/whoami", "a b", "a?b", "a#b", "a/b/c", "", "na%2Fme"])
def test_what_can_be_no_name_is_not_asked(server, hub, name):
    assert hub.meaning(DATASET, name) == Meaning(Answer.ABSENT)
    assert hub.overview(name) == Overview(AccountKind.UNKNOWN)
    assert server.seen == []


@pytest.mark.parametrize("reply", [said([]), said({}), said({"id": 7}), said({"id": "a b"}), Reply(b"<html>")])
def test_an_answer_without_a_name_is_no_meaning(server, hub, reply):
    server.replies["/api/models/gpt2"] = reply
    with pytest.raises(BadPage):
        hub.meaning(MODEL, "gpt2")


@pytest.mark.parametrize("status", [429, 500])
def test_a_name_that_was_not_answered_is_not_absent(server, hub, status):
    server.replies["/api/models/gpt2"] = Reply(b"{}", status)
    with pytest.raises((RateLimited, HubUnavailable)):
        hub.meaning(MODEL, "gpt2")


@pytest.mark.parametrize(
    ("replies", "overview"),
    [
        ({"users": said({"user": "x", "fullname": " Ann\u202e X\x00 ", "orgs": []})}, (AccountKind.PERSON, "Ann X")),
        ({"organizations": said({"name": "x", "fullname": "The X"})}, (AccountKind.ORGANISATION, "The X")),
        ({"organizations": said({"fullname": ["x"]})}, (AccountKind.ORGANISATION, "")),
        ({"organizations": said({"fullname": "x" * 999})}, (AccountKind.ORGANISATION, "x" * 256)),
        ({}, (AccountKind.UNKNOWN, "")),
    ],
)
def test_an_account_is_a_person_or_an_organisation(server, hub, replies, overview):
    server.replies |= {f"/api/{folder}/x/overview": reply for folder, reply in replies.items()}
    assert hub.overview("x") == overview


def test_neither_errors_nor_logs_show_an_address(server, hub, caplog):
    caplog.set_level(logging.INFO)
    server.replies["/api/users/made-up-person/overview"] = Reply(b"{}", 500)
    with pytest.raises(HubError) as raised:
        hub.overview("made-up-person")
    with pytest.raises(HubError) as lost:
        HubClient("http://127.0.0.1:9", timeout=0.2).overview("made-up-person")
    for error in (raised.value, lost.value):
        assert "made-up-person" not in repr(error)
        assert error.__suppress_context__ or error.__context__ is None
    assert "made-up-person" not in caplog.text
    assert SECRET not in caplog.text


def test_offline_mode_is_said_without_the_address(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(HubUnavailable, match="HF_HUB_OFFLINE") as raised:
        hub.overview("made-up-person")
    assert "made-up-person" not in str(raised.value)
