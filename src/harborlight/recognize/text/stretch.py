"""Stretched words read as meant: sooooo is so, freeee is free, ccaallll is call."""

from __future__ import annotations

import re
from itertools import groupby, product

from harborlight.recognize.text.lexicon import LEXICON

#: A word worth a look: one letter three times running, or three doubled letters in a row.
TRIPLE_OR_PAIRS = re.compile(r"([^\W\d_])\1\1|([^\W\d_])\2([^\W\d_])\3([^\W\d_])\4")
_KEPT = frozenset(["www", "xxx", "iii", "viii", "xiii", "xviii", "xxiii"])
_MOST_CHOICES = 6


def unstretch(word: str) -> str:
    """``word`` without stretched letters. Digits are never touched."""
    if word in _KEPT:
        return word
    runs = [(letter, len(list(same))) for letter, same in groupby(word)]
    if len(runs) >= 3 and all(n % 2 == 0 and letter.isalpha() for letter, n in runs):
        return "".join(letter * (n // 2) for letter, n in runs)
    stretched = [i for i, (letter, n) in enumerate(runs) if n > 2 and letter.isalpha()]
    if len(stretched) <= _MOST_CHOICES:
        for choice in product((2, 1), repeat=len(stretched)):
            at = dict(zip(stretched, choice, strict=True))
            known = "".join(letter * at.get(i, n) for i, (letter, n) in enumerate(runs))
            if known in LEXICON:
                return known
    short = set(stretched)
    return "".join(letter * (1 if i in short else n) for i, (letter, n) in enumerate(runs))
