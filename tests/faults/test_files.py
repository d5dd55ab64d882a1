"""The small installation: SQLite and the broker of files, one worker, killed in the midst of a harvest."""

from tests.faults.conftest import outcome, tell
from tests.faults.site import at_page, installed, points


def test_one_worker_killed_over_sqlite(hub, uninterrupted, tmp_path):
    hub.faults, hub.after_page = (lambda seen: None), (lambda page: None)
    with installed(tmp_path / "site", hub) as site:
        for dice in points("files", 3):
            site.renew()
            site.start_workers(1)

            def strike(site=site):
                site.stop_workers()
                site.start_workers(1)

            struck = at_page(hub, dice.randint(1, uninterrupted["pages"]), dice.uniform(0, 0.3), strike)
            site.begin()
            standing = site.end(600)
            assert struck
            assert outcome(site, standing) == uninterrupted, (standing, site.last_words())
            tell(f"SQLite, one worker killed: the same digest, {standing['seconds']:.1f} s")
