"""How much of each ad its template accounts for, worked out by words' hashes, many ads at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harborlight.recognize.threads import each
from harborlight.recognize.words import BLOCK_BYTES, Hashes, Ints, Texts

#: Groups that are worked on together, at most.
_GROUPS = 1_000
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
    parts = each(of_some, _parts(texts.offsets[first]))
    shares[order] = np.concatenate([*parts, np.empty(0, np.float32)])
    return shares


def _parts(at: Ints) -> list[slice]:
    """Runs of groups whose texts are about a block; ``at`` is where those of each begin."""
    parts = []
    start, groups = 0, len(at) - 1
    while start < groups:
        stop = int(np.searchsorted(at, at[start] + BLOCK_BYTES, side="right")) - 1
        stop = min(max(stop, start + 1), start + _GROUPS, groups)
        parts.append(slice(start, stop))
        start = stop
    return parts


def _explained(texts: Texts, known: Texts, first: Ints, groups: slice) -> Shares:
    """The shares of the texts of some groups; the texts of group i begin with ``first[i]``."""
    own = np.diff(first)
    count, words = texts.all_words(slice(first[0], first[-1]))
    each_has, constant = known.all_words(groups)
    keys, times = np.unique(_within(constant, each_has), return_counts=True)
    if not len(keys):
        return np.zeros(len(count), np.float32)
    words_of_group = np.add.reduceat(np.append(count, 0), first[:-1] - first[0]) * (own > 0)
    word = _within(words, words_of_group)
    place = np.minimum(np.searchsorted(keys, word), len(keys) - 1)
    found = np.flatnonzero(keys[place] == word)
    text = np.repeat(np.arange(len(count)), count)[found]
    said, often = np.unique(text * len(keys) + place[found], return_counts=True)
    held = np.minimum(often, times[said % len(keys)])
    total = np.bincount(said // len(keys), weights=held, minlength=len(count))
    return (total / np.maximum(count, 1)).astype(np.float32)


def _within(words: Hashes, count: Ints) -> Hashes:
    """Words of groups, which have so many each, as numbers that tell the group as well."""
    own = (np.arange(len(count), dtype=np.uint64) + np.uint64(1)) * _APART
    return words ^ np.repeat(own, count)
