"""An uploaded ZIP file of a run's folder: checked before anything of it is read.

Nothing is unpacked to the disk. Only files that a run writes may be in it, at its top or within one
folder; links and anything that points elsewhere are refused. Sizes are counted while reading, for
what a ZIP file says of itself can be wrong.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext as _

from harborlight.recognize.output.folder import FILES
from harborlight.recognize.output.results import NEEDED

MEGABYTE = 1024 * 1024
MOST_BYTES = 300 * MEGABYTE
CHUNK = MEGABYTE
#: Written for people to read: as large as they are, and not needed here.
PASSED_OVER = ("report.html", "ftm.json", "rejects.parquet")


class ArchiveError(Exception):
    """The ZIP file cannot be used; the message says why, to whoever chose it."""


def read(file: BinaryIO, most_bytes: int = MOST_BYTES) -> dict[str, bytes]:
    """The files of the run, by name."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive, most_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise ArchiveError(
            _("This is not a ZIP file that can be read, or it is damaged or encrypted.")
        ) from None


def _read(archive: zipfile.ZipFile, most_bytes: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    folders: set[str] = set()
    left = most_bytes
    for entry in archive.infolist():
        folder, name = _place(entry)
        if not name:
            continue
        folders.add(folder)
        if name in found or len(folders) > 1:
            raise ArchiveError(_("There is more than one run in this file. Pack one folder."))
        if name in PASSED_OVER:
            continue
        found[name] = _bytes(archive, entry, left)
        left -= len(found[name])
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise ArchiveError(
            _("%(name)s is missing: pack the whole folder that “harborlight recognize” wrote.")
            % {"name": missing[0]}
        )
    return found


def _place(entry: zipfile.ZipInfo) -> tuple[str, str]:
    """The folder and the name of an entry; no name for a folder itself."""
    path = entry.filename
    parts = path.split("/")
    wild = (
        "\\" in path
        or "\0" in path
        or ".." in parts
        or path.startswith("/")
        or ":" in parts[0]
        or stat.S_ISLNK(entry.external_attr >> 16)
    )
    if wild or len(parts) > 2:
        raise ArchiveError(_("“%(name)s” points out of the folder.") % {"name": path[:80]})
    if path.endswith("/"):
        return parts[0], ""
    name = parts[-1]
    if name not in FILES:
        raise ArchiveError(
            _("“%(name)s” is no file that a run writes. Pack its folder, and nothing else.")
            % {"name": name[:80]}
        )
    return (parts[0] if len(parts) == 2 else ""), name


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    parts, size = [], 0
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise ArchiveError(
                    _("Unpacked, this is more than a page can take in. Import the folder itself: ")
                    + "harborlight leads import"
                )
            parts.append(chunk)
    return b"".join(parts)
