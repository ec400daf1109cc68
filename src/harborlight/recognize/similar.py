"""Stage 4, similar: which ads share an unusual amount of wording.

Plain near-duplicate search fails on ads that were reworded, so wording is compared in small pieces:
pairs of neighboring words ("grams"), numbers left out because they are slots or phones.

1. *Candidates.* Sorted by (gram, ad), every ad is tied to the next few ads that have the same gram;
   pairs tied by several grams are kept. The cost is linear in the number of words.
2. *Weights.* A gram weighs its rarity in bits, log2(N / ads that have it), times its *company*: how
   much the ads that share this gram share otherwise. A phrase of a template keeps good company; a
   stock phrase of unrelated ads ("serious inquiries only") does not, and comes to weigh nothing.
   Company is measured on the candidates themselves and refined a few times; there is no list of
   stock phrases.
3. *Similarity.* The weight of the grams two ads share, divided by the mean weight of both.

The candidates are found in Daft groups (on one machine or a Ray cluster); the weights, on the
candidates alone, in sparse matrices.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import daft
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from daft import DataType, Series, col

from harborlight.recognize.schema import SIMILAR

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

#: Number words are slots or spelled-out phones, in the languages that `signals` reads.
NUMBER_WORDS = frozenset(
    "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred double triple cero uno una dos tres cuatro cinco seis siete ocho nueve diez "
    "once doce veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien".split()
)


@dataclass(frozen=True)
class Wording:
    """What counts as sharing wording; the defaults are those that were measured."""

    neighbors: int = 3  # ads each ad is tied to in the list of one gram
    budget: int = 48  # grams an ad, on average, that are looked at; the commonest go first
    minimum_shared: int = 3  # grams two ads must share to be looked at closer
    partners: int = 8  # candidates kept an ad, those with most grams in common
    rounds: int = 3  # refinements of the grams' company
    gain: float = 2.0  # company at which a gram weighs in full is 1/gain
    background: int = 4096  # a gram is never taken for common in fewer ads than this
    minimum_bits: float = 40.0  # weight two ads must share
    minimum_similarity: float = 0.08  # below this a pair is not kept at all
    minimum_words: int = 5  # an ad repeated word for word needs as many
    chunk: int = 16_384  # ads worked on at a time


_PIECE = DataType.struct(
    {
        "kind": DataType.int64(),
        "bucket": DataType.int64(),
        "keys": DataType.list(DataType.uint64()),
        "counts": DataType.list(DataType.int32()),
    }
)
_PIECE_ARROW = pa.struct(
    [
        ("kind", pa.int64()),
        ("bucket", pa.int64()),
        ("keys", pa.large_list(pa.uint64())),
        ("counts", pa.large_list(pa.int32())),
    ]
)
_TOTALS, _GRAMS, _OCCURRENCES, _PAIRS = range(4)

Piece = tuple[int, int, npt.NDArray[Any], npt.NDArray[Any]]


def similar(folded: daft.DataFrame, wording: Wording | None = None) -> daft.DataFrame:
    """Pairs of ads (schema SIMILAR) that share an unusual amount of wording.

    ``folded`` has schema FOLDED. An ad repeated word for word is tied, with similarity 1, to the
    first ad (by number) of the same words; only that one is compared with others. The result is
    sorted by (a, b) and does not depend on the order of the rows or the number of cores.
    """
    wording = wording or Wording()
    folded = folded.select("ad", "folded").with_column("same", col("folded").hash()).collect()
    first, repeats = _repeats(folded, wording)
    texts = folded.join(daft.from_arrow(pa.table({"ad": first})), on="ad", how="semi")
    grams, a, b = _candidates(texts, first, wording)
    shared, weight, similarity = _compare(grams, a, b, wording)
    kept = (weight >= wording.minimum_bits) & (similarity >= wording.minimum_similarity)
    table = pa.table(
        {
            "a": np.concatenate([first[a[kept]], repeats[0]]),
            "b": np.concatenate([first[b[kept]], repeats[1]]),
            "shared": np.concatenate([shared[kept], repeats[2]]).astype(np.int32),
            "similarity": np.concatenate([similarity[kept], np.ones(len(repeats[0]))]).astype(
                np.float32
            ),
        },
        schema=SIMILAR,
    )
    return daft.from_arrow(table.sort_by([("a", "ascending"), ("b", "ascending")]))


def _repeats(folded: daft.DataFrame, wording: Wording) -> tuple[Ints, tuple[Ints, Ints, Ints]]:
    """The first ad of every distinct text, and (first, repeat, words) of those said again."""
    columns = folded.select(
        "ad", "same", col("folded").split(" ").list_count().alias("words")
    ).to_arrow()
    order = np.argsort(columns["ad"].to_numpy(), kind="stable")
    ad = columns["ad"].to_numpy()[order]
    words = columns["words"].to_numpy()[order].astype(np.int64)
    _, index, inverse = np.unique(
        columns["same"].to_numpy()[order], return_index=True, return_inverse=True
    )
    leader = index[inverse]
    again = (leader != np.arange(len(ad))) & (words >= wording.minimum_words)
    return np.sort(ad[index]), (ad[leader[again]], ad[again], words[again] - 1)


# ---------------------------------------------------------------- candidates, in Daft groups


def _candidates(
    texts: daft.DataFrame, first: Ints, wording: Wording
) -> tuple[Grams, Ints, Ints]:
    """The grams of the distinct texts, and the pairs of texts tied by several of them.

    A gram and an ad share one 64-bit key (gram's hash above, ad's number below), so that one sort
    brings the ads of a gram together. Keys are dealt into buckets by other bits of the hash.
    """
    n = len(first)
    numbers = daft.from_arrow(pa.table({"ad": first, "n": np.arange(n, dtype=np.int64)}))
    texts = texts.join(numbers, on="ad")
    ad_bits = max(n - 1, 1).bit_length()
    buckets = -(-n // wording.chunk)
    budget = wording.budget * n // max(buckets, 1)

    @daft.func.batch(return_dtype=_PIECE)
    def cut(number: Series, text: Series) -> Series:
        return _pieces(_cut(number.to_arrow(), text.to_arrow(), ad_bits, buckets))

    @daft.func.batch(return_dtype=_PIECE)
    def tie(bucket: Series, keys: Series) -> Series:
        values = _flat(keys.to_arrow())
        here = int(bucket.to_pylist()[0])
        return _pieces(_tie(values, here, ad_bits, buckets, budget, wording))

    @daft.func.batch(return_dtype=_PIECE)
    def count(keys: Series, counts: Series) -> Series:
        return _pieces(_count(_flat(keys.to_arrow()), _flat(counts.to_arrow()), wording))

    cuts = _groups(texts.with_column("chunk", col("n") // wording.chunk), "chunk", cut(col("n"), col("folded")))
    ties = _groups(cuts.where(col("kind") == _GRAMS), "bucket", tie(col("bucket"), col("keys")))
    pairs = _groups(ties.where(col("kind") == _PAIRS), "bucket", count(col("keys"), col("counts")))
    return (
        Grams.gather(
            n,
            cuts.where(col("kind") == _TOTALS).to_arrow(),
            ties.where(col("kind") == _OCCURRENCES).to_arrow(),
        ),
        *_unpack(_flat(pairs.select("keys").to_arrow()["keys"])),
    )


def _groups(frame: daft.DataFrame, key: str, work: Any) -> daft.DataFrame:
    """Each group's pieces, materialized once: kind, bucket, keys, counts."""
    done = frame.groupby(key).map_groups(work.alias("piece")).select("piece")
    fields = (col("piece").get(name).alias(name) for name in ("kind", "bucket", "keys", "counts"))
    return done.select(*fields).collect()


