"""What is held about an account, read by SQL written from the schema alone: nothing of the register or the package."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from lineage.naming import masked

# Columns as they stand in a package; "name=column" where the column holds the key of an artifact or author.
COLUMNS = {
    "lineage.Author": "id name kind full_name kind_checked_at",
    "lineage.Artifact": "id kind hub_id repo_id owner @author=author_id created_at modified_at license task library "
    "languages tags gated disabled size unusable presence gone_since is_current withheld_at digest "
    "superseded_by=superseded_by_id parent=parent_id family=family_id cycle_broken",
    "lineage.Counter": "artifact=artifact_id downloads likes",
    "lineage.WeeklyCounter": "id artifact=artifact_id week downloads likes",
    "lineage.Mention": "id artifact=artifact_id field target_kind target relation resolved self_written position "
    "first_run:first_run_id",
    "lineage.Alias": "id kind name artifact=artifact_id origin held_from held_until",
    "lineage.NameInquiry": "id kind name answer artifact=artifact_id asked_at",
    "lineage.Derivation": "id source=source_id derived=derived_id relation certainty held_from held_until",
    "lineage.Bridge": "id source=source_id derived=derived_id certainty held_from made_at",
    "lineage.DerivationVerdict": "id source=source_id derived=derived_id relation decision reason",
    "lineage.AliasVerdict": "id kind name artifact=artifact_id decision reason",
    "lineage.Sighting": "id run:run_id artifact=artifact_id",
    "rights.Suppression": "id entry subject key_id fingerprint ground reference also_for since review_on newest_author "
    "learned swept hits",
    "rights.Restriction": "began_at notice_sent_at lifted_at",
    "rights.Rectification": "id reference artifact_key field value hub_value began_at agreed closed_at",
    "rights.JournalEntry": "at act",
}
OF_ARTIFACT = "artifact_id IN (SELECT id FROM own)"
AT_AN_END = "source_id IN (SELECT id FROM own) OR derived_id IN (SELECT id FROM own)"
OWNED = "EXISTS (SELECT 1 FROM account WHERE substr(lower({0}), 1, length(account.name) + 1) = account.name || '/')"
NAMED = "EXISTS (SELECT 1 FROM name WHERE name.kind = {0} AND name.text = {1})"
WHERE = {
    "lineage.Author": "lower(name) IN (SELECT name FROM account)",
    "lineage.Artifact": "id IN (SELECT id FROM own)",
    "lineage.Counter": OF_ARTIFACT,
    "lineage.WeeklyCounter": OF_ARTIFACT,
    "lineage.Mention": f"{OF_ARTIFACT} OR {OWNED.format('target')} OR {NAMED.format('target_kind', 'target')}",
    "lineage.Alias": f"{OF_ARTIFACT} OR {OWNED.format('lineage_alias.name')}",
    "lineage.NameInquiry": f"{OF_ARTIFACT} OR {OWNED.format('lineage_nameinquiry.name')}",
    "lineage.Derivation": AT_AN_END,
    "lineage.Bridge": AT_AN_END,
    "lineage.DerivationVerdict": AT_AN_END,
    "lineage.AliasVerdict": f"{OF_ARTIFACT} OR {OWNED.format('lineage_aliasverdict.name')}",
    "lineage.Sighting": OF_ARTIFACT,
    "rights.Suppression": "reference = {case}",
    "rights.Restriction": "reference = {case}",
    "rights.Rectification": "artifact_key IN (SELECT id FROM own)",
    "rights.JournalEntry": "reference = {case}",
}
CTE = """
WITH RECURSIVE account(name) AS (VALUES {accounts}),
own(id) AS (
    SELECT a.id FROM lineage_artifact a LEFT JOIN lineage_author w ON w.id = a.author_id
    WHERE lower(a.owner) IN (SELECT name FROM account) OR lower(w.name) IN (SELECT name FROM account)
    UNION SELECT a.id FROM lineage_artifact a JOIN own ON a.superseded_by_id = own.id),
