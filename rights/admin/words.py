"""The words of a case's page: what each state waits for, and what each act of the journal is called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from rights.models import JournalEntry, Question
from rights.vocabulary import Decision, Ground, Identity, LetterKind, Opinion, Proof, Right, State

NEXT: Mapping[str, Promise] = {
    State.RECEIVED: gettext_lazy("Show control of an account, then note the identity as verified."),
    State.VERIFIED: gettext_lazy("Decide: grant or refuse."),
    State.FULFILLED: gettext_lazy("Nothing: it was answered."),
    State.WITHDRAWN: gettext_lazy("Nothing: the person withdrew it."),
    State.NOT_IDENTIFIED: gettext_lazy("Nothing: the person was told what would help to identify them."),
    State.REDIRECTED: gettext_lazy("Nothing: the person was told to whom to turn."),
}
ACTS: Mapping[str, Promise] = {
    "case_opened": gettext_lazy("case opened"),
    "case_confirmed": gettext_lazy("address confirmed"),
    "case_assigned": gettext_lazy("case assigned"),
    "case_urgent": gettext_lazy("urgency changed"),
    "case_extended": gettext_lazy("extended by two months"),
    "case_repeats": gettext_lazy("linked with the case that it repeats"),
    "case_closed": gettext_lazy("case closed"),
    "receipt_corrected": gettext_lazy("date of receipt corrected"),
    "reply_received": gettext_lazy("reply received"),
    "mail_returned": gettext_lazy("a mail of ours came back"),
    "question_asked": gettext_lazy("question asked"),
    "question_answered": gettext_lazy("question answered"),
    "question_reminded": gettext_lazy("reminder sent"),
    "code_handed_out": gettext_lazy("code handed out"),
    "account_confirmed": gettext_lazy("account confirmed"),
    "account_not_confirmed": gettext_lazy("account not confirmed"),
    "account_shared": gettext_lazy("sharing of the account noted"),
    "representation_checked": gettext_lazy("mandate or quality checked"),
    "not_restricted_meanwhile": gettext_lazy("not restricted meanwhile: it cannot be, or two agents are needed"),
    "request_verify": gettext_lazy("identity verified"),
    "request_decide": gettext_lazy("decided"),
    "request_dismiss": gettext_lazy("refused without a check of identity"),
    "request_fulfil": gettext_lazy("answer sent"),
    "request_withdraw": gettext_lazy("withdrawn"),
    "request_give_up": gettext_lazy("closed as not identified"),
    "request_redirect": gettext_lazy("redirected"),
    "request_correct": gettext_lazy("wrong click taken back"),
    "request_reopen": gettext_lazy("reopened"),
    "request_carried_out": gettext_lazy("carried out"),
    "case_trace_changed": gettext_lazy("a watched trace changed"),
    "effect_asked": gettext_lazy("asked for, a second agent has to confirm"),
    "exception_asked": gettext_lazy("exception asked for"),
    "opinion_given": gettext_lazy("opinion of the data protection officer"),
    "exception_decided": gettext_lazy("exception decided"),
    "erasure": gettext_lazy("account erased"),
    "objection": gettext_lazy("account no longer collected"),
    "restriction": gettext_lazy("account restricted"),
    "restriction_notice": gettext_lazy("notice before lifting"),
    "restriction_lifted": gettext_lazy("restriction lifted"),
    "rectification": gettext_lazy("value corrected"),
    "rectification_closed": gettext_lazy("correction closed"),
    "reveal": gettext_lazy("restricted element revealed"),
    "access_package": gettext_lazy("copy of the data drawn up"),
    "breach_extract": gettext_lazy("extract for a breach drawn up"),
    "doubt_kept": gettext_lazy("name of somebody else kept"),
    "doubt_taken_out": gettext_lazy("artifact of somebody else taken out for its name"),
    "letter": gettext_lazy("letter written"),
    "noted": gettext_lazy("noted"),
    "referral_received": gettext_lazy("referral received"),
    "referral_confirmed": gettext_lazy("address confirmed"),
    "referral_withdrawn": gettext_lazy("withdrawn"),
    "referral_assigned": gettext_lazy("referral assigned"),
    "referral_urgent": gettext_lazy("urgency changed"),
    "referral_handed_over": gettext_lazy("handed over to a service that can act at once"),
    "referral_artifact": gettext_lazy("dataset or model noted"),
    "referral_dossier": gettext_lazy("dossier taken"),
    "referral_trace_changed": gettext_lazy("the trace changed"),
    "referral_contact_point": gettext_lazy("contact point noted"),
    "referral_closed": gettext_lazy("referral closed"),
    "legal_hold": gettext_lazy("legal hold"),
    "legal_hold_released": gettext_lazy("legal hold released"),
}
WORDS: Mapping[str, Mapping[str, "str | Promise"]] = {
    "kind": dict(LetterKind.choices) | dict(Question.Kind.choices),
    "right": dict(Right.choices),
    "decision": dict(Decision.choices),
    "ground": dict(Ground.choices),
    "opinion": dict(Opinion.choices),
    "proof": dict(Proof.choices),
    "identity": dict(Identity.choices),
    "was": dict(State.choices),
}


def act_words(entry: JournalEntry) -> str:
    """An entry of the journal in words; an act that this page does not know, by its own word."""
    said = str(ACTS.get(entry.act, entry.act))
    more = [str(WORDS[name].get(str(value), value)) for name, value in entry.details.items() if value and name in WORDS]
    return f"{said} ({', '.join(more)})" if more else said
