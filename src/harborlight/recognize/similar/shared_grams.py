"""Common: the grams that both texts of each pair have, what they weigh and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from harborlight.recognize.runtime.threads import each, in_parts
from harborlight.recognize.similar.grams import Floats, Grams, Ints
from harborlight.recognize.similar.sparse import by_row, with_values

#: Blocks 1 to 32 of one text, and a prime for each block of the other: a product tells both.
_BLOCKS = 32
_PRIMES = np.array(
    [n for n in range(37, 192) if all(n % d for d in range(2, 14))][:_BLOCKS], np.uint16
)


def _blocks_told() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """For each product of a block and a prime, the one block and the other, each as a bit."""
    one = np.zeros(int(_PRIMES[-1]) * _BLOCKS + 1, np.uint32)
    other = one.copy()
    for place in range(_BLOCKS):
        products = np.arange(1, _BLOCKS + 1) * int(_PRIMES[place])
        one[products] = np.uint32(1) << np.arange(_BLOCKS, dtype=np.uint32)
        other[products] = np.uint32(1 << place)
    return one, other


_IN_A, _IN_B = _blocks_told()


@dataclass(frozen=True)
class Common:
    """The grams that both texts of each pair have, in parts of so many pairs.

    A part is a matrix, pairs x grams; its values tell in which blocks of the two texts the gram
    stands.
    """

    parts: list[sp.csr_matrix]

    @staticmethod
    def of(grams: Grams, a: Ints, b: Ints) -> Common:
        """Look up every pair; only grams that both have are kept."""
        first = with_values(grams.block, grams.block.data.astype(np.uint16))
        second = with_values(grams.block, _PRIMES[grams.block.data - np.uint8(1)])
        return Common(
            in_parts(lambda part: first[a[part]].multiply(second[b[part]]).tocsr(), len(a))
        )

    def counts(self) -> Ints:
        """How many grams each pair shares."""
        return np.concatenate([*(np.diff(p.indptr) for p in self.parts), np.empty(0, np.int64)])

    def weight(self, bits: Floats) -> Floats:
        """What the grams that each pair shares weigh."""

        def weigh(part: sp.csr_matrix) -> Floats:
            return by_row(np.add, bits[part.indices], part.indptr)

        return np.concatenate([*each(weigh, self.parts), np.empty(0)])

    def company(self, similarity: Floats, n: int, gain: float) -> Floats:
        """Of each of n grams the mean similarity of the pairs that share it, times gain.

        At most 1, and 1 for a gram that no pair shares.
        """
        total, pairs = np.zeros(n), np.zeros(n)
        start = 0
        for part in self.parts:
            here = similarity[start : start + part.shape[0]]
            start += part.shape[0]
            total += np.bincount(
                part.indices, weights=np.repeat(here, np.diff(part.indptr)), minlength=n
            )
            pairs += np.bincount(part.indices, minlength=n)
        return np.where(pairs > 0, np.minimum(total / np.maximum(pairs, 1) * gain, 1.0), 1.0)

    def blocks(
        self, counted: npt.NDArray[np.bool_], kept: npt.NDArray[np.bool_]
    ) -> tuple[Ints, Ints]:
        """For the kept pairs: the blocks of one text, and of the other, with a gram that counts."""
        starts = np.cumsum([0, *(part.shape[0] for part in self.parts)])
        pieces = [
            (part, np.flatnonzero(kept[start : start + part.shape[0]]))
            for part, start in zip(self.parts, starts, strict=False)
        ]

        def seen(piece: tuple[sp.csr_matrix, Ints]) -> npt.NDArray[np.uint8]:
            part, rows = piece
            some = part[rows]
            here = np.where(counted[some.indices], some.data, np.uint16(0))
            return np.stack(
                [
                    np.bitwise_count(by_row(np.bitwise_or, told[here], some.indptr))
                    for told in (_IN_A, _IN_B)
                ]
            )

        found = np.concatenate([*each(seen, pieces), np.empty((2, 0), np.uint8)], axis=1)
        return found[0].astype(np.int64), found[1].astype(np.int64)
