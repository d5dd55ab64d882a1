"""The fields of the genealogy. A repository is data of its owner, and what is said of it leads there."""

from rights.register.words import TECHNICAL, Category, Entry, Erasure, Retention, Rows, Shown, Source

ACCOUNT = Entry(Category.HUB_ACCOUNT, Source.HUB, Shown.COPIED, Erasure.DELETED)
ACCOUNT_NOTED = Entry(Category.HUB_ACCOUNT, Source.SITE, Shown.COPIED, Erasure.DELETED)
FACT = Entry(Category.REPOSITORY, Source.HUB, Shown.COPIED, Erasure.DELETED)
NOTED = Entry(Category.REPOSITORY, Source.SITE, Shown.COPIED, Erasure.DELETED)
SAID = Entry(Category.LINEAGE, Source.HUB, Shown.COPIED, Erasure.DELETED)
COMPUTED = Entry(Category.LINEAGE, Source.RULE, Shown.COPIED, Erasure.DELETED)
EDGE = Entry(Category.LINEAGE, Source.RULE, Shown.COPIED, Erasure.BRIDGED)
ADDED = Entry(Category.LINEAGE, Source.STAFF, Shown.COPIED, Erasure.DELETED)
DECIDED = Entry(Category.ACTS, Source.STAFF, Shown.DESCRIBED, Erasure.DELETED)
READ = Entry(Category.READS, Source.SITE, Shown.DATED, Erasure.MEANINGLESS)

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
    Rows("lineage.Counter", Retention.PROJECT, {FACT: "artifact downloads likes"}),
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
        "lineage.HarvestRun",
        Retention.PROJECT,
        {
            TECHNICAL: "id source state options slot generation created_at started_at heartbeat_at ended_at counts message"
        },
    ),
    Rows(
        "lineage.HarvestLane",
        Retention.PROJECT,
        {
            TECHNICAL: "id run kind path cursor landmark done read_whole not_before attempts restarts pages rows "
            "rows_total"
        },
    ),
    Rows("lineage.Quarantine", Retention.QUARANTINE, {TECHNICAL: "id run kind reason field length seen_at"}),
    Rows("lineage.GraphState", Retention.PROJECT, {TECHNICAL: "id generation as_of nodes"}),
)
