"""Names in the shared cache, hidden: they hold addresses of people, and codes that they used."""

from __future__ import annotations

import hashlib
import hmac

from harborlight.web.crypto.current import keys

_USE = b"harborlight: cache"


def hidden(key: str, prefix: str, version: int) -> str:
    """The name under which a value is kept: 64 hex digits, under a key of this use alone."""
    secret = hmac.digest(keys().index, _USE, hashlib.sha256)
    return hmac.digest(secret, f"{prefix}\x00{version}\x00{key}".encode(), hashlib.sha256).hex()
