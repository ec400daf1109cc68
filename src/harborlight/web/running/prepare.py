"""A home made ready: folders, keys, tables, static files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from harborlight.web.crypto import keyring
from harborlight.web.home import Home, home

SETTINGS = "harborlight.web.settings"


def start_django() -> None:
    """Load the settings and the apps. Once a process; the environment must be set before."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


def make_home(place: Home | None = None) -> Home:
    """The home, with its folders and its key file. What is there already is left as it is."""
    place = place or home()
    place.make()
    if not place.keys.exists():
        if place.database.exists() or any(place.files.iterdir()):
            raise keyring.KeyringError(
                f"there is data in {place.folder} and no key file at {place.keys}: bring back the "
                "key file of this data; a new one would not open it"
            )
        keyring.create(place.keys)
    keyring.read(place.keys)
    return place


def migrate() -> None:
    """Bring the tables to the state of this version. KeyringError when the keys are not theirs."""
    from django.core.management import call_command

    check_keys()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def check_keys() -> None:
    """KeyringError when there is data, and the key file is that of other data.

    The site's chain key tells: neither the first nor the last entry of the audit is of its making.
    Under a wrong key file, what is there could not be opened, and what comes could not be opened
    with the right one.
    """
    from django.db import connection

    from harborlight.web.audit import chain
    from harborlight.web.audit.models import Entry

    if Entry._meta.db_table not in connection.introspection.table_names():
        return
    entries = [Entry.objects.order_by(order).first() for order in ("position", "-position")]
    there = [each for each in entries if each is not None]
    if there and not any(chain.digest(each) == each.digest for each in there):
        raise keyring.KeyringError(
            f"{home().keys} is not the key file of this data: bring back the right one, or name it "
            "in HARBORLIGHT_KEYS"
        )


def keys_of_another_time() -> str:
    """A sentence when there are records that the key file does not open; else nothing."""
    from harborlight.web.vault.rewrap import unopenable

    number = unopenable()
    if not number:
        return ""
    return (
        f"{number:,} records are under a key that is not in {home().keys}: bring back the key file "
        "of their time"
    )


def collect_static() -> None:
    """Bring the static files of this version to where they are served from, if need be."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    made_of, note = _static_sources(), root / ".made-of"
    if note.exists() and note.read_text("utf-8") == made_of:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    note.write_text(made_of, "utf-8")


def _static_sources() -> str:
    """A digest of the names, sizes and ages of all static files of the apps."""
    from django.contrib.staticfiles.finders import get_finders

    found = sorted(
        (name, *_size_and_age(Path(storage.path(name))))
        for finder in get_finders()
        for name, storage in finder.list([])
    )
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _size_and_age(file: Path) -> tuple[int, int]:
    told = file.stat()
    return told.st_size, told.st_mtime_ns
