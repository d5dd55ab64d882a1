"""Words that stand where an artifact's name should stand and name none, each with where it was seen.

Pure. Only bare words are here: whatever bears a namespace can be somebody's repository.
"""

from collections.abc import Mapping

from lineage.vocabulary import Kind

# Written by code or templates for "nothing": `None` on 11 and `undefined` on 4 of 7,386 models (August 2026);
# `null`, `nan`, `none`, `unknown` on dataset tags (July 2025).
NOTHING = frozenset({"none", "null", "nan", "undefined", "unknown", "n/a", "na", "todo", "tbd", "placeholder"})

# A form field left as it was, on model cards.
MODEL_WORDS = frozenset({"base_model", "base-model", "model", "custom", "local", "scratch"})

# What `datasets` calls its file readers, which the Trainer writes as `dataset:` tags: imagefolder 5,143 times,
# generator 3,271 (July 2025); the others are the remaining readers of the library's `packaged_modules`.
READERS = frozenset(
    {
        "imagefolder",
        "audiofolder",
        "videofolder",
        "pdffolder",
        "generator",
        "arrow",
        "parquet",
        "json",
        "csv",
        "text",
        "xml",
        "pandas",
        "webdataset",
    }
)

# The answers the dataset card's own form offers for `source_datasets` in place of an id (`original` 753 times,
# `extended` 21, `found`, `other`), what authors write in that sense (`derived`, `modified`, `own`), and words for
# data of one's own among the 4.5 % of placeholders on models (`updated`, `custom`, `local`).
DATASET_WORDS = frozenset(
    {
        "original",
        "extended",
        "found",
        "other",
        "derived",
        "modified",
        "own",
        "updated",
        "custom",
        "local",
        "private",
        "dataset",
        "custom_dataset",
        "custom-dataset",
        "my_dataset",
    }
)

PLACEHOLDERS: Mapping[Kind, frozenset[str]] = {
    Kind.MODEL: NOTHING | MODEL_WORDS,
    Kind.DATASET: NOTHING | READERS | DATASET_WORDS,
}

# Owners that only a copied template names (`base_model: your-username/your-bf16-repo`).
TEMPLATE_OWNERS = frozenset({"your-username", "your_username"})

# First segments of relative paths that look like an id. Accounts bear everyday words (`dataset`, `dev`, `Language`,
# `diffusers` are accounts), so a word is here only once it was seen as a folder on a card or in a training recipe:
# models/base_qwen, outputs/qwen2vl-stage1, output/BERT_fold_4, checkpoints/base_v1, results/experiment1,
# runs/yarn_lora_sft_v1, data/model_base; and the roots of /content (Colab), /kaggle, /workspace (RunPod), /mnt, /home,
# /root, /tmp, /cache written without their slash.
PATH_SEGMENTS = frozenset(
    {
        "models",
        "outputs",
        "output",
        "checkpoints",
        "results",
        "runs",
        "data",
        "content",
        "kaggle",
        "workspace",
        "mnt",
        "home",
        "root",
        "tmp",
        "cache",
    }
)

# Sites whose addresses are written without "https://".
OTHER_SITES = frozenset(
    {
        "github.com",
        "gitlab.com",
        "arxiv.org",
        "doi.org",
        "kaggle.com",
        "zenodo.org",
        "civitai.com",
        "modelscope.cn",
        "drive.google.com",
    }
)
