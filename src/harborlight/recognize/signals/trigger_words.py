"""Words that any finder of signals may want, told from all others."""

from __future__ import annotations

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.signals.digits import FIGURES, READ
from harborlight.recognize.signals.platforms import PLATFORM_WORDS

NOON = {
    "noon": "12:00",
    "mediodia": "12:00",
    "midnight": "00:00",
    "medianoche": "00:00",
}
#: Beside what a word may be to a town's name: wanted by a finder of figures, services and noon.
WANTED = 64

_REMEMBERED = 200_000


class _Notable(dict[str, int]):
    """Word -> what it may be, worked out when first met; 0 for most."""

    def __missing__(self, word: str) -> int:
        if len(self) > _REMEMBERED:
            self.clear()
            READ.clear()
            FIGURES.clear()
        wanted = READ[word] or FIGURES[word] or word in PLATFORM_WORDS or word in NOON
        value = self[word] = WANTED * bool(wanted) | gazetteer().part(word)
        return value


_NOTABLE = _Notable()


def notable(word: str) -> int:
    """What a lower-case word may be: the bits of ``Reader.part`` of the gazetteer, and WANTED."""
    return _NOTABLE[word]
