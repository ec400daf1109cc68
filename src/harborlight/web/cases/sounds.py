"""How a name sounds: Soundex, by which names that are spelled otherwise are found together.

American Soundex as the National Archives describe it:
https://www.archives.gov/research/census/soundex
"""

from __future__ import annotations

import unicodedata

_CODES = {
    letter: code
    for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), start=1)
    for letter in letters
}


def soundex(word: str) -> str:
    """A letter and three figures; nothing for a word without letters of a to z."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    letters = [each for each in folded if "a" <= each <= "z"]
    if not letters:
        return ""
    told, last = letters[0].upper(), _CODES.get(letters[0], 0)
    for letter in letters[1:]:
        code = _CODES.get(letter, 0)
        if code and code != last:
            told += str(code)
        if letter not in "hw":  # letters of one code with h or w between them are one
            last = code
    return told[:4].ljust(4, "0")


def sound(first: str, last: str) -> list[str]:
    """What stands for both names, whichever was said first: none unless both are there."""
    codes = sorted(soundex(each) for each in (first, last))
    return ["".join(codes)] if all(codes) else []
