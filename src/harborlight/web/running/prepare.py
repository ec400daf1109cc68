"""A home made ready: folders, keys, tables, static files."""

from __future__ import annotations

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
    """Bring the tables to the state of this version."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Bring the static files of this version to where they are served from."""
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
