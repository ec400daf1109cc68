"""The site's keys: one file outside the database, readable by the site's account alone.

Wrapping keys encrypt data keys (one data key a record, see `sealing`). There may be several, of
which one is active: rotation adds one, re-wraps, and retires the old. The other keys are for one
purpose each, so that none can stand in for another.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

KEY_BYTES = 32


class KeyringError(Exception):
    """The key file is missing, unreadable, or open to others."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one site. `repr` shows none of them."""

    active: str
    wrapping: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    chain: bytes = field(repr=False)
    receipt_salt: bytes = field(repr=False)
    signing: bytes = field(repr=False)
    django: str = field(repr=False)

    def wrapping_key(self, key_id: str) -> bytes:
        """The wrapping key of that name. KeyringError when it is not in the file."""
        try:
            return self.wrapping[key_id]
        except KeyError:
            raise KeyringError(
                f"the key file has no wrapping key {key_id!r}: it is not the key file of this data"
            ) from None


def _new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def _new_id(taken: dict[str, bytes]) -> str:
    number = 1 + max((int(name[1:]) for name in taken), default=0)
    return f"k{number}"


def create(path: Path) -> Keyring:
    """Make a new key file, mode 600. KeyringError when one is there: keys are never overwritten."""
    if path.exists():
        raise KeyringError(f"{path} is there already; a key file is never overwritten")
    keyring = Keyring(
        active="k1",
        wrapping={"k1": _new_key()},
        index=_new_key(),
        chain=_new_key(),
        receipt_salt=secrets.token_bytes(16),
        signing=_new_key(),
        django=secrets.token_urlsafe(48),
    )
    write(path, keyring)
    return keyring


def write(path: Path, keyring: Keyring) -> None:
    """Put the keys in the file, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = {
        "active": keyring.active,
        "wrapping": {name: _text(key) for name, key in keyring.wrapping.items()},
        "index": _text(keyring.index),
        "chain": _text(keyring.chain),
        "receipt_salt": _text(keyring.receipt_salt),
        "signing": _text(keyring.signing),
        "django": keyring.django,
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read(path: Path) -> Keyring:
    """The keys in the file. KeyringError when it is missing, broken, or open to others."""
    try:
        mode = path.stat().st_mode
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KeyringError(f"there is no key file at {path}") from None
    except (OSError, ValueError) as error:
        raise KeyringError(f"the key file {path} cannot be read: {error}") from None
    if mode & 0o077:
        raise KeyringError(f"the key file {path} can be read by others: chmod 600 {path}")
    try:
        keyring = Keyring(
            active=told["active"],
            wrapping={name: _bytes(key) for name, key in told["wrapping"].items()},
            index=_bytes(told["index"]),
            chain=_bytes(told["chain"]),
            receipt_salt=_bytes(told["receipt_salt"]),
            signing=_bytes(told["signing"]),
            django=told["django"],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise KeyringError(f"the key file {path} lacks a key or holds a broken one") from None
    keyring.wrapping_key(keyring.active)
    return keyring


def with_new_wrapping_key(keyring: Keyring) -> Keyring:
    """The same keys and one new wrapping key, which is the active one."""
    name = _new_id(keyring.wrapping)
    return replace(keyring, active=name, wrapping={**keyring.wrapping, name: _new_key()})


def without_retired(keyring: Keyring) -> Keyring:
    """The same keys with the active wrapping key alone."""
    return replace(keyring, wrapping={keyring.active: keyring.wrapping[keyring.active]})


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