def _pieces(pieces: Iterator[Piece]) -> Series:
    """Arrays as rows of one Daft column."""
    kinds, buckets, keys, counts = [], [], [], []
    for kind, bucket, key, number in pieces:
        kinds.append(kind)
        buckets.append(bucket)
        keys.append(key)
        counts.append(number)
    rows = pa.StructArray.from_arrays(
        [
            pa.array(kinds, pa.int64()),
            pa.array(buckets, pa.int64()),
            _lists(keys, np.uint64),
            _lists(counts, np.int32),
        ],
        fields=list(_PIECE_ARROW),
    )
    return Series.from_arrow(rows).cast(_PIECE)


def _lists(arrays: list[npt.NDArray[Any]], item: type) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum([len(array) for array in arrays])]).astype(np.int64)
    values = np.concatenate([*arrays, np.empty(0, item)]).astype(item)
    return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(values))


def _flat(lists: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """All items of a column of lists, end to end."""
    values = pc.list_flatten(lists)
    return np.asarray(values.to_numpy(zero_copy_only=False) if len(values) else np.empty(0, np.uint64))


def _cut(number: pa.Array, text: pa.Array, ad_bits: int, buckets: int) -> Iterator[Piece]:
    """Texts to keys, a piece a bucket, and one piece with how many grams each text has."""
    ad, word = word_hashes(number, text)
    together = ad[1:] == ad[:-1]
    gram = _mix(word[:-1] * np.uint64(0x9E3779B97F4A7C15) + word[1:])[together]
    bucket = (gram & np.uint64(0xFFFF)).astype(np.int64) % max(buckets, 1)
    key = (gram >> np.uint64(ad_bits) << np.uint64(ad_bits)) | ad[1:][together].astype(np.uint64)
    nothing = np.empty(0, np.int32)
    for here in range(buckets):
        keys = np.unique(key[bucket == here])
        yield _GRAMS, here, keys, nothing
        ads, totals = np.unique(keys & np.uint64((1 << ad_bits) - 1), return_counts=True)
        yield _TOTALS, here, ads, totals


def _tie(
    keys: Keys, bucket: int, ad_bits: int, buckets: int, budget: int, wording: Wording
) -> Iterator[Piece]:
    """The occurrences of the grams that several texts have, and the pairs tied by them."""
    keys = np.sort(keys)
    gram, ad = keys >> np.uint64(ad_bits), keys & np.uint64((1 << ad_bits) - 1)
    starts = np.flatnonzero(np.concatenate([[True], gram[1:] != gram[:-1]]))
    size = np.diff(np.append(starts, len(gram)))
    several = size >= 2
    commonest = _cap(size[several], budget)
    number = np.cumsum(several) - 1
    keep = np.repeat(several, size)
    ad, gram_number, ads_with_it = ad[keep], np.repeat(number, size)[keep], np.repeat(size, size)[keep]
    yield _OCCURRENCES, bucket, ad, gram_number.astype(np.int32)
    usable = ads_with_it <= commonest
    ad, gram_number = ad[usable], gram_number[usable]
    pairs = [
        (ad[:-step] << np.uint64(32) | ad[step:])[gram_number[step:] == gram_number[:-step]]
        for step in range(1, wording.neighbors + 1)
        if step < len(ad)
    ]
    pair, count = np.unique(
        np.concatenate([*pairs, np.empty(0, np.uint64)]), return_counts=True
    )
    home = (_mix(pair >> np.uint64(32)) % np.uint64(max(buckets, 1))).astype(np.int64)
    for here in range(buckets):
        yield _PAIRS, here, pair[home == here], count[home == here]


def _cap(sizes: Ints, budget: int) -> int:
    """The most ads a gram may have, so that all occurrences looked at stay within the budget."""
    sizes = np.sort(sizes)
    within = np.searchsorted(np.cumsum(sizes), budget, side="right")
    return int(sizes[min(within, len(sizes) - 1)]) if len(sizes) else 0


def _count(keys: Keys, counts: Ints, wording: Wording) -> Iterator[Piece]:
    """The pairs tied often enough, the best few an ad."""
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else []
    if not len(starts):
        return
    keys, counts = keys[starts], np.add.reduceat(counts, starts)
    keys, counts = keys[counts >= wording.minimum_shared], counts[counts >= wording.minimum_shared]
    order = np.lexsort((keys, -counts, keys >> np.uint64(32)))
    keys, counts = keys[order], counts[order]
    source = keys >> np.uint64(32)
    starts = np.flatnonzero(np.concatenate([[True], source[1:] != source[:-1]]))
    rank = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
    best = rank < wording.partners
    yield _PAIRS, 0, keys[best], counts[best]


def word_hashes(number: pa.Array, text: pa.Array) -> tuple[Ints, Keys]:
    """Every word of the texts but numbers, in order: the number of its text and its hash."""
    words = pc.split_pattern(text, " ")
    flat = pc.list_flatten(words).dictionary_encode()
    parent = pc.list_parent_indices(words).to_numpy()
    ad = number.to_numpy()[parent]
    vocabulary = flat.dictionary.to_pylist()
    hashes = np.fromiter(
        (
            int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
            for word in vocabulary
        ),
        np.uint64,
        len(vocabulary),
    )
    counts = np.fromiter((_is_wording(word) for word in vocabulary), bool, len(vocabulary))
    code = flat.indices.to_numpy()
    keep = counts[code]
    return ad[keep], hashes[code[keep]]


def _is_wording(word: str) -> bool:
    return bool(word) and word not in NUMBER_WORDS and not any(map(str.isdigit, word))


def _mix(value: Keys) -> Keys:
    """MurmurHash3's finalizer: every bit of the input moves every bit of the output."""
    value = value ^ (value >> np.uint64(33))
    value = value * np.uint64(0xFF51AFD7ED558CCD)
    value = value ^ (value >> np.uint64(33))
    value = value * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(33))


