"""The fields of the back office of rights."""

from rights.register.words import TECHNICAL, Category, Entry, Erasure, Retention, Rows, Shown, Source

EXCLUDED = Entry(Category.SUPPRESSION, Source.RULE, Shown.COPIED, Erasure.KEPT_TO_EXCLUDE)
DECIDED = Entry(Category.ACTS, Source.STAFF, Shown.COPIED, Erasure.KEPT_AS_PROOF)
DONE = Entry(Category.CASES, Source.SITE, Shown.DATED, Erasure.KEPT_AS_PROOF)
CORRECTED = Entry(Category.CASES, Source.STAFF, Shown.COPIED, Erasure.DELETED)
HANDED = Entry(Category.CASES, Source.SITE, Shown.DATED, Erasure.SEALED)
LOCKED = Entry(Category.CASES, Source.SITE, Shown.DESCRIBED, Erasure.SEALED)
OF_OTHERS = Entry(Category.CASES, Source.RULE, Shown.DESCRIBED, Erasure.MEANINGLESS)

TABLES = (
    Rows(
        "rights.ProjectPeriod",
        Retention.ACCOUNT,
        {
            TECHNICAL: "id starts_on ends_on notice_reference informed_on",
            DECIDED: "dpo_opinion dpo_opinion_on dpo_key",
        },
    ),
    Rows(
        "rights.Purge",
        Retention.PROOF,
        {DECIDED: "id asked_by_key asked_at confirmed_by_key confirmed_at certificate"},
    ),
    Rows(
        "rights.Notice",
        Retention.ALWAYS,
        {TECHNICAL: "id version in_force_from text_fr text_en categories sources recipients purposes published_at"},
    ),
    Rows(
        "rights.Suppression",
        Retention.EXCLUSION,
        {
            EXCLUDED: "id entry subject key_id fingerprint ground reference also_for since review_on newest_author "
            "learned swept hits"
        },
    ),
    Rows(
        "rights.Restriction",
        Retention.PROOF,
        {DONE: "id reference artifact_keys began_at notice_sent_at lifted_at"},
    ),
    Rows(
        "rights.Rectification",
        Retention.PROOF,
        {CORRECTED: "id reference artifact_key field value hub_value began_at agreed closed_at"},
    ),
    Rows(
        "rights.AccessPackage",
        Retention.PACKAGE,
        {HANDED: "id reference language drawn_up_at expires_at fetched_at", LOCKED: "token body attempts"},
    ),
    Rows("rights.NameDoubt", Retention.PROOF, {OF_OTHERS: "id reference artifact_key raised_at"}),
    Rows("rights.JournalEntry", Retention.PROOF, {DONE: "number at act by_key reference details chain"}),
)
