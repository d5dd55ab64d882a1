"""A package that waits: nobody opens it without its code, nor after ten wrong ones, nor after thirty days."""

import io
import stat
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from lineage.models import Artifact, Consultation
from rights import retention
from rights.effects import EffectRefused
from rights.models import AccessPackage, JournalEntry
from rights.package import PackageRefused, deposit, open_with
from rights.package.deposits import KEPT, MOST_ATTEMPTS
from tests.factories import AT, make_user
from tests.rights.test_erasure import HUB, harvest

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    harvest(*HUB)
    return deposit(account="dev", reference="case-1", language="fr", by=make_user("agent-a").pk, at=AT)


def opened(kept, code=None, at=AT, token=None):
    return open_with(token=token or kept.package.token, code=kept.code if code is None else code, at=at)


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")]
)
def test_the_code_opens_it_however_it_is_typed(kept, typed):
    with zipfile.ZipFile(io.BytesIO(opened(kept, typed(kept.code)))) as archive:
        assert b"dev/one" in archive.read("data.json")
    kept.package.refresh_from_db()
    assert (kept.package.fetched_at, kept.package.attempts) == (AT, 0)


def test_the_row_holds_neither_name_nor_code(kept):
    held = b"".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        for value in AccessPackage.objects.values_list().get()
    )
    assert b"dev/" not in held
    assert b"index.html" not in held
    assert kept.code.encode() not in held
    assert kept.code.replace("-", "").encode() not in held


def test_wrong_codes_are_counted_and_then_the_right_one_is_refused_too(kept):
    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(PackageRefused):
            opened(kept, "AAAAAA-AAAAAA")
    with pytest.raises(PackageRefused):
        opened(kept)
    assert AccessPackage.objects.get().attempts == MOST_ATTEMPTS


def test_every_refusal_reads_the_same(kept):
    said = set()
    for wrong in ({"code": "no"}, {"token": "unknown"}, {"at": AT + KEPT}, {"code": ""}, {"code": "é\ud800\0"}):
        with pytest.raises(PackageRefused) as refused:
            opened(kept, **wrong)
        said.add(str(refused.value))
    assert len(said) == 1


def test_one_package_is_not_opened_with_anothers_code(kept):
    other = deposit(account="lab", reference="case-2", language="en", by=0, at=AT)
    with pytest.raises(PackageRefused):
        opened(kept, other.code)


def test_it_is_a_read_and_an_act(kept):
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.reference, entry.details["artifacts"]) == ("access_package", "case-1", 3)
    read = Consultation.objects.get()
    assert (read.operation, read.purpose, read.count) == ("export", "case-1", 3)
    assert "dev" not in str(JournalEntry.objects.values().get()) + str(Consultation.objects.values().get())


def test_a_refusal_leaves_nothing():
    with pytest.raises(EffectRefused):
        deposit(account="a b", reference="case-1", language="fr", by=0, at=AT)
    assert not AccessPackage.objects.exists()
    assert not JournalEntry.objects.exists()


def test_it_leaves_after_thirty_days(kept):
    assert retention.apply(at=AT + KEPT - timedelta(seconds=1))["rights.AccessPackage"] == 0
    assert retention.apply(at=AT + KEPT)["rights.AccessPackage"] == 1
    assert not AccessPackage.objects.exists()


class TestCommand:
    CASE = ("--reference", "case-1", "--by", "agent-a")

    def told(self, *words):
        out = io.StringIO()
        call_command("rights", "package", "dev", *self.CASE, *words, stdout=out)
        return out.getvalue()

    @pytest.fixture(autouse=True)
    def agent(self):
        harvest(*HUB)
        return make_user("agent-a")

    def test_writes_a_file_that_only_its_owner_reads(self, tmp_path):
        self.told("--language", "en", "--output", str(tmp_path / "new"))
        (file,) = (tmp_path / "new").iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "dev" not in file.name
        assert zipfile.ZipFile(file).testzip() is None
        assert JournalEntry.objects.get().act == "access_package"

    def test_keeps_it_and_prints_the_code(self):
        said = dict(line.rsplit(": ", 1) for line in self.told("--deposit").splitlines() if ": " in line)
        code, token = said["Code, to be sent to the person and kept nowhere"], said["Token"]
        at = AccessPackage.objects.get().drawn_up_at
        assert open_with(token=token, code=code, at=at)

    def test_a_folder_that_is_none_is_an_error(self, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(CommandError, match="could not be written"):
            self.told("--output", str(tmp_path / "file"))
        assert Artifact.objects.filter(owner="dev").exists()
