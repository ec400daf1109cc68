"""Money as people write it, to integer cents and never through a float."""

from __future__ import annotations

import re

#: Larger amounts are refused: they are typing errors, and products must fit in 64 bits.
LARGEST_CENTS = 10**15

_MONEY = re.compile(r"(-?)\$?(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?", re.ASCII)


def to_cents(text: str) -> int:
    """Dollars as text ("5000", "$5,000.00", "-$1") to cents.

    Raises ValueError for anything else, fractions of a cent included.
    """
    found = _MONEY.fullmatch(text.strip().removesuffix("USD").strip())
    if not found or (found[1] and found[2]):
        raise ValueError(f"{text!r} is no amount of money; write 5000 or $5,000.00")
    part = found[4] or ""
    if part[2:].strip("0"):
        raise ValueError(f"{text!r} has a fraction of a cent")
    cents = int(found[3].replace(",", "")) * 100 + int(part[:2].ljust(2, "0"))
    if cents > LARGEST_CENTS:
        raise ValueError(f"{text!r} is more than any amount here")
    return -cents if found[1] or found[2] else cents
