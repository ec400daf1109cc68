"""Words that any finder of signals may want, told from all others in one pass over a text."""

from __future__ import annotations

from harborlight.recognize.digits import READ
from harborlight.recognize.platforms import PLATFORM_WORDS

NOON = {
    "noon": "12:00",
    "mediodia": "12:00",
    "midnight": "00:00",
    "medianoche": "00:00",
}
_REMEMBERED = 200_000


class _Notable(dict[str, bool]):
    """Word -> whether a finder wants it, worked out when first met."""

    def __missing__(self, word: str) -> bool:
        value = bool(READ[word]) or word in PLATFORM_WORDS or word in NOON
        self[word] = value
        return value


_NOTABLE = _Notable()


def notable(words: list[str]) -> list[tuple[int, str]]:
    """Those of a text's lower-case words that may be digits, a service or noon, with place."""
    if len(_NOTABLE) > _REMEMBERED:
        _NOTABLE.clear()
        READ.clear()
    return [(i, word) for i, word in enumerate(words) if _NOTABLE[word]]
