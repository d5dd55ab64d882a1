"""Which accounts a free text names, and what is left of a record's texts without some."""

from types import SimpleNamespace

import pytest

from lineage.hub.texts import Naming, account_typed, accounts_named, facts_without, renamed, words


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("dev/one", ["dev"]),
        ("DEV/One@main", ["DEV"]),
        ("@dev", ["dev"]),
        ("@dev/one", ["dev"]),
        ("base:dev/one, and a-b/c", ["dev", "a-b"]),
        ("merge of dev/one", ["dev"]),
        ("dev/one/tree/main", ["dev"]),
        ("https://huggingface.co/dev", ["dev"]),
        ("see http://www.huggingface.co/dev/one/blob/main/LICENSE.", ["dev"]),
        ("hf.co/datasets/dev/data", ["dev"]),
        ("hf://spaces/dev/app", ["dev"]),
        ("https://huggingface.co/api/models/dev/one", ["dev"]),
        ("HTTPS://HUGGINGFACE.CO/dev.", ["dev"]),
        ("dev", []),
        ("dev-tools", []),
        ("for dev", []),
        ("train/dev/test", ["train"]),
        ("/dev/null", []),
        ("C:/dev/x", []),
        ("https://github.com/dev/repo", []),
        ("someone@dev", []),
        ("https://huggingface.co/datasets", []),
        ("é/x", []),
        ("a" * 97 + "/x", []),
        ("", []),
    ],
)
def test_accounts_are_named_where_the_hub_writes_them(text, named):
    assert set(accounts_named(text)) == set(named)


@pytest.mark.parametrize(
    ("text", "owner", "written"),
    [
        ("dev/one", "", "compte-1/one"),
        ("merge of DEV/one and org/two", "", "merge of compte-1/one and org/two"),
        ("https://huggingface.co/spaces/dev/app?x=dev", "", "https://huggingface.co/spaces/compte-1/app?x=dev"),
        ("@dev, hf.co/dev.", "", "@compte-1, hf.co/compte-1."),
        ("dev", "", "dev"),
        ("dev", "dev", "compte-1"),
        ("Dev-1.0 of devices", "dev", "compte-1-1.0 of devices"),
        ("dev/one by dev", "dev", "compte-1/one by compte-1"),
        ("org", "org", "org"),
    ],
)
def test_a_text_with_other_words_for_its_accounts(text, owner, written):
    """An owner's bare name only in its own texts: `dev` is everybody's tag."""
    assert renamed(text, {"dev": "compte-1"}, owner) == written


@pytest.mark.parametrize(
    "text",
    [
        *("dev", " dev ", "@dev", "dev/one", "ｄｅｖ", "https://huggingface.co/dev", "hf.co/dev/one?x=1"),
        *("https://huggingface.co/datasets/dev/data", "huggingface.co/dev/"),
    ],
)
def test_an_account_is_meant_however_it_is_typed(text):
    assert account_typed(text) == "dev"


@pytest.mark.parametrize("text", ["", "@", "/dev", "https://huggingface.co/", "https://huggingface.co/datasets"])
def test_or_none_is(text):
    assert account_typed(text) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dev", {"dev"}),
        ("by a-b", {"by", "a", "b", "a-b"}),
        ("a_b.c", {"a", "b", "c", "a_b", "b.c", "a_b.c"}),
        ("é dev…", {"dev"}),
        ("--", set()),
        ("", set()),
    ],
)
def test_words_are_what_an_account_could_be_called(text, found):
    assert set(words(text)) == found


@pytest.mark.parametrize(
    ("text", "as_word", "names"),
    [("Dev-Tools", True, True), ("Dev-Tools", False, False), ("DEV/x", False, True), ("devices", True, False)],
)
def test_a_bare_name_counts_only_where_it_means_nobody_else(text, as_word, names):
    assert Naming(frozenset({"dev"}), frozenset({"dev"} if as_word else ()))(text) is names


def test_texts_are_left_out_one_by_one_and_what_stays_is_not_told():
    said = SimpleNamespace(
        license="mit, dev/licence", task="dev/task", library="", languages=("en", "dev/x"), tags=["a", "dev/one", "b"]
    )
    named = Naming(frozenset({"dev"}))
    assert facts_without(said, named) == {"license": "mit", "task": "", "languages": ("en",), "tags": ["a", "b"]}
    assert facts_without(said, lambda text: False) == {}
