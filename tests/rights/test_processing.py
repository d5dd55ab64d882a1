"""The record of processing activities says what the register holds, in both languages."""

from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import translation

from rights import processing
from rights.models import ProjectPeriod
from rights.register import REGISTER, Category

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def no_period():
    ProjectPeriod.objects.all().delete()


def text():
    return "\n".join(processing.record(on=DAY))


def test_every_category_about_persons_has_its_section_and_no_other():
    headings = [line[3:] for line in text().splitlines() if line.startswith("## ")]
    personal = {field.entry.category for field in REGISTER.values() if field.entry.is_personal}

    assert len(headings) == len(personal) == len(Category) - 1
    assert "Account on the Hub" in headings
    assert not any("technical" in heading.lower() for heading in headings)


def test_every_personal_field_is_named():
    said = text()
    for (model, name), field in REGISTER.items():
        if field.entry.is_personal:
            stored = apps.get_model(model)._meta.get_field(name)
            words = [stored.verbose_name] + [other._meta.verbose_name for other in [stored.related_model] if other]
            assert any(str(word) in said for word in words), (model, name)


def test_a_column_without_a_name_of_its_own_is_called_after_what_it_cites():
    with translation.override("fr"):
        assert "first run" not in text()
        assert "artifact" not in text()


def test_a_section_says_who_why_for_whom_and_how_long():
    section = text().split("## Reads and exports of the genealogy")[1].split("\n## ")[0]

    assert "holder of an account on this site; holder of an account on the Hub" in section
    assert "the data protection officer" in section
    assert "12 months; until the recipient must have destroyed the copy" in section


def test_the_period_and_its_notice_are_cited():
    assert "none in force" in text()
    ProjectPeriod.objects.create(
        starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30), notice_reference="notice 7", informed_on=DAY
    )
    assert "2026-11-01 – 2026-11-30 (notice 7)" in text()


@pytest.mark.parametrize(("language", "title"), [("en", "Record of processing"), ("fr", "Registre des activités")])
def test_the_command_prints_it_in_either_language(language, title):
    out = StringIO()
    with translation.override("en"):
        call_command("rights", "record-of-processing", "--language", language, stdout=out)
    assert out.getvalue().startswith(f"# {title}")


def test_an_unknown_verb_is_refused():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("rights", "forget-everything")
