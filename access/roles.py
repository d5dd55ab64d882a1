"""What each role may do: the one table. Accounts hold roles (as groups); nothing else grants anything.

Permissions ticked on an account or a group and the superuser's mark are not looked at, so that this
page is the whole truth. A permission reads `app.codename`, as Django's `has_perm` takes it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """The roles, by the name of their group."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    DPO = "dpo"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"


LABELS: Mapping[Role, Promise] = {
    Role.AGENT: _("SIA agent"),
    Role.SUPERVISOR: _("SIA supervisor"),
    Role.DPO: _("data protection officer"),
    Role.RESEARCHER: _("researcher"),
    Role.ADMINISTRATOR: _("administrator"),
}

ENTER_BACK_OFFICE = "access.enter_back_office"
GRANT_NAMES = "access.grant_names"
MANAGE_ACCOUNTS = "access.manage_accounts"
CONFIRM_RESET = "access.confirm_reset"
CONFIRM_PURGE = "rights.confirm_purge"
RECEIVE_HEAD = "rights.receive_journal_head"
PUBLISH_NOTICE = "rights.publish_notice"
SEE_PERSON_NAMES = "lineage.see_person_names"


def _on(app: str, actions: str, models: str) -> frozenset[str]:
    """Django's own permissions: every action on every model, both given as words."""
    return frozenset(f"{app}.{action}_{model}" for action in actions.split() for model in models.split())


RUNS = frozenset({"lineage.run_harvest"}) | _on("lineage", "view", "harvestrun harvestlane quarantine alarm")
GENEALOGY = frozenset({"lineage.view_genealogy", SEE_PERSON_NAMES}) | _on(
    "lineage",
    "view",
    "artifact modelartifact datasetartifact author counter weeklycounter mention derivation alias nameinquiry "
    "derivationverdict aliasverdict",
)
VERDICTS = frozenset({"lineage.decide_verdict"}) | _on("lineage", "add change delete", "derivationverdict aliasverdict")
SCHEDULES = _on(
    "django_celery_beat",
    "view add change delete",
    "periodictask periodictasks crontabschedule intervalschedule solarschedule clockedschedule",
)
RULES_OF_THE_PROJECT = _on("rights", "view", "projectperiod notice")
CASES = _on("rights", "view", "rightscase referral outgoingletter suppression restriction rectification")
DOUBTS = frozenset({"rights.view_namedoubt", "rights.decide_namedoubt"})
AGENT = (
    GENEALOGY
    | RUNS
    | RULES_OF_THE_PROJECT
    | CASES
    | DOUBTS
    | {ENTER_BACK_OFFICE, "rights.process_rightscase", "lineage.freeze_corpus"}
)

PERMISSIONS: Mapping[str, frozenset[str]] = {
    Role.AGENT: AGENT,
    Role.SUPERVISOR: AGENT
    | VERDICTS
    | _on("rights", "add change", "projectperiod notice")
    | _on("access", "view", "namegrant secondfactorreset")
    | _on("rights", "view add", "purge")
    | {GRANT_NAMES, CONFIRM_RESET, PUBLISH_NOTICE, CONFIRM_PURGE, "lineage.view_disclosure"}
    | {"rights.decide_exemption", "rights.view_compliance", "rights.view_journalentry"},
    Role.DPO: RULES_OF_THE_PROJECT
    | CASES
    | {ENTER_BACK_OFFICE, "lineage.view_consultation", "lineage.view_disclosure"}
    | {"rights.give_opinion", "rights.view_compliance", "rights.view_purge", "rights.view_journalentry", RECEIVE_HEAD},
    Role.RESEARCHER: frozenset({"lineage.view_genealogy", "lineage.freeze_corpus"}),
    Role.ADMINISTRATOR: RUNS
    | SCHEDULES
    | _on("access", "view add change", "user")
    | _on("access", "view", "secondfactorreset")
    | {ENTER_BACK_OFFICE, MANAGE_ACCOUNTS, CONFIRM_RESET},
}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything these roles grant together. A group that is no role grants nothing."""
    return frozenset().union(*(PERMISSIONS.get(role, frozenset()) for role in roles))


def install(sender: object, *, using: str, **kwargs: Any) -> None:
    """Make the group of each role, after every migration and flush (a post_migrate receiver)."""
    from django.contrib.auth.models import Group

    for role in Role:
        Group.objects.using(using).get_or_create(name=role.value)
