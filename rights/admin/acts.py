"""Every act of a case's page: its form, who may send it, and the one call into the desk that it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lineage.hub.client import HubError
from lineage.pages import hub_client
from lineage.vocabulary import Kind
from rights.admin import slots
from rights.admin.slots import Asking, SlotForm
from rights.desk import carrying, clock, exemptions, handling, identity, meanwhile, moves
from rights.desk.acts import ActRefused
from rights.desk.handling import PROCESS
from rights.effects.rectification import LISTS
from rights.models import ClaimedAccount

DECIDE = "rights.decide_exemption"
OPINE = "rights.give_opinion"
DONE = gettext_lazy("Done, and entered in the journal.")


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `run` returns what to say of it."""

    form: type[SlotForm]
    button: "str | Promise"
    run: Callable[[Asking], Any]
    permission: str = PROCESS


def _on_right(act: Callable[..., Any], **names: str) -> Callable[[Asking], Any]:
    """Call an act on the right that is the target, with fields of the form under the act's own names."""

    def run(asking: Asking) -> None:
        fields = {ours: asking.data[theirs] for ours, theirs in names.items()}
        act(case=asking.case, right=asking.target, by=asking.by, at=asking.at, **fields)

    return run


def _told(act: Callable[..., Any], **names: str) -> Callable[[Asking], Any]:
    """The same, for acts that need the moment at which the person was told."""

    def run(asking: Asking) -> None:
        _on_right(partial(act, told_at=asking.moment("told_on")), **names)(asking)

    return run


def _on_case(act: Callable[..., Any], *names: str, **fixed: Any) -> Callable[[Asking], Any]:
    def run(asking: Asking) -> None:
        fields = {name: asking.data[name] for name in names}
        act(case=asking.case, by=asking.by, at=asking.at, **fields, **fixed)

    return run


def _on_key(act: Callable[..., Any], what: str, *names: str, **fixed: Any) -> Callable[[Asking], Any]:
    """Call an act on the account, question or exception that is the target."""

    def run(asking: Asking) -> None:
        _on_case(act, *names, **{what: asking.key}, **fixed)(asking)

    return run


def _refuse(asking: Asking) -> None:
    names = ("ground", "reasons", "in_part", "late_because")
    fields = {name: asking.data[name] for name in names}
    moves.refuse(case=asking.case, right=asking.target, by=asking.by, at=asking.at, **fields)


def _look(asking: Asking) -> str:
    claim = ClaimedAccount.objects.filter(case=asking.case, pk=asking.key).first()
    try:
        place = identity.look_for_code(claim, client=hub_client()) if claim else None
    except HubError:
        raise ActRefused(_("The Hub did not answer. Nothing was changed. Look again in some minutes.")) from None
    if place is None:
        raise ActRefused(_("The code stands neither in the bio nor as a repository's name. Nothing was changed."))
    identity.code_found(case=asking.case, account=asking.key, place=place, by=asking.by, at=asking.at)
    return _("The code was found: control of the account is shown.")


def _hand_out(asking: Asking) -> str:
    code = identity.hand_out_code(case=asking.case, account=asking.key, by=asking.by, at=asking.at)
    return _("Code to send to the person: {code}").format(code=code)


def _carry_out(asking: Asking) -> str:
    done = carrying.carry_out(case=asking.case, right=asking.target, by=asking.by, at=asking.at)
    if done.awaits_second:
        return _("Nothing was done yet: above the threshold, a second agent confirms on this page.")
    return _("Carried out. Recipients to tell: {count}.").format(count=len(done.recipients))


def _hand_over(asking: Asking) -> str:
    deposits = carrying.hand_over(case=asking.case, by=asking.by, at=asking.at)
    codes = ", ".join(deposit.code for deposit in deposits)
    return _("The copy waits for 30 days. Codes for the person, shown this once: {codes}").format(codes=codes)


def _rectify(asking: Asking) -> None:
    data = asking.data
    value: str | list[str] = data["value"].strip()
    if data["field"] in LISTS:
        value = [word.strip() for word in data["value"].split(",") if word.strip()]
    key = carrying.own_artifact(asking.case, Kind(data["kind"]), data["artifact"])
    carrying.rectify(case=asking.case, artifact_key=key, field=data["field"], value=value, by=asking.by, at=asking.at)


def _assign(asking: Asking) -> None:
    keys = {name: int(asking.data[name]) if asking.data[name] else None for name in ("agent", "deputy")}
    handling.assign(case=asking.case, by=asking.by, at=asking.at, **keys)


def _settle(asking: Asking) -> None:
    applies = asking.data["applies"] == "yes"
    _on_key(exemptions.decide_exemption, "exemption", "motive", applies=applies)(asking)


def _receipt(asking: Asking) -> None:
    moment = min(asking.moment("received_on"), asking.case.created_at)
    if asking.data["received_on"] > asking.case.created_at.date():
        moment = asking.moment("received_on")  # refused, with its reason
    clock.correct_receipt(
        case=asking.case, received_at=moment, reason=asking.data["reason"], by=asking.by, at=asking.at
    )


