"""After an expungement no byte of the site can bring the person back: database, files, logs, dump,
and a backup made after.

All content is sealed, so a name is nowhere in the bytes before, either. What is looked for are the
wrapped data keys of the person's rows, without which nothing sealed can be opened, their sealed
bytes, and the digest of the name at which the agency looks; all are found before.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from real_site import Site, postgres_programs

BUILD = """
import json
from people import TESTER
from records_world import CANARIES, build
from harborlight.web.audit.acts import act
from harborlight.web.operations.models import Interest
from harborlight.web.records import expunging
from harborlight.web.records.models import Basis, What
from harborlight.web.vault.files import StoredFile, files_of, place_of
from harborlight.web.vault.rewrap import sealed_models
world = build()
with act(world.worker.actor, "expungement.ask"):
    expunging.ask(world.person, What.PERSON, Basis.ASKED, "canary-purpose", world.worker)
looked = Interest.objects.filter(agency=world.worker.agency, sort="organization")
looked_for, paths = [bytes(each.digest).hex() for each in looked], []
assert looked_for
with act(TESTER, "test.open"):
    for model in sealed_models():
        for row in model._default_manager.all():
            text = json.dumps(row.take(), ensure_ascii=False)
            of_them = any(each.lower() in text.lower() for each in CANARIES)
            if isinstance(row, StoredFile):
                # What a human says is of the person; of what others keep the name alone goes.
                if row.original() in (b"canary-in-a-file", b"canary-portrait") or (
                    b"Quokkabelle" in row.original()
                ):
                    paths.append(str(place_of(row.pk, "original")))
                    looked_for.append(place_of(row.pk, "original").read_bytes()[:64].hex())
                    of_them = True
            if of_them:
                looked_for += [bytes(row.wrapped_key).hex(), bytes(row.sealed)[:48].hex()]
print(json.dumps({"looked_for": looked_for, "paths": paths}))
"""
CARRY = """
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.records import expunging
from harborlight.web.records.models import Request, Tally
from harborlight.web.records.parts import Record
request = Request.objects.get()
member = Member.objects.get(role=Role.SUPERVISOR, agency=request.agency)
with act(member.actor, "expungement.carry_out"):
    keys = [each.pk for each in Record(request.person).shared_files
            if each.original() == b"canary-in-a-file"]
    expunging.carry_out(request, expunging.Chosen(files=keys), member)
tally = Tally.objects.get()
print(tally.state, tally.kind, tally.number)
"""
WORDS = (b"quokkabelle", b"zyzzyvason", b"5075550177", b"507-555-0177", b"canary-only-of-them",
         b"canary-purpose", b"canary-how")  # fmt: skip


def dump(site: Site, to: Path) -> Path:
    """The database as `pg_dump` writes it; on SQLite the files of the home are looked at."""
    if site.database:
        program = Path(postgres_programs()) / "pg_dump"
        subprocess.run([str(program), "--file", str(to), site.database], check=True)
    return to


def everything(site: Site, folder: Path, name: str) -> list[bytes]:
    """Every file of the home but the keys, its log, a dump, and a backup unpacked."""
    archive = folder / f"{name}.tar.gz"
    done = site.command("backup", str(archive))
    assert done.returncode == 0, done.stderr
    unpacked = folder / f"unpacked-{name}"
    with tarfile.open(archive) as packed:
        packed.extractall(unpacked, filter="data")
    files = [
        *site.home.rglob("*"),
        *unpacked.rglob("*"),
        site.home.parent / f"{site.home.name}.log",
        dump(site, folder / f"{name}.sql"),
    ]
    contents = [each.read_bytes() for each in files if each.is_file() and each.name != "keys.json"]
    return contents + [gzip.decompress(each) for each in contents if each[:2] == b"\x1f\x8b"]


def found(contents: list[bytes], looked_for: list[str]) -> set[str]:
    """What of it stands in the bytes, as they are or as a dump writes them, in hex."""
    return {
        one
        for one in looked_for
        if any(bytes.fromhex(one) in each or one.encode() in each for each in contents)
    }


def words(contents: list[bytes], given: tuple[bytes, ...]) -> set[bytes]:
    return {word for word in given for each in contents if word in each.lower()}


@pytest.mark.skipif(
    bool(os.environ.get("HARBORLIGHT_TEST_DATABASE")) and not postgres_programs(),
    reason="no pg_dump here",
)
def test_no_byte_is_left(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    assert site.command("migrate").returncode == 0
    made = json.loads(site.run(BUILD).splitlines()[-1])
    before = everything(site, tmp_path, "before")
    looked_for = made["looked_for"]
    assert len(looked_for) > 40
    assert len(found(before, looked_for)) == len(set(looked_for)), "all can be found"
    assert words(before, WORDS) == set(), "what is said of somebody is sealed at all times"
    assert all(Path(each).exists() for each in made["paths"])

    assert site.run(CARRY).strip() == "MN person 1"

    after = everything(site, tmp_path, "after")
    assert found(after, looked_for) == set()
    assert words(after, WORDS) == set()
    assert not any(Path(each).exists() for each in made["paths"])
    checked = site.command("audit", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    # The backup made before still has it: that is why it ages out.
    with tarfile.open(tmp_path / "before.tar.gz") as packed:
        old = [packed.extractfile(each) for each in packed.getmembers() if each.isfile()]
        contents = [each.read() for each in old if each is not None]
    assert found([*contents, *_unzipped(contents)], looked_for)


def _unzipped(contents: list[bytes]) -> list[bytes]:
    return [gzip.decompress(each) for each in contents if each[:2] == b"\x1f\x8b"]
