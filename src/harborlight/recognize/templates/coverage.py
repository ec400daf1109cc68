"""How much of each ad its template accounts for, worked out by words' hashes, many ads at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harborlight.recognize.runtime.threads import each
from harborlight.recognize.text.words import Ints, Texts

#: Times the number of its group, from 1 on, a word's hash tells the group as well.
_APART = np.uint64(0x9E3779B97F4A7C15)

Shares = npt.NDArray[np.float32]


def explained(folded: pa.ChunkedArray, group: Ints, constants: pa.ChunkedArray) -> Shares:
    """The share (0..1) of each text's words that the constant words of its group account for.

    ``group`` is, for each text, the place of its group's words in ``constants``. Each word counts
    as often as it stands among the constant ones; a text without words has a share of 0.
    """
    order = np.argsort(group, kind="stable")
    texts, known = Texts.of(folded.take(pa.array(order))), Texts.of(constants)
    first = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(constants)))])

    def of_some(groups: slice) -> Shares:
        return _explained(texts, known, first[groups.start : groups.stop + 1], groups)

    shares = np.empty(len(group), np.float32)
    parts = each(of_some, Texts(texts.data, texts.offsets[first]).blocks())  # a group as one text
    shares[order] = np.concatenate([*parts, np.empty(0, np.float32)])
    return shares


def _explained(texts: Texts, known: Texts, first: Ints, groups: slice) -> Shares:
    """The shares of the texts of some groups; the texts of group i begin with ``first[i]``."""
    apart = np.arange(1, len(first), dtype=np.uint64) * _APART
    count, words = texts.all_words(slice(first[0], first[-1]))
    each_has, constant = known.all_words(groups)
    keys, times = np.unique(constant ^ np.repeat(apart, each_has), return_counts=True)
    if not len(keys):
        return np.zeros(len(count), np.float32)
    word = words ^ np.repeat(np.repeat(apart, np.diff(first)), count)
    place = np.minimum(np.searchsorted(keys, word), len(keys) - 1)
    found = np.flatnonzero(keys[place] == word)
    text = np.repeat(np.arange(len(count)), count)[found]
    said, often = np.unique(text * len(keys) + place[found], return_counts=True)
    held = np.minimum(often, times[said % len(keys)])
    total = np.bincount(said // len(keys), weights=held, minlength=len(count))
    return (total / np.maximum(count, 1)).astype(np.float32)
