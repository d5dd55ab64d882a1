"""The fields of the genealogy. A repository is data of its owner, and what is said of it leads there."""

from rights.register.words import TECHNICAL, Category, Entry, Erasure, Retention, Rows, Shown, Source

ACCOUNT = Entry(Category.HUB_ACCOUNT, Source.HUB, Shown.COPIED, Erasure.DELETED)
ACCOUNT_NOTED = Entry(Category.HUB_ACCOUNT, Source.SITE, Shown.COPIED, Erasure.DELETED)
FACT = Entry(Category.REPOSITORY, Source.HUB, Shown.COPIED, Erasure.DELETED)
NOTED = Entry(Category.REPOSITORY, Source.SITE, Shown.COPIED, Erasure.DELETED)
INDEXED = Entry(Category.REPOSITORY, Source.SITE, Shown.DESCRIBED, Erasure.DELETED)  # a copy, to be searched
# A keyed digest: nothing can be read from it.
RECOGNISED = Entry(Category.REPOSITORY, Source.RULE, Shown.DESCRIBED, Erasure.DELETED)
SAID = Entry(Category.LINEAGE, Source.HUB, Shown.COPIED, Erasure.DELETED)
COMPUTED = Entry(Category.LINEAGE, Source.RULE, Shown.COPIED, Erasure.DELETED)
EDGE = Entry(Category.LINEAGE, Source.RULE, Shown.COPIED, Erasure.BRIDGED)
FINGERPRINT = Entry(Category.LINEAGE, Source.RULE, Shown.DESCRIBED, Erasure.DELETED)
ADDED = Entry(Category.LINEAGE, Source.STAFF, Shown.COPIED, Erasure.DELETED)
DECIDED = Entry(Category.ACTS, Source.STAFF, Shown.DESCRIBED, Erasure.DELETED)
# Totals; some cite artifacts by their keys, which lead to nobody once the artifacts are gone.
COUNTED = Entry(Category.LINEAGE, Source.RULE, Shown.DESCRIBED, Erasure.MEANINGLESS)
MARKED = Entry(Category.ACTS, Source.STAFF, Shown.COPIED, Erasure.DELETED)
READ = Entry(Category.READS, Source.SITE, Shown.DATED, Erasure.MEANINGLESS)
WATCHED = Entry(Category.READS, Source.STAFF, Shown.DATED, Erasure.DELETED)

TABLES = (
    Rows("lineage.Author", Retention.PROJECT, {ACCOUNT: "name kind full_name", ACCOUNT_NOTED: "id kind_checked_at"}),
    Rows(
        "lineage.Artifact",
        Retention.PROJECT,
        {
            FACT: "kind hub_id repo_id owner author created_at modified_at license task library languages tags gated "
            "disabled size unusable",
            NOTED: "id presence gone_since is_current withheld_at digest",
            COMPUTED: "superseded_by parent family cycle_broken",
        },
    ),
    Rows("lineage.IndexedName", Retention.PROJECT, {INDEXED: "artifact name"}),
    Rows("lineage.Counter", Retention.PROJECT, {FACT: "artifact downloads likes", RECOGNISED: "raw_digest"}),
    Rows("lineage.WeeklyCounter", Retention.PROJECT, {FACT: "artifact downloads likes", NOTED: "id week"}),
    Rows(
        "lineage.Mention",
        Retention.PROJECT,
        {
            SAID: "artifact field target_kind target relation resolved self_written position",
            COMPUTED: "id first_run",
        },
    ),
    Rows("lineage.Alias", Retention.PROJECT, {COMPUTED: "id kind name artifact origin held_from held_until"}),
    Rows("lineage.NameInquiry", Retention.PROJECT, {SAID: "kind name answer artifact", COMPUTED: "id asked_at"}),
    Rows(
        "lineage.Derivation",
        Retention.PROJECT,
        {EDGE: "id source derived relation certainty held_from held_until"},
    ),
    Rows("lineage.Departed", Retention.PROJECT, {FINGERPRINT: "id name owner derived latest_key"}),
    Rows("lineage.Bridge", Retention.PROJECT, {EDGE: "id source derived certainty held_from made_at"}),
    Rows(
        "lineage.DerivationVerdict",
        Retention.PROJECT,
        {ADDED: "id source derived relation decision reason", DECIDED: "decided_at decided_by"},
    ),
    Rows(
        "lineage.AliasVerdict",
        Retention.PROJECT,
        {ADDED: "id kind name artifact decision reason", DECIDED: "decided_at decided_by"},
    ),
    Rows("lineage.Watch", Retention.PROJECT, {WATCHED: "id artifact holder direction purpose set_at seen_run"}),
    Rows(
        "lineage.WatchedChange",
        Retention.PROJECT,
        {WATCHED: "id watch before after appeared left reparented unlisted noted_at"},
    ),
    Rows("lineage.Sighting", Retention.NEXT_LISTING, {NOTED: "id run artifact"}),
    Rows(
        "lineage.Consultation",
        Retention.READS,
        {READ: "id at user_key operation purpose reference definition count shown"},
    ),
    Rows(
        "lineage.Disclosure",
        Retention.EXPORT,
        {READ: "id at user_key form reference definition count shown kept_until"},
    ),
    Rows(
        "lineage.Corpus",
        Retention.PROJECT,
        {
            READ: "id user_key title definition frozen_at as_of parser_version shown tables pending withdrawn "
            "replaced_at"
        },
    ),
    Rows("lineage.Recall", Retention.PROJECT, {READ: "id corpus_key user_key asked_at done_at"}),
    Rows(
        "lineage.HarvestRun",
        Retention.PROJECT,
        {
            TECHNICAL: "id source state options slot generation created_at started_at heartbeat_at ended_at counts "
            "message"
        },
    ),
    Rows(
        "lineage.HarvestLane",
        Retention.PROJECT,
        {
            TECHNICAL: "id run kind path from_row to_row cursor landmark done read_whole not_before attempts "
            "restarts pages rows rows_total"
        },
    ),
    Rows("lineage.Star", Retention.PROJECT, {MARKED: "id user artifact at"}),
    Rows("lineage.Statistic", Retention.PROJECT, {COUNTED: "id measure period family_key counts others labels as_of"}),
    Rows("lineage.Quarantine", Retention.QUARANTINE, {TECHNICAL: "id run kind reason field length seen_at"}),
    Rows("lineage.Alarm", Retention.PROJECT, {TECHNICAL: "id kind details raised_at cleared_at told_at"}),
    Rows("lineage.HubBudget", Retention.PROJECT, {TECHNICAL: "id left until"}),
    Rows("lineage.GraphState", Retention.PROJECT, {TECHNICAL: "id generation as_of nodes is_due answers"}),
)
