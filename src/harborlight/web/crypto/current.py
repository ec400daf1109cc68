"""The keys of the running site, read once and again when the file has changed."""

from __future__ import annotations

from pathlib import Path

from harborlight.web.crypto import keyring

_read: dict[Path, tuple[int, keyring.Keyring]] = {}


def keys(path: Path | None = None) -> keyring.Keyring:
    """The keyring of this site (of `harborlight.web.home`). KeyringError when there is none."""
    from harborlight.web.home import home

    path = path or home().keys
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = -1
    known = _read.get(path)
    if known is None or known[0] != changed:
        known = (changed, keyring.read(path))
        _read[path] = known
    return known[1]
