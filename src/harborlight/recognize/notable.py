"""Words that any finder of signals may want, told from all others in one pass over a text."""

from __future__ import annotations

import re

from harborlight.places.gazetteer import gazetteer
from harborlight.places.reading import openings
from harborlight.recognize.digits import FIGURES, READ
from harborlight.recognize.platforms import PLATFORM_WORDS

NOON = {
    "noon": "12:00",
    "mediodia": "12:00",
    "midnight": "00:00",
    "medianoche": "00:00",
}
_REMEMBERED = 200_000


#: Beside what a word may be to a town's name: wanted by a finder of figures, services and noon.
_WANTED = 64
_WANTED_BYTE = re.compile(b"[\x40-\x7f]")


class _Notable(dict[str, int]):
    """Word -> what it may be, worked out when first met; 0 for most."""

    def __missing__(self, word: str) -> int:
        wanted = READ[word] or FIGURES[word] or word in PLATFORM_WORDS or word in NOON
        value = self[word] = _WANTED * bool(wanted) | gazetteer().part(word)
        return value


_NOTABLE = _Notable()


def notable(words: list[str]) -> tuple[list[str], list[int]]:
    """Those of a text's lower-case words that may be figures, a service or noon.

    And the places where the name of a town may begin.
    """
    if len(_NOTABLE) > _REMEMBERED:
        _NOTABLE.clear()
        READ.clear()
        FIGURES.clear()
    kinds = bytes(map(_NOTABLE.__getitem__, words))
    wanted = [words[found.start()] for found in _WANTED_BYTE.finditer(kinds)]
    return wanted, openings(kinds)
