"""A line of the web server's log tells which kind of page was asked for, never what was typed."""

import pytest

from genealogy_site.access_log import UNKNOWN, pattern


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "/"),
        ("/artifact/7/", "artifact/<int:key>/"),
        ("/artifact/7/trace.csv", "artifact/<int:key>/trace.<slug:suffix>"),
        ("/account/sessions/abc/end/", "account/sessions/<slug:reference>/end/"),
        ("/models/made-up-person/x", UNKNOWN),
        ("/artifact/made-up-person/", UNKNOWN),
        ("/static/css/made-up-person.css", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_the_pattern_of_an_address(path: str, kept: str) -> None:
    assert pattern(path) == kept


def test_what_the_back_office_catches_is_not_told() -> None:
    assert "made-up-person" not in pattern("/admin/made-up-person/")
