"""Many texts made readable at once: their words are cut and told apart in a few steps over all.

The result is that of ``readable`` for each text; but where that lists every word as one with which
a town's name may begin, this lists next to none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from harborlight.places.gazetteer import gazetteer
from harborlight.places.reading import Cut, openings
from harborlight.recognize.signals.readable import Readable, plain_text, readable_alone
from harborlight.recognize.signals.trigger_words import WANTED, notable
from harborlight.recognize.signals.word_flags import LONGEST, Kinds, WordTable, follow, hashes
from harborlight.recognize.text.words import Hashes, Ints

_ALNUM = np.array([byte < 128 and chr(byte).isalnum() for byte in range(256)])
_words = WordTable()
_pairs = WordTable(14)


def readables(originals: Sequence[str]) -> list[Readable]:
    """Each text made readable, in order."""
    texts = [plain_text(original) for original in originals]
    latin = zip(*_cut([text for text in texts if text.isascii()]), strict=True)
    return [
        Readable(original, text, *next(latin)) if text.isascii() else readable_alone(original, text)
        for original, text in zip(originals, texts, strict=True)
    ]


def _cut(texts: list[str]) -> tuple[list[Cut], list[list[tuple[int, str]]]]:
    """ASCII texts cut into words, and their words that a finder wants, after where they begin."""
    lower = [text.lower() for text in texts]
    whole = "\n".join(lower) + " " * 8
    base = np.cumsum([0, *(len(text) + 1 for text in lower)])
    data = np.frombuffer(whole.encode("ascii"), np.uint8)
    letter = _ALNUM[data]
    edges = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    if letter[0]:
        edges = np.append(0, edges)
    begins, ends = edges[::2], edges[1::2]
    first_of = np.searchsorted(begins, base)  # the first word of each text
    first = np.zeros(len(begins) + 1, bool)
    first[first_of] = True

    def word(i: int) -> str:
        return whole[begins[i] : ends[i]]

    hashed = hashes(data, begins, ends)
    kinds = _words.kinds(hashed, lambda i: notable(word(i)))
    for i in np.flatnonzero(ends - begins > LONGEST).tolist():
        kinds[i] = notable(word(i))
    wanted = np.flatnonzero(kinds & WANTED)
    text_of = np.searchsorted(base, begins[wanted], side="right") - 1
    found = [
        (begin, whole[at:end])
        for begin, at, end in zip(
            (begins[wanted] - base[text_of]).tolist(),
            begins[wanted].tolist(),
            ends[wanted].tolist(),
            strict=True,
        )
    ]
    until = np.searchsorted(text_of, np.arange(len(texts) + 1)).tolist()
    opening = _openings(kinds, first[:-1], hashed, word)
    cuts = _cuts(lower, base, begins, ends, first_of, opening)
    return cuts, [found[a:b] for a, b in pairwise(until)]


def _openings(
    kinds: Kinds, first: npt.NDArray[np.bool_], hashed: Hashes, word: Callable[[int], str]
) -> Ints:
    """The words with which the name of a town may begin."""
    alone, paired = openings(kinds, first)
    told = _pairs.kinds(
        follow(hashed[paired], hashed[paired + 1]),
        lambda i: gazetteer().pair(word(paired[i]), word(paired[i] + 1)),
    )
    return np.sort(np.concatenate([alone, paired[told != 0]]))


def _cuts(
    lower: list[str], base: Ints, begins: Ints, ends: Ints, first_of: Ints, opening: Ints
) -> list[Cut]:
    """Where the words of each text stand in it; nothing of a text that names no town."""
    cuts = [Cut(text, (), (), ()) for text in lower]
    until = np.searchsorted(opening, first_of)
    for i in np.flatnonzero(np.diff(until)).tolist():
        here = slice(first_of[i], first_of[i + 1])
        cuts[i] = Cut(
            lower[i],
            (begins[here] - base[i]).tolist(),
            (ends[here] - base[i]).tolist(),
            (opening[until[i] : until[i + 1]] - first_of[i]).tolist(),
        )
    return cuts