name(kind, text) AS (
    SELECT kind, repo_id FROM lineage_artifact WHERE id IN (SELECT id FROM own)
    UNION SELECT kind, name FROM lineage_alias WHERE artifact_id IN (SELECT id FROM own))
"""
MOMENTS = (
    "at since began_at notice_sent_at lifted_at closed_at created_at modified_at gone_since withheld_at held_from "
)
MOMENTS += "held_until asked_at made_at kind_checked_at"
DAYS = "week review_on"
TRUTHS = "disabled is_current cycle_broken resolved self_written learned swept agreed"
JSONS = "languages tags unusable also_for value hub_value"


def held(table, accounts, case):
    """The rows of one table about an account, as a package should give them, by SQL."""
    columns = [column.replace(":", "=").lstrip("@").partition("=") for column in COLUMNS[table].split()]
    where = WHERE[table].replace("{case}", f"'{case}'")
    select = ", ".join(stored or name for name, _is, stored in columns)
    sql = f"{cte(accounts)} SELECT {select} FROM {table.replace('.', '_').lower()} WHERE {where} ORDER BY 1"
    cited = {spec.lstrip("@").partition("=")[0] for spec in COLUMNS[table].split() if "=" in spec and spec[0] != "@"}
    own = set(first(f"{cte(accounts)} SELECT id FROM own"))
    rows = []
    for values in everything(sql):
        row = {name: plain(name, value) for (name, _is, _stored), value in zip(columns, values, strict=True)}
        rows.append(row | {name: artifact(row[name], own) for name in cited} | authored(row, columns, accounts))
    return rows


def own_keys(accounts):
    """The keys of the account's artifacts."""
    return set(first(f"{cte(accounts)} SELECT id FROM own"))


def texts(accounts):
    """What others' free texts say: those of an artifact in one row. In this hub, ids and addresses alone."""
    own, nothing = own_keys(accounts), {"license": "", "task": "", "library": "", "languages": [], "tags": []}
    for key, licence, tags in everything("SELECT id, license, tags FROM lineage_artifact ORDER BY id"):
        said = [tag for tag in plain("tags", tags) if names_one_of(accounts, tag)]
        row = {"license": licence} if names_one_of(accounts, licence) else {}
        if key not in own and (said or row):
            yield nothing | row | {"repo_id": artifact(key, own), "tags": said}


def names_one_of(accounts, text):
    return any(f"@{text.lower()}".find(f"{mark}{name}/") >= 0 for name in accounts for mark in ("@", "huggingface.co/"))


def cte(accounts):
    return CTE.format(accounts=", ".join(f"('{account}')" for account in accounts))


def authored(row, columns, accounts):
    if "author" not in {name for name, _is, _stored in columns} or row["author"] is None:
        return {}
    ((name, kind),) = everything(f"SELECT name, kind FROM lineage_author WHERE id = {row['author']}")
    clear = name.lower() in accounts or kind == "organisation"
    return {"author": name if clear else masked(name)}


def artifact(key, own):
    """How an artifact is called in the package of whose are `own`."""
    if key is None:
        return None
    ((name, owner, withheld),) = everything(
        f"SELECT repo_id, owner, withheld_at FROM lineage_artifact WHERE id = {key}"
    )
    if key in own:
        return name
    if withheld:
        return "element not shown"
    organisations = first("SELECT name FROM lineage_author WHERE kind = 'organisation'")
    return name if owner in organisations or not owner else f"{masked(owner)}/{name.partition('/')[2]}"


def plain(name, value):
    """A value as JSON holds it, whatever the database gives."""
    if value is None:
        return None
    for names, read in READ_AS.items():
        if name in names.split():
            return read(value)
    return value


def moment(value):
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).isoformat()


READ_AS: dict[str, Any] = {
    JSONS: lambda value: json.loads(value) if isinstance(value, str) else value,
    TRUTHS: bool,
    "digest": lambda value: bytes(value).hex(),
    DAYS: str,
    MOMENTS: moment,
}


def everything(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def first(sql):
    return [row[0] for row in everything(sql)]
