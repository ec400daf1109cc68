"""Words that any finder of signals may want, told from all others in one pass over a text."""

from __future__ import annotations

from itertools import compress, count

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.digits import READ
from harborlight.recognize.platforms import PLATFORM_WORDS

NOON = {
    "noon": "12:00",
    "mediodia": "12:00",
    "midnight": "00:00",
    "medianoche": "00:00",
}
_REMEMBERED = 200_000


#: What a word may be: wanted by a finder of digits, services and noon; the first of a place's name.
_WANTED, _OPENING = 1, 2


class _Notable(dict[str, int]):
    """Word -> what it may be, worked out when first met; 0 for most."""

    def __missing__(self, word: str) -> int:
        wanted = bool(READ[word]) or word in PLATFORM_WORDS or word in NOON
        value = _WANTED * wanted + _OPENING * gazetteer().opens(word)
        self[word] = value
        return value


_NOTABLE = _Notable()


def notable(words: list[str]) -> tuple[list[tuple[int, str]], list[int]]:
    """Those of a text's lower-case words that may be digits, a service or noon, with place.

    And the places of those that may open the name of a town.
    """
    if len(_NOTABLE) > _REMEMBERED:
        _NOTABLE.clear()
        READ.clear()
    kinds = list(map(_NOTABLE.__getitem__, words))
    wanted: list[tuple[int, str]] = []
    openings: list[int] = []
    for i in compress(count(), kinds):
        kind = kinds[i]
        if kind & _WANTED:
            wanted.append((i, words[i]))
        if kind & _OPENING:
            openings.append(i)
    return wanted, openings
