"""Where a site keeps what is its own: HARBORLIGHT_HOME, and what lies in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder of one site. Only the account that runs the site may read it (mode 700)."""

    folder: Path

    @property
    def keys(self) -> Path:
        """The key file. HARBORLIGHT_KEYS names another place, outside of the backups' reach."""
        named = os.environ.get("HARBORLIGHT_KEYS")
        return Path(named) if named else self.folder / "keys.json"

    @property
    def database(self) -> Path:
        """The embedded database, when no other is named."""
        return self.folder / "harborlight.sqlite3"

    @property
    def files(self) -> Path:
        """Uploaded files, each encrypted under a key of its own."""
        return self.folder / "files"

    @property
    def static(self) -> Path:
        """Style sheets, scripts, fonts and pictures as they are served."""
        return self.folder / "static"

    @property
    def anchors(self) -> Path:
        """Heads of the audit chain, written outside of the database."""
        return self.folder / "audit-anchors.jsonl"

    def make(self) -> None:
        """Make the folder if it is not there, and close it to everybody else."""
        for folder in (self.folder, self.files):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)


def home() -> Home:
    """The folder named by HARBORLIGHT_HOME, else one in the user's data folder."""
    named = os.environ.get("HARBORLIGHT_HOME")
    if named:
        return Home(Path(named).expanduser().absolute())
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Home((Path(data) / "harborlight").expanduser().absolute())
