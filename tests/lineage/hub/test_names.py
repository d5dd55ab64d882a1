"""What a name on a card means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.hub.names import is_account, is_placeholder, is_repo_id, read_sources, read_target
from lineage.vocabulary import Kind, Unusable

MODEL, DATASET = Kind.MODEL, Kind.DATASET


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("org/name", True),
        ("gpt2", True),
        ("01-ai/Yi-1.5_9B.v2", True),
        ("o" * 96 + "/" + "n" * 96, True),
        ("_/-x", True),
        ("n" * 97, False),
        ("o" * 97 + "/n", False),
        ("a/b/c", False),
        ("org/", False),
        ("/name", False),
        ("", False),
        (".", False),
        ("..", False),
        ("../etc", False),
        ("org/..", False),
        ("org/---", False),
        ("org/name\n", False),
        ("org/na me", False),
        ("org/naïve", False),
        ("org/n\u200bame", False),
        ("org/a\x00b", False),
        ("org/\u0661", False),
    ],
)
def test_a_repo_id_is_what_the_hub_could_hold(text, valid):
    assert is_repo_id(text) is valid
    assert is_account(text) is (valid and "/" not in text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # surroundings
        ("org/name", "org/name"),
        ("  org/name\n", "org/name"),
        ('"org/name"', "org/name"),
        ("`org/name`", "org/name"),
        ("<org/name>", "org/name"),
        ("\ufefforg/name\u200b", "org/name"),
        ("\u202eorg/name\u202c", "org/name"),
        ("org/name/", "org/name"),
        ("org/name@main", "org/name"),
        ("org/name@refs/pr/1", "org/name"),
        ("gpt2", "gpt2"),
        # addresses of the Hub
        ("https://huggingface.co/org/name", "org/name"),
        ("http://www.huggingface.co/org/name/", "org/name"),
        ("https://hf.co/org/name?x=1#y", "org/name"),
        ("HTTPS://HuggingFace.co/org/name/tree/main/sub", "org/name"),
        ("huggingface.co/org/name", "org/name"),
        ("https://huggingface.co/org/name@v1", "org/name"),
        ("https://huggingface.co/gpt2", "gpt2"),
        ("https://huggingface.co/gpt2/blob/main/config.json", "gpt2"),
        ("hf://org/name", "org/name"),
        ("https://huggingface.co/models/x", Unusable.URL),
        ("https://huggingface.co/datasets/org/name", Unusable.URL),
        ("https://huggingface.co/spaces/org/name", Unusable.URL),
        ("https://huggingface.co/", Unusable.URL),
        ("https://huggingface.co/org/na me", Unusable.URL),
        ("https://huggingface.co@example.org/org/name", Unusable.URL),
        ("https://huggingface.co.example.org/org/name", Unusable.URL),
        ("https://example.org/org/name", Unusable.URL),
        ("www.example.org/org", Unusable.URL),
        ("github.com/org/name", Unusable.URL),
        ("github.com/org", Unusable.URL),
        ("s3://bucket/key", Unusable.URL),
        # cache folders
        ("models--org--name", "org/name"),
        ("models--gpt2", "gpt2"),
        ("/kaggle/hf_cache/models--org--name-600M/snapshots/f8d3", "org/name-600M"),
        ("C:\\cache\\hub\\models--org--name\\snapshots\\1", "org/name"),
        ("/cache/datasets--org--name/x", Unusable.PATH),
        ("/cache/mymodels--org--name", Unusable.PATH),
        ("/cache/models/org--name", Unusable.PATH),
        # paths
        ("/data/model_base", Unusable.PATH),
        ("/data/my model", Unusable.PATH),
        ("~/models/x", Unusable.PATH),
        ("./x", Unusable.PATH),
        ("../x", Unusable.PATH),
        ("..", Unusable.PATH),
        ("$HOME/x", Unusable.PATH),
        ("C:\\Models\\Big 5B", Unusable.PATH),
        ("d:/models/x", Unusable.PATH),
        ("out\\x", Unusable.PATH),
        ("file:///x/y", Unusable.PATH),
        ("outputs/qwen2vl-stage1", Unusable.PATH),
        ("models/base_qwen", Unusable.PATH),
        ("org/name/checkpoint-100", Unusable.PATH),
        # accounts bear everyday words
        ("dataset/x", "dataset/x"),
        ("dev/x", "dev/x"),
        ("Language/x", "Language/x"),
        ("diffusers/x", "diffusers/x"),
        ("Models/x", "Models/x"),
        # words and sentences
        ("None", Unusable.PLACEHOLDER),
        ("undefined", Unusable.PLACEHOLDER),
        ("N/A", Unusable.PLACEHOLDER),
        ("None@main", Unusable.PLACEHOLDER),
        ("TODO", Unusable.PLACEHOLDER),
        ("TODO-add-base-model-repo-link", Unusable.PLACEHOLDER),
        ("your-base-model", Unusable.PLACEHOLDER),
        ("your-username/your-model", Unusable.PLACEHOLDER),
        ("todorov-7b", "todorov-7b"),
        ("yourai/model", "yourai/model"),
        ("none/such", "none/such"),
        ("Custom transformer", Unusable.PROSE),
        ("org/name, org/other", Unusable.PROSE),
        ("see https://huggingface.co/org/name", Unusable.PROSE),
        ("llama3:8b", Unusable.INVALID),
        ("org/na\u200bme", Unusable.INVALID),
        ("org/a\x00b", Unusable.INVALID),
        ("@org/name", Unusable.INVALID),
        ("n" * 200, Unusable.INVALID),
        ("大模型", Unusable.INVALID),
        # no text at all
        ("", Unusable.EMPTY),
        (" \u200b\n", Unusable.EMPTY),
        ("''", Unusable.EMPTY),
        (None, Unusable.NOT_TEXT),
        (7, Unusable.NOT_TEXT),
        (True, Unusable.NOT_TEXT),
        ({"name": "org/name"}, Unusable.NOT_TEXT),
        (["org/name"], Unusable.NOT_TEXT),
    ],
)
def test_a_models_name_is_read(text, found):
    assert read_target(text, MODEL) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("squad", "squad"),
        ("https://huggingface.co/datasets/org/name", "org/name"),
        ("https://huggingface.co/datasets/squad", "squad"),
        ("https://huggingface.co/datasets/squad/viewer/plain_text", "squad"),
        ("hf://datasets/org/name@main/data.csv", "org/name"),
        ("https://huggingface.co/datasets", Unusable.URL),
        ("https://huggingface.co/datasets/", Unusable.URL),
        ("https://huggingface.co/org/name", Unusable.URL),
        ("datasets--org--name", "org/name"),
        ("imagefolder", Unusable.PLACEHOLDER),
        ("Generator", Unusable.PLACEHOLDER),
        ("custom-nexai", "custom-nexai"),
        ("base_model", "base_model"),
        ("librispeech 960h", Unusable.PROSE),
    ],
)
def test_a_datasets_name_is_read(text, found):
    assert read_target(text, DATASET) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("original", [Unusable.PLACEHOLDER]),
        ("extended", [Unusable.PLACEHOLDER]),
        ("squad", ["squad"]),
        ("extended|squad", ["squad"]),
        ("Extended | org/name ", ["org/name"]),
        ("extended|other", [Unusable.PLACEHOLDER]),
        ("extended|other-reuters corpus", [Unusable.PLACEHOLDER]),
        ("extended|otherworld", ["otherworld"]),
        ("extended|wikipedia|google", ["wikipedia", "google"]),
        ("extended|", [Unusable.EMPTY]),
        ("extended|WMT 2020 News", [Unusable.PROSE]),
        ("adapted|squad", [Unusable.INVALID]),
        ("List[str]", [Unusable.INVALID]),
        ("https://github.com/org/name", [Unusable.URL]),
        (None, [Unusable.NOT_TEXT]),
        ({"a": 1}, [Unusable.NOT_TEXT]),
    ],
)
def test_a_source_of_a_dataset_is_read(value, found):
    assert list(read_sources(value)) == found


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("NULL", MODEL, True),
        ("imagefolder", MODEL, False),
        ("imagefolder", DATASET, True),
        ("org/imagefolder", DATASET, False),
        ("found", DATASET, True),
        ("found", MODEL, False),
    ],
)
def test_a_placeholder_is_one_for_its_kind(name, kind, says):
    assert is_placeholder(name, kind) is says


@given(st.text() | st.text("/\\.:@|-models~hf$ \u200b\"'", max_size=60), st.sampled_from(Kind))
@settings(deadline=None)
def test_reading_is_total_and_gives_ids_only(text, kind):
    for found in (read_target(text, kind), *read_sources(text)):
        assert isinstance(found, Unusable) or is_repo_id(found)


@pytest.mark.parametrize(
    "text",
    [
        part * 1_000_000
        for part in ("a", "/", "-", ".", " ", "models--", "/models--", "\\", "|", "@", "\u200b", "a:", "<")
    ]
    + ["extended" + "|x" * 500_000, "https://huggingface.co/" + "/" * 2_000_000, '"' + "[[" * 1_000_000],
    ids=lambda text: text[:12],
)
def test_reading_takes_time_linear_in_the_text(text, seconds):
    with seconds(3):
        read_target(text, MODEL)
        for _ in read_sources(text):
            pass


def test_no_real_bare_dataset_is_taken_for_a_placeholder_but_the_readers_once_listed(hub_rows):
    bare = [row["id"] for row in hub_rows("datasets") if "/" not in row["id"]]
    assert len(bare) > 400
    assert [name for name in bare if is_placeholder(name, DATASET)] == ["imagefolder", "pandas"]


def test_no_real_account_is_taken_for_a_folder(hub_rows):
    ids = [row["id"] for name in ("models", "datasets", "models_t0") for row in hub_rows(name)]
    assert [repo_id for repo_id in ids if read_target(repo_id, MODEL) not in (repo_id, Unusable.PLACEHOLDER)] == []
