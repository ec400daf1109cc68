"""What many words are, looked up all at once by their hashes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from threading import Lock

import numpy as np
import numpy.typing as npt

from harborlight.recognize.text.words import LOWEST, Hashes, Ints, mix

#: Longer words are rare, and are not looked up by hash.
LONGEST = 64
#: Another in every process, so that nobody can write words that are taken for others.
_TIMES = np.uint64(secrets.randbits(64) | 1)

Kinds = npt.NDArray[np.uint8]


def hashes(data: npt.NDArray[np.uint8], begins: Ints, ends: Ints) -> Hashes:
    """The hashes of words; of longer ones than ``LONGEST`` only those bytes and the length count.

    Eight more bytes stand after the last word.
    """
    eight = np.ndarray(len(data) - 7, "<u8", data, strides=(1,))  # the eight bytes from each on
    size = ends - begins
    found: Hashes = eight[begins] & LOWEST[np.minimum(size, 8)]
    at = np.flatnonzero(size > 8)
    read = 8
    while len(at) and read < LONGEST:
        more = eight[begins[at] + read] & LOWEST[np.minimum(size[at] - read, 8)]
        found[at] = follow(found[at], more)
        read += 8
        at = at[size[at] > read]
    found[at] += size[at].astype(np.uint64)
    return mix(found)


def follow(first: Hashes, then: Hashes) -> Hashes:
    """One hash of two, in their order."""
    return mix(first * _TIMES) + then


class WordTable:
    """Hash of a word -> its kind (0 to 255), which ``kind`` tells of a word when it is first met.

    A table of fixed size: of two words that fall on one place, the one met last is remembered.
    """

    def __init__(self, bits: int = 18) -> None:
        self._place = np.uint64((1 << bits) - 1)
        self._hashes = np.zeros(1 << bits, np.uint64)
        self._kinds = np.zeros(1 << bits, np.uint8)
        self._lock = Lock()

    def kinds(self, hashes: Hashes, kind: Callable[[int], int]) -> Kinds:
        """The kinds of words. ``kind`` is asked with a place in ``hashes``, once for each word.

        May be called from any thread.
        """
        place = (hashes & self._place).astype(np.int64)
        with self._lock:  # a hash and its kind are read and written together
            kinds: Kinds = self._kinds[place]
            unknown = np.flatnonzero(self._hashes[place] != hashes)
        if len(unknown):
            met, first, each = np.unique(hashes[unknown], return_index=True, return_inverse=True)
            told = np.array([kind(i) for i in unknown[first].tolist()], np.uint8)
            kinds[unknown] = told[each]
            place = (met & self._place).astype(np.int64)
            with self._lock:
                self._hashes[place] = met
                self._kinds[place] = told
        return kinds