def _unpack(pairs: Keys) -> tuple[Ints, Ints]:
    pairs = np.sort(pairs.astype(np.uint64))
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


# ---------------------------------------------------------------- weights, on the candidates


@dataclass(frozen=True)
class Grams:
    """Which texts have which grams. Only grams that two texts have are numbered."""

    has: sp.csr_matrix  # texts x grams, 1 where the text has the gram
    ads: Ints  # grams: how many texts have it
    alone: Ints  # texts: how many of its grams no other text has

    @staticmethod
    def gather(n: int, totals: pa.Table, occurrences: pa.Table) -> Grams:
        """From the pieces of all buckets, in the order of the buckets."""
        order = pc.sort_indices(occurrences["bucket"])
        rows, columns, offset = [], [], 0
        for index in order.to_pylist():
            row = np.asarray(occurrences["keys"][index].values)
            column = np.asarray(occurrences["counts"][index].values)
            rows.append(row.astype(np.int32))
            columns.append(column + np.int32(offset))
            offset += int(column[-1]) + 1 if len(column) else 0
        row = np.concatenate([*rows, np.empty(0, np.int32)])
        column = np.concatenate([*columns, np.empty(0, np.int32)])
        has = sp.csr_matrix((np.ones(len(row), np.int8), (row, column)), shape=(n, offset))
        has.sort_indices()
        total = np.bincount(
            _flat(totals["keys"]).astype(np.int64),
            weights=_flat(totals["counts"]).astype(np.float64),
            minlength=n,
        )
        return Grams(
            has,
            np.bincount(column, minlength=offset),
            total.astype(np.int64) - np.diff(has.indptr).astype(np.int64),
        )

    def weigh(self, company: Floats, background: int) -> tuple[Floats, Floats]:
        """Bits of every gram, and of every text. A gram nobody else has weighs its rarity."""
        n = max(self.has.shape[0], background)
        bits = np.log2(n / np.maximum(self.ads, 1)) * company
        return bits, self.has @ bits + self.alone * np.log2(n)


