"""The words of many folded texts as 64-bit hashes, worked out for all of them at once.

Texts are taken as the bytes that Arrow holds, so that next to no word becomes a Python string. A
word is what stands between spaces; it is read eight bytes at a time, all words of a block at once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

#: Number words are slots or spelled-out phones, in the languages that `signals` reads.
NUMBER_WORDS = frozenset(
    """
    zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety hundred double triple cero uno una dos tres cuatro cinco seis siete ocho nueve diez
    once doce veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien
    """.split()  # noqa: SIM905
)

#: Bytes worked on at a time: what is made of them stays in the processor's own memory.
BLOCK_BYTES = 1 << 18
_SPACE = 32
_SPACES, _NOUGHTS, _TENS, _HIGHEST = (
    np.uint64(byte * 0x0101010101010101) for byte in (_SPACE, 48, 10, 0x80)
)
#: Words that take more bytes than this are rare, and are hashed one by one.
_LONG = 64
_SIEVE_BITS = 12


@dataclass(frozen=True)
class Texts:
    """Texts end to end, as UTF-8. ``offsets`` are where each begins, and where the last ends."""

    data: npt.NDArray[np.uint8]
    offsets: Ints

    @staticmethod
    def of(texts: pa.Array | pa.ChunkedArray) -> Texts:
        """From a column of strings; null is taken as empty."""
        if isinstance(texts, pa.ChunkedArray):
            texts = texts.combine_chunks()
        texts = pc.fill_null(texts.cast(pa.large_string()), "")
        if not len(texts):
            return Texts(np.empty(0, np.uint8), np.zeros(1, np.int64))
        _, offsets, data = texts.buffers()
        here = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        raw = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
        return Texts(raw[here[0] : here[-1]], here - here[0])

    def blocks(self) -> list[slice]:
        """Runs of whole texts of about ``BLOCK_BYTES``, a longer text by itself."""
        bounds = np.arange(BLOCK_BYTES, int(self.offsets[-1]), BLOCK_BYTES)
        cuts = np.unique(np.searchsorted(self.offsets[:-1], bounds)).tolist()
        starts = [0, *(cut for cut in cuts if cut)]
        ends = [*starts[1:], len(self.offsets) - 1]
        return [slice(a, b) for a, b in zip(starts, ends, strict=True) if a < b]

    def words(self, block: slice) -> tuple[Ints, Hashes]:
        """The words of some texts: how many each text has, and their hashes in order.

        Numbers, and words with a digit in them, are left out.
        """
        data, offsets = self._some(block)
        starts = _starts(data, offsets)
        hashes, wording = _hashes(data, starts)
        sieve, known = _number_words()
        maybe = np.flatnonzero(sieve[hashes >> np.uint64(64 - _SIEVE_BITS)])
        wording[maybe] &= known[np.searchsorted(known, hashes[maybe]) % len(known)] != hashes[maybe]
        before = np.concatenate([[0], np.cumsum(wording)])
        counts = np.diff(before[np.searchsorted(starts, offsets)])
        return counts, hashes[wording]

    def all_words(self, block: slice) -> tuple[Ints, Hashes]:
        """``words`` with numbers and all others."""
        data, offsets = self._some(block)
        starts = _starts(data, offsets)
        return np.diff(np.searchsorted(starts, offsets)), _hashes(data, starts)[0]

    def _some(self, block: slice) -> tuple[npt.NDArray[np.uint8], Ints]:
        offsets = self.offsets[block.start : block.stop + 1]
        return self.data[offsets[0] : offsets[-1]], offsets - offsets[0]


def _starts(data: npt.NDArray[np.uint8], offsets: Ints) -> Ints:
    """Where words begin: after a space, and where a text does."""
    letter = data != _SPACE
    begins = letter.copy()
    begins[1:] &= ~letter[:-1]
    firsts = offsets[:-1][offsets[:-1] < len(data)]
    begins[firsts] = letter[firsts]
    return np.flatnonzero(begins)


def _hashes(data: npt.NDArray[np.uint8], starts: Ints) -> tuple[Hashes, npt.NDArray[np.bool_]]:
    """The hash of each word, and whether it has no digit.

    A word goes on to where the next begins; spaces are read as nothing.
    """
    padded = np.concatenate([data, np.full(8, _SPACE, np.uint8)])
    eight = np.ndarray(len(data) + 1, "<u8", padded, strides=(1,))  # the eight bytes from each on
    left = np.diff(np.append(starts, len(data)))
    hashes = (np.take(eight, starts) ^ _SPACES) & LOWEST[np.minimum(left, 8)]
    plain = ~_with_digit(hashes)
    at = np.flatnonzero(left > 8)
    long = at[left[at] > _LONG]
    for read in range(8, _LONG, 8):
        at = at[left[at] > read]
        if not len(at):
            break
        more = (eight[starts[at] + read] ^ _SPACES) & LOWEST[np.minimum(left[at] - read, 8)]
        plain[at] &= ~_with_digit(more)
        some = more != 0
        hashes[at[some]] = mix(hashes[at[some]] * _TIMES) + more[some]
    for i in long.tolist():
        word = data[starts[i] : starts[i] + left[i]].tobytes().rstrip(b" ")
        if len(word) > _LONG:
            digest = hashlib.blake2b(word, digest_size=8).digest()
            hashes[i] = int.from_bytes(digest, "little")
            plain[i] = not any(digit in word for digit in b"0123456789")
    return mix(hashes), plain


_TIMES = np.uint64(0x9E3779B97F4A7C15)
#: For 0 to 8 bytes, the bits of so many.
LOWEST = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)


def _with_digit(bytes_: Hashes) -> npt.NDArray[np.bool_]:
    """Whether any of eight bytes, of which spaces were taken away, is one of 0 to 9."""
    value = bytes_ ^ _SPACES ^ _NOUGHTS
    found: npt.NDArray[np.bool_] = ((value - _TENS) & ~value & _HIGHEST) != 0
    return found


@lru_cache(maxsize=1)
def _number_words() -> tuple[npt.NDArray[np.bool_], Hashes]:
    """The hashes of the number words, and which values of their highest bits they have."""
    data = np.frombuffer(" ".join(sorted(NUMBER_WORDS)).encode(), np.uint8)
    known = np.sort(_hashes(data, _starts(data, np.array([0, len(data)])))[0])
    sieve = np.zeros(1 << _SIEVE_BITS, bool)
    sieve[known >> np.uint64(64 - _SIEVE_BITS)] = True
    return sieve, known


def mix(value: Hashes) -> Hashes:
    """MurmurHash3's finalizer: every bit of the input moves every bit of the output."""
    mixed: npt.NDArray[Any] = value ^ (value >> np.uint64(33))
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> np.uint64(33)
    return mixed
