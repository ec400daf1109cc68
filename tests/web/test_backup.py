"""A backup is rehearsed: a site is destroyed and comes back whole, its audit too."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from real_site import Site

CANARY = "Canary-of-the-backup-test"


FILL = f"""
from people import TESTER, make_agency
from harborlight.web.audit.acts import act
from harborlight.web.vault.files import Upload, keep
agency = make_agency(name="Agency of the backup")
with act(TESTER, "test.keep"):
    keep(Upload("{CANARY}.txt", b"{CANARY}"), agency)
"""
LOOK = f"""
from people import TESTER
from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import act
from harborlight.web.vault.files import files_of
with act(TESTER, "test.read"):
    (kept,) = files_of(Agency.objects.get(name="Agency of the backup"))
    assert kept.original() == b"{CANARY}"
print("whole")
"""


def test_a_site_comes_back_from_its_backup(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    site.prepare()
    site.run(FILL)
    assert site.command("audit", "anchor").returncode == 0
    archive = tmp_path / "backup.tar.gz"
    done = site.command("backup", str(archive))
    assert done.returncode == 0, done.stderr
    assert site.command("backup", str(archive)).returncode == 2  # never overwritten
    with tarfile.open(archive) as packed:
        names = packed.getnames()
        packed.extractall(tmp_path / "unpacked", filter="data")
    assert not [name for name in names if "keys" in name]
    kept = [each.read_bytes() for each in (tmp_path / "unpacked").rglob("*") if each.is_file()]
    assert not [content for content in kept if CANARY.encode() in content]

    again = site.command("restore", str(archive))
    assert again.returncode == 2
    assert "--replace" in again.stderr

    # What was sealed under the keys of its time is not opened by those of later.
    keys = (site.home / "keys.json").read_bytes()
    assert site.command("keys", "rotate").returncode == 0
    closed = site.command("restore", str(archive), "--replace")
    assert closed.returncode == 2
    assert "bring back the key file of their time" in closed.stderr
    (site.home / "keys.json").write_bytes(keys)

    destroy(site)
    back = site.command("restore", str(archive), "--replace")
    assert back.returncode == 0, back.stderr
    assert "0 faults" in back.stdout
    assert site.run(LOOK).strip() == "whole"

    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(archive.read_bytes()[:2000])
    refused = site.command("restore", str(broken), "--replace")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert site.run(LOOK).strip() == "whole"


def destroy(site: Site) -> None:
    """All but the keys is gone or wrong."""
    shutil.rmtree(site.home / "files")
    if site.database:
        import psycopg

        with psycopg.connect(site.database, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    else:
        (site.home / "harborlight.sqlite3").write_bytes(b"not a database any more")