def _note(asking: Asking) -> None:
    handling.note(case=asking.case, text=asking.data["text"], by=asking.by, at=asking.at)


ACTS: Mapping[str, Act] = {
    # each right
    "verify": Act(slots.Plain, gettext_lazy("Identity verified"), _on_right(moves.verify)),
    "grant": Act(slots.Plain, gettext_lazy("Grant"), _on_right(moves.grant)),
    "refuse": Act(slots.Refusal, gettext_lazy("Refuse"), _refuse),
    "fulfil": Act(slots.Told, gettext_lazy("The answer was sent"), _told(moves.fulfil)),
    "withdraw": Act(slots.Plain, gettext_lazy("Withdrawn by the person"), _on_right(moves.withdraw)),
    "give_up": Act(slots.Told, gettext_lazy("Close as not identified"), _told(moves.give_up)),
    "redirect": Act(slots.Redirected, gettext_lazy("Redirect"), _told(moves.redirect, whither="whither")),
    "correct": Act(slots.Reason, gettext_lazy("Take back a wrong click"), _on_right(moves.correct, reason="reason")),
    "reopen": Act(slots.Reason, gettext_lazy("Reopen"), _on_right(moves.reopen, reason="reason")),
    "carry-out": Act(slots.Plain, gettext_lazy("Carry out"), _carry_out),
    "hand-over": Act(slots.Plain, gettext_lazy("Draw up the copy of the data"), _hand_over),
    "rectify": Act(slots.Rectified, gettext_lazy("Correct"), _rectify),
    "ask-exception": Act(
        slots.Argued,
        gettext_lazy("Ask for an exception"),
        _on_right(exemptions.ask_exemption, ground="ground", argument="argument"),
    ),
    # exceptions
    "opinion": Act(
        slots.Opined,
        gettext_lazy("Give the opinion"),
        _on_key(exemptions.give_opinion, "exemption", "opinion", "text"),
        OPINE,
    ),
    "decide-exception": Act(slots.Settled, gettext_lazy("Decide"), _settle, DECIDE),
    # the clock
    "extend": Act(slots.Extension, gettext_lazy("Extend by two months"), _on_case(clock.extend, "reason", "sent_on")),
    "ask": Act(
        slots.Asked, gettext_lazy("Record a question"), _on_case(clock.ask, "kind", "text", "doubt", "asked_on")
    ),
    "answer": Act(
        slots.Answered, gettext_lazy("Record the answer"), _on_key(clock.answer, "question", "answered_on", "text")
    ),
    "remind": Act(
        slots.Reminded, gettext_lazy("A reminder was sent"), _on_key(clock.remind, "question", "reminded_on")
    ),
    "receipt": Act(slots.Receipt, gettext_lazy("Correct the date of receipt"), _receipt),
    # identity
    "code": Act(slots.Plain, gettext_lazy("Hand out a code"), _hand_out),
    "look": Act(slots.Plain, gettext_lazy("Look for the code on the Hub"), _look),
    "vouch": Act(
        slots.Vouched, gettext_lazy("Confirm by other means"), _on_key(identity.vouch, "account", "proof", "note")
    ),
    "deny": Act(
        slots.Reason,
        gettext_lazy("Not confirmed"),
        lambda asking: identity.deny(
            case=asking.case, account=asking.key, note=asking.data["reason"], by=asking.by, at=asking.at
        ),
    ),
    "shared": Act(
        slots.Plain, gettext_lazy("Others use it too"), _on_key(identity.mark_shared, "account", is_shared=True)
    ),
    "heard": Act(
        slots.Plain, gettext_lazy("The others were heard"), _on_key(identity.mark_shared, "account", is_shared=False)
    ),
    "represented": Act(
        slots.Plain, gettext_lazy("Mandate or quality checked"), _on_case(identity.check_representation)
    ),
    # restriction in force
    "restrict-now": Act(
        slots.Reason,
        gettext_lazy("Restrict while it is looked into"),
        _on_key(meanwhile.restrict_now, "account", "reason"),
    ),
    "announce": Act(slots.Plain, gettext_lazy("The person was told that it ends"), _on_case(meanwhile.announce)),
    "lift": Act(slots.Plain, gettext_lazy("Lift the restriction"), _on_case(meanwhile.lift_now)),
    # the case itself
    "note": Act(slots.Noted, gettext_lazy("Note"), _note),
    "assign": Act(slots.Assigned, gettext_lazy("Assign"), _assign),
    "urgent": Act(slots.Plain, gettext_lazy("Look at it first"), _on_case(handling.mark_urgent, urgent=True)),
    "not-urgent": Act(slots.Plain, gettext_lazy("No longer first"), _on_case(handling.mark_urgent, urgent=False)),
    "hold": Act(slots.Reason, gettext_lazy("Put on legal hold"), _on_case(handling.hold, "reason")),
    "release": Act(slots.Plain, gettext_lazy("Release the legal hold"), _on_case(handling.release)),
    "repeats": Act(slots.Repeated, gettext_lazy("It repeats another case"), _on_case(handling.repeats, "other")),
}
