"""Backups: the database and the sealed files in one archive, as they were at one moment.

What is encrypted in the site is encrypted in the archive. The key file is not in it: who keeps both
in one place has undone what the keys are for. `restore` brings a site back from an archive and its
keys.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harborlight import __version__
from harborlight.web.home import Home, home

FORMAT = 1
LAST = "last-backup"


class BackupError(Exception):
    """The backup or restore cannot be; the message says why in one line."""


@dataclass(frozen=True)
class Kept:
    """What is in an archive."""

    vendor: str
    files: int
    bytes: int


def backup(archive: Path) -> Kept:
    """Write the archive, whole or not at all. An archive that is there is not overwritten."""
    place = home()
    if archive.exists():
        raise BackupError(f"{archive} is there already; a backup is never overwritten")
    if not archive.parent.is_dir():
        raise BackupError(f"there is no folder {archive.parent}")
    with _part_of(archive) as part, tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        vendor, dump = _dump(Path(folder))
        files = sorted(each for each in place.files.rglob("*") if _is_kept(each))
        about = {"format": FORMAT, "vendor": vendor, "version": __version__, "files": len(files)}
        note = Path(folder) / "about.json"
        note.write_text(json.dumps(about) + "\n", "utf-8")
        with tarfile.open(part, "w:gz") as packed:
            packed.add(note, "about.json")
            packed.add(dump, dump.name)
            if place.anchors.exists():
                packed.add(place.anchors, place.anchors.name)
            for each in files:
                packed.add(each, f"files/{each.relative_to(place.files)}")
    with _part_of(place.folder / LAST) as part:
        part.write_text(datetime.now(UTC).isoformat(timespec="seconds") + "\n", "utf-8")
    return Kept(vendor, len(files), archive.stat().st_size)


def last_backup() -> str:
    """When the last one was made (ISO 8601, UTC); empty when there was none."""
    place = home().folder / LAST
    return place.read_text("utf-8").strip() if place.exists() else ""


def restore(archive: Path, *, replace: bool = False) -> Kept:
    """Bring the site back. BackupError where there is data already, unless it is to be replaced."""
    place = home()
    if not place.keys.exists():
        raise BackupError(f"there is no key file at {place.keys}: bring it back first")
    with tempfile.TemporaryDirectory(dir=place.folder) as name:
        folder = Path(name)
        about = _unpack(archive, folder)
        if about.get("format") != FORMAT:
            raise BackupError(f"{archive} is of another format")
        vendor = _vendor()
        if about["vendor"] != vendor:
            raise BackupError(f"{archive} is of {about['vendor']}, and this site is on {vendor}")
        if not replace and _has_data(place):
            raise BackupError("there is data in this site already; --replace overwrites it")
        _load(folder, place)
        shutil.rmtree(place.files, ignore_errors=True)
        (folder / "files").mkdir(exist_ok=True)
        shutil.move(str(folder / "files"), place.files)
        if (folder / place.anchors.name).exists():
            shutil.copy(folder / place.anchors.name, place.anchors)
    place.make()
    return Kept(vendor, int(about["files"]), archive.stat().st_size)


def _is_kept(path: Path) -> bool:
    return path.is_file() and path.suffix != ".part"


@contextmanager
def _part_of(archive: Path) -> Iterator[Path]:
    part = archive.with_name(archive.name + ".part")
    try:
        part.touch(mode=0o600)
        yield part
        os.replace(part, archive)
    finally:
        part.unlink(missing_ok=True)


def _vendor() -> str:
    from django.db import connection

    return connection.vendor


def _dump(folder: Path) -> tuple[str, Path]:
    """The database as one file. SQLite: its own online copy; PostgreSQL: pg_dump."""
    vendor = _vendor()
    if vendor == "sqlite":
        target = folder / "database.sqlite3"
        with (
            closing(sqlite3.connect(home().database)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        return vendor, target
    target = folder / "database.pgdump"
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    return vendor, target


def _load(folder: Path, place: Home) -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{place.database}{suffix}").unlink(missing_ok=True)
        shutil.copy(folder / "database.sqlite3", place.database)
        place.database.chmod(0o600)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.close()
    dump = str(folder / "database.pgdump")
    name = str(connection.settings_dict["NAME"])
    _postgres("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", dump, named=False)


def _has_data(place: Home) -> bool:
    from django.db import connection

    tables = set(connection.introspection.table_names())
    if "audit_entry" not in tables:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM audit_entry)")
        row = cursor.fetchone()
    return bool(row and row[0])


def _postgres(program: str, *arguments: str, named: bool = True) -> None:
    """Run a program of PostgreSQL against the site's database. BackupError when it fails."""
    from django.db import connection

    told: dict[str, Any] = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(told["HOST"]),
        "PGPORT": str(told["PORT"] or 5432),
        "PGUSER": str(told["USER"]),
        "PGPASSWORD": str(told["PASSWORD"]),
    }
    command = [_program(program), *arguments]
    if named:
        command.append(str(told["NAME"]))
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise BackupError(f"{program} failed: {lines[-1]}")


def _program(name: str) -> str:
    """A program of PostgreSQL: from HARBORLIGHT_PG_BIN, else from the path."""
    folder = os.environ.get("HARBORLIGHT_PG_BIN")
    found = str(Path(folder) / name) if folder else shutil.which(name)
    if not found or not Path(found).exists():
        raise BackupError(f"{name} is not on this machine; HARBORLIGHT_PG_BIN names its folder")
    return found


def _unpack(archive: Path, folder: Path) -> dict[str, Any]:
    """Unpack below the folder, and nowhere else."""
    try:
        with tarfile.open(archive, "r:gz") as packed:
            packed.extractall(folder, filter="data")
        about: dict[str, Any] = json.loads((folder / "about.json").read_text("utf-8"))
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise BackupError(f"{archive} is no backup, or a broken one: {error}") from None
    return about
