"""Envelope encryption: content under a data key of its own, the data key under a wrapping key.

AES-256-GCM of the library `cryptography`. What is sealed is bound to its place (`about`): bytes
that somebody moves to another record or column do not open. Layout: 12 bytes nonce, then ciphertext
and tag.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harborlight.web.crypto.keyring import KEY_BYTES, Keyring

NONCE_BYTES = 12


class SealError(Exception):
    """The bytes are not what was sealed there: changed, moved, or under another key."""


def new_data_key() -> bytes:
    """A fresh data key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """Encrypt and bind to `about`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """Decrypt what was sealed under this key for this place, else SealError."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise SealError(f"cannot open what is sealed for {about}") from None


def wrap(keyring: Keyring, data_key: bytes, about: str) -> tuple[str, bytes]:
    """The data key under the active wrapping key: that key's name, and the bytes to keep."""
    return keyring.active, seal(keyring.wrapping_key(keyring.active), data_key, f"key of {about}")


def unwrap(keyring: Keyring, key_id: str, wrapped: bytes, about: str) -> bytes:
    """The data key again."""
    return unseal(keyring.wrapping_key(key_id), wrapped, f"key of {about}")