def _compare(grams: Grams, a: Ints, b: Ints, wording: Wording) -> tuple[Ints, Floats, Floats]:
    """How many grams each pair shares, their weight in bits, and the similarity (0..1)."""
    common = _common(grams.has, a, b)
    shared = np.concatenate([np.diff(part.indptr) for part in common] or [np.empty(0, np.int64)])
    company = np.ones(len(grams.ads))
    for refinement in range(wording.rounds):
        bits, text_bits = grams.weigh(company, wording.background)
        weight = np.concatenate([part @ bits for part in common] or [np.empty(0)])
        similarity = 2 * weight / np.maximum(text_bits[a] + text_bits[b], 1e-9)
        if refinement + 1 < wording.rounds:
            company = _company(common, similarity, len(grams.ads), wording.gain)
    return shared, weight, similarity


def _common(has: sp.csr_matrix, a: Ints, b: Ints, size: int = 65_536) -> list[sp.csr_matrix]:
    """The grams that both ads of each pair have: pairs x grams, in parts."""

    def part(start: int) -> sp.csr_matrix:
        return has[a[start : start + size]].multiply(has[b[start : start + size]]).tocsr()

    return _in_threads(part, range(0, len(a), size))


def _company(common: list[sp.csr_matrix], similarity: Floats, n: int, gain: float) -> Floats:
    """Mean similarity of the pairs that share a gram, times gain, at most 1; 1 where no pair does."""
    total, pairs = np.zeros(n), np.zeros(n)
    start = 0
    for part in common:
        here = similarity[start : start + part.shape[0]]
        start += part.shape[0]
        total += np.bincount(
            part.indices, weights=np.repeat(here, np.diff(part.indptr)), minlength=n
        )
        pairs += np.bincount(part.indices, minlength=n)
    return np.where(pairs > 0, np.minimum(total / np.maximum(pairs, 1) * gain, 1.0), 1.0)


def _in_threads(work: Callable[[int], Any], starts: range) -> list[Any]:
    """The results in order; NumPy and SciPy release the interpreter while they count."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, starts))
