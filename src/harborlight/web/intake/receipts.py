"""Receipts: 20 characters that a reporter keeps, by which alone they come back.

100 random bits, made by the server when the form is first shown, carried signed in the form: the
same form sent again, after a crash or a double click, is the same report. Kept is only Argon2id of
it, under the site's own salt, so that a report is found by its receipt and nothing leads back.
There is no reset: who loses the receipt tells again.
"""

from __future__ import annotations

import secrets
from threading import BoundedSemaphore

from argon2.low_level import Type, hash_secret_raw
from django.core import signing

from harborlight.web.crypto.current import keys

#: Crockford's base32: no I, L, O, U. What is mistaken for 1 and 0 is read as these.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SALT = "harborlight.intake.receipt"

#: OWASP's first choice for Argon2id (Password Storage Cheat Sheet): 46 MiB, one pass, one lane.
#: The receipt itself has 100 bits, so this is a second wall.
MEMORY_KIB, PASSES, LANES, BYTES = 47_104, 1, 1, 32
#: At most this many at once in a process, so that many tries cannot fill the memory.
_at_once = BoundedSemaphore(4)

#: How long a form may be open before it gets a new receipt, seconds.
OPEN_FOR = 60 * 60 * 24 * 14


class NoReceipt(ValueError):
    """What was entered cannot be a receipt, or the form was not made here."""


def letters(number: int) -> str:
    """Random characters of the alphabet, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(number))


def mint() -> str:
    """A fresh receipt, 20 characters without dashes."""
    return letters(LENGTH)


def shown(receipt: str) -> str:
    """As the reporter reads it: `7K3M-9QXA-...`, five groups of four."""
    return "-".join(receipt[at : at + 4] for at in range(0, LENGTH, 4))


def read(entered: str) -> str:
    """The receipt that somebody typed, however they grouped it. NoReceipt if it cannot be one."""
    text = "".join(each for each in entered.upper() if each.isalnum()).translate(_READ_AS)
    if len(text) != LENGTH or any(each not in ALPHABET for each in text):
        raise NoReceipt
    return text


def kept(receipt: str) -> str:
    """What is stored of a receipt: Argon2id in hex. Slow: call it outside of transactions."""
    with _at_once:
        return hash_secret_raw(
            receipt.encode("ascii"),
            salt=keys().receipt_salt,
            time_cost=PASSES,
            memory_cost=MEMORY_KIB,
            parallelism=LANES,
            hash_len=BYTES,
            type=Type.ID,
        ).hex()


def signed(receipt: str) -> str:
    """The receipt as the form carries it."""
    return signing.dumps(receipt, salt=_SALT)


def unsigned(carried: str) -> str:
    """The receipt that a form brought back. NoReceipt when it is not ours or too old."""
    try:
        receipt = signing.loads(carried, salt=_SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        raise NoReceipt from None
    return read(str(receipt))
