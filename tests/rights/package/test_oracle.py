"""The packages of fifty accounts hold what SQL finds, row by row and value by value, and nothing else."""

import json

import pytest

from rights.package import draw_up
from rights.package.contents import TEXTS_OF_OTHERS
from rights.package.files import as_json
from tests.rights.package import hub, oracle

pytestmark = pytest.mark.django_db
COUNTED = {"lineage.Consultation", "lineage.Disclosure", TEXTS_OF_OTHERS}


def order(rows):
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def test_fifty_packages_hold_what_the_database_holds():
    reads = hub.made()
    filled = set()
    for account in hub.ACCOUNTS:
        names = {account, hub.RENAMED.get(account, account)}
        case = f"case-{account}"
        package = as_json(draw_up(account=account.upper(), at=hub.LATER, references=[case]))
        tables = {table["table"]: table["rows"] for table in package["tables"]}
        filled |= {name for name, rows in tables.items() if rows}

        assert {name.lower() for name in package["names"]} == names
        for table in oracle.COLUMNS:
            assert order(tables[table]) == order(oracle.held(table, names, case)), (account, table)
        assert order(tables[TEXTS_OF_OTHERS]) == order(oracle.texts(names)), account

        own = oracle.own_keys(names)
        seen = [(operation, at.isoformat()) for keys, operation, at in reads if keys & own]
        assert sorted((row["operation"], row["at"]) for row in tables["lineage.Consultation"]) == sorted(seen), account
        exported = [at.isoformat() for keys, operation, at in reads if keys & own and operation == "export"]
        assert sorted(row["at"] for row in tables["lineage.Disclosure"]) == sorted(exported), account
        assert not {name for name, rows in tables.items() if rows} - {*oracle.COLUMNS, *COUNTED}
    assert filled >= {*oracle.COLUMNS, *COUNTED} - {"lineage.Bridge"}, "the made-up hub fills every table"
