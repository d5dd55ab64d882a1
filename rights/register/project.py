"""The fields of the back office of rights."""

from rights.register.words import TECHNICAL, Category, Entry, Erasure, Retention, Rows, Shown, Source

EXCLUDED = Entry(Category.SUPPRESSION, Source.RULE, Shown.COPIED, Erasure.KEPT_TO_EXCLUDE)
DONE = Entry(Category.CASES, Source.SITE, Shown.DATED, Erasure.KEPT_AS_PROOF)
OF_OTHERS = Entry(Category.CASES, Source.RULE, Shown.DESCRIBED, Erasure.MEANINGLESS)

TABLES = (
    Rows("rights.ProjectPeriod", Retention.ALWAYS, {TECHNICAL: "id starts_on ends_on notice_reference informed_on"}),
    Rows(
        "rights.Suppression",
        Retention.EXCLUSION,
        {
            EXCLUDED: "id entry subject key_id fingerprint ground reference since review_on newest_author learned "
            "swept hits"
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
        {DONE: "id reference artifact_key field value hub_value began_at agreed closed_at"},
    ),
    Rows("rights.NameDoubt", Retention.PROOF, {OF_OTHERS: "id reference artifact_key raised_at"}),
    Rows("rights.JournalEntry", Retention.PROOF, {DONE: "number at act by_key reference details chain"}),
)
