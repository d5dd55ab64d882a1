"""The fields of the desk: what persons write to us, and what is done about it."""

from rights.register.words import Category, Entry, Erasure, Retention, Rows, Shown, Source

WRITTEN = Entry(Category.CORRESPONDENCE, Source.WRITER, Shown.COPIED, Erasure.KEPT_AS_PROOF)
NOTED = Entry(Category.CORRESPONDENCE, Source.STAFF, Shown.COPIED, Erasure.KEPT_AS_PROOF)
STEP = Entry(Category.CASES, Source.SITE, Shown.DATED, Erasure.KEPT_AS_PROOF)
HANDLED = Entry(Category.CASES, Source.STAFF, Shown.DATED, Erasure.KEPT_AS_PROOF)
SEEN = Entry(Category.REFERRALS, Source.WRITER, Shown.COPIED, Erasure.KEPT_AS_PROOF)
REFERRED = Entry(Category.REFERRALS, Source.SITE, Shown.DATED, Erasure.KEPT_AS_PROOF)
MINDED = Entry(Category.REFERRALS, Source.STAFF, Shown.DESCRIBED, Erasure.KEPT_AS_PROOF)
VISIT = Entry(Category.VISITS, Source.SITE, Shown.DESCRIBED, Erasure.KEPT_AS_PROOF)
ENCLOSED = Entry(Category.CORRESPONDENCE, Source.WRITER, Shown.DESCRIBED, Erasure.KEPT_AS_PROOF)
INNER = Entry(Category.CORRESPONDENCE, Source.STAFF, Shown.DESCRIBED, Erasure.KEPT_AS_PROOF)

TABLES = (
    Rows(
        "rights.RightsCase",
        Retention.CASE,
        {
            WRITTEN: "name contact message representation language requester channel was_minor",
            NOTED: "extension_reason",
            STEP: "id reference number version created_at received_at received_on due_on latest_on contact_mark "
            "confirmed_at extension_sent_on closed_at duplicate_of",
            HANDLED: "representation_checked_at urgent legal_hold_at",
            INNER: "agent deputy legal_hold_reason",
        },
    ),
    Rows(
        "rights.ClaimedAccount",
        Retention.CASE,
        {
            WRITTEN: "name",
            STEP: "id case name_mark identity code_asked_at settled_at",
            NOTED: "proof note is_shared",
            INNER: "code settled_by",
        },
    ),
    Rows(
        "rights.RightsRequest",
        Retention.CASE,
        {
            STEP: "id case right state effect_at recipients told_at ended_at",
            NOTED: "decision decided_at ground reasons complaint judicial_remedy",
            INNER: "decided_by effect_asked_by",
        },
    ),
    Rows(
        "rights.Question",
        Retention.CASE,
        {
            STEP: "id case",
            NOTED: "kind text doubt asked_on reminded_on",
            WRITTEN: "answered_on answer",
            INNER: "asked_by",
        },
    ),
    Rows("rights.CaseNote", Retention.CASE, {STEP: "id case at", INNER: "text by"}),
    Rows(
        "rights.Exemption",
        Retention.CASE,
        {
            STEP: "id request asked_at opinion_at decided_at",
            NOTED: "ground applies motive",
            INNER: "argument asked_by opinion opinion_text opinion_by decided_by",
        },
    ),
    Rows(
        "rights.Referral",
        Retention.REFERRAL,
        {
            SEEN: "name contact message claimed seen_what seen_where seen_when language channel",
            REFERRED: "id reference number version created_at received_at contact_mark confirmed_at closed_at urgent "
            "handed_over_at",
            MINDED: "artifact_key agent handed_over_to",
        },
    ),
    Rows(
        "rights.OutgoingLetter",
        Retention.CASE,
        {
            STEP: "id case referral kind right language sha256 way written_at sent_at",
            NOTED: "recipient subject text",
            INNER: "written_by",
        },
    ),
    Rows(
        "rights.ReferralDossier",
        Retention.REFERRAL,
        {REFERRED: "id referral disclosure_key definition count taken_at changed_at", MINDED: "taken_by"},
    ),
    Rows(
        "rights.ContactPoint",
        Retention.REFERRAL,
        {REFERRED: "id referral artifact_key noted_on", MINDED: "address source noted_by"},
    ),
    Rows("rights.Reply", Retention.CASE, {STEP: "id case referral", WRITTEN: "received_at channel text"}),
    Rows(
        "rights.IncomingLetter",
        Retention.CASE,
        {
            STEP: "id case referral dropped_at by_our_server message_mark content_mark automatic returned_status "
            "returned_letter reply",
            WRITTEN: "channel received_at sender sender_name subject text left_out thread",
            INNER: "dropped_by",
        },
    ),
    Rows(
        "rights.Attachment", Retention.CASE, {STEP: "id letter", WRITTEN: "name kind size sha256", ENCLOSED: "content"}
    ),
    Rows("rights.Knock", Retention.VISIT, {VISIT: "id door mark slot at"}),
    Rows("rights.FollowUpCode", Retention.VISIT, {VISIT: "id reference code_hash expires_at attempts"}),
)
