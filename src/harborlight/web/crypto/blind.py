"""Blind indexes: exact search over what is encrypted.

HMAC-SHA-256 under a key outside of the database, over the kind and a canonical form of the value.
Who has the database alone can see that two records share a value, and not which.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from harborlight.web.crypto.keyring import Keyring


def blind(keyring: Keyring, kind: str, value: str) -> bytes:
    """The 32 bytes that stand for this value of this kind."""
    text = f"{kind}\x00{canonical(kind, value)}"
    return hmac.digest(keyring.index, text.encode(), hashlib.sha256)


def canonical(kind: str, value: str) -> str:
    """One form for every way to write a value: letters folded; of phones and plates only the
    characters."""
    text = unicodedata.normalize("NFKD", value).casefold()
    text = "".join(each for each in text if not unicodedata.combining(each))
    if kind == "phone":
        digits = re.sub(r"\D", "", text)
        return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    if kind == "plate":
        return re.sub(r"[\W_]", "", text)
    return " ".join(text.split())
