"""Grams: pairs of neighboring words, who has which, and which ads have several in common.

A gram and an ad share one 64-bit key (the gram's hash above; the ad's number and the place of the
gram in the ad below), so that one sort brings the ads of a gram together. Keys are dealt into
buckets by other bits of the hash; buckets are worked on apart from each other, as Daft groups, on
one machine or a Ray cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import daft
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from daft import DataType, Series, col

from harborlight.recognize.text.words import Texts, mix

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Search:
    """How far candidates are looked for; the defaults are those that were measured."""

    neighbors: int = 2  # ads each ad is tied to in the list of one gram
    sample: int = 96  # grams of an ad that it is tied by; of a shorter one all
    budget: int = 40  # grams an ad, on average, of which all are tied by; of the commonest beyond,
    thinned: int = 4  # this many in 16
    minimum_shared: int = 3  # grams two ads must share to be looked at closer,
    minimum_short: int = 2  # or so many where both have so few grams:
    short: int = 30
    partners: int = 8  # candidates kept an ad, those with most grams in common
    chunk: int = 16_384  # ads worked on at a time, at most; at least two parts


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
#: Grams a block: whether two ads share wording all over or in one passage is seen by blocks.
BLOCK = 6
_BLOCK_BITS = 5
#: Bits that a gram weighs, however common, when it keeps good company: in a file of one template's
#: ads nothing is rare.
FLOOR = 4.0
_LOW_BITS = _BLOCK_BITS + 1  # below the ad in a key: the block, and whether it is tied by
_TOTALS, _GRAMS, _OCCURRENCES, _PAIRS = range(4)

Piece = tuple[int, int, npt.NDArray[Any], npt.NDArray[Any]]


@dataclass(frozen=True)
class Grams:
    """Which texts have which grams. Only grams that two texts have are numbered."""

    has: sp.csr_matrix  # texts x grams, 1 where the text has the gram
    block: sp.csr_matrix  # the same, the block (1, 2, ...) of the text where the gram first stands
    ads: Ints  # grams: how many texts have it
    alone: Ints  # texts: how many of its grams no other text has

    @staticmethod
    def gather(n: int, totals: pa.Table, occurrences: pa.Table) -> Grams:
        """From the pieces of all buckets, in the order of the buckets."""
        order = pc.sort_indices(occurrences["bucket"])
        rows, columns, places, offset = [], [], [], 0
        for index in order.to_pylist():
            row = np.asarray(occurrences["keys"][index].values)
            column = np.asarray(occurrences["counts"][index].values)
            rows.append((row >> np.uint64(_BLOCK_BITS)).astype(np.int32))
            places.append((row & np.uint64((1 << _BLOCK_BITS) - 1)).astype(np.uint8))
            columns.append(column + np.int32(offset))
            offset += int(column[-1]) + 1 if len(column) else 0
        row = np.concatenate([*rows, np.empty(0, np.int32)])
        column = np.concatenate([*columns, np.empty(0, np.int32)])
        block = np.concatenate([*places, np.empty(0, np.uint8)])
        del rows, columns, places
        block += np.uint8(1)
        blocks = sp.csr_matrix((block, (row, column)), shape=(n, offset))
        del row, block
        blocks.sort_indices()
        ones = np.ones(len(column), np.uint8)
        has = sp.csr_matrix((ones, blocks.indices, blocks.indptr), shape=(n, offset))
        total = np.bincount(
            _flat(totals["keys"]).astype(np.int64),
            weights=_flat(totals["counts"]).astype(np.float64),
            minlength=n,
        )
        return Grams(
            has,
            blocks,
            np.bincount(column, minlength=offset),
            total.astype(np.int64) - np.diff(has.indptr).astype(np.int64),
        )

    @property
    def count(self) -> Ints:
        """How many grams each text has."""
        count: Ints = np.diff(self.has.indptr).astype(np.int64) + self.alone
        return count

    @property
    def blocks(self) -> Ints:
        """How many blocks each text has."""
        blocks: Ints = np.minimum(-(-self.count // BLOCK), 1 << _BLOCK_BITS)
        return blocks

    def weigh(self, company: Floats, background: int) -> tuple[Floats, Floats]:
        """Bits of every gram, and of every text. A gram nobody else has weighs its rarity."""
        bits = np.maximum(self.rarity(background), FLOOR) * company
        return bits, self.has @ bits + self.alone * np.log2(max(self.has.shape[0], background))

    def rarity(self, background: int) -> Floats:
        """Bits: log2(texts / texts that have the gram), as if there were ``background`` texts."""
        rarity: Floats = np.log2(max(self.has.shape[0], background) / np.maximum(self.ads, 1))
        return rarity


def candidates(folded: daft.DataFrame, first: Ints, search: Search) -> tuple[Grams, Ints, Ints]:
    """The grams of the distinct texts, and the pairs (a < b) of texts tied by several of them.

    ``folded`` has schema FOLDED; a text is known by its place in ``first``, the sorted ads, and
    ads that are not in it are left out.
    """
    n = len(first)
    numbers = daft.from_arrow(pa.table({"ad": first, "n": np.arange(n, dtype=np.int64)}))
    texts = folded.select("ad", "folded").join(numbers, on="ad")
    ad_bits = max(n - 1, 1).bit_length()
    buckets = max(-(-n // search.chunk), 2)
    chunk = max(-(-n // buckets), 1)

    @daft.func.batch(return_dtype=_PIECE)
    def cut(number: Series, text: Series) -> Series:
        return _pieces(_cut(number.to_arrow(), text.to_arrow(), ad_bits, buckets, search.sample))

    @daft.func.batch(return_dtype=_PIECE)
    def tie(bucket: Series, keys: Series) -> Series:
        values = _flat(keys.to_arrow())
        here = int(bucket.to_pylist()[0])
        return _pieces(_tie(values, here, n, ad_bits, buckets, search))

    @daft.func.batch(return_dtype=_PIECE)
    def count(keys: Series, counts: Series) -> Series:
        return _pieces(_count(_flat(keys.to_arrow()), _flat(counts.to_arrow()), search))

    cuts = _groups(
        texts.with_column("chunk", daft.sql_expr(f"cast(floor(n / {chunk}) as bigint)")),
        "chunk",
        cut(col("n"), col("folded")),
    )
    totals = cuts.where(f"kind = {_TOTALS}").to_arrow()
    ties = _groups(cuts.where(f"kind = {_GRAMS}"), "bucket", tie(col("bucket"), col("keys")))
    del cuts, texts  # each table is as large as the ads themselves
    pairs = _groups(ties.where(f"kind = {_PAIRS}"), "bucket", count(col("keys"), col("counts")))
    tied = pairs.select("keys", "counts").to_arrow()
    occurrences = ties.where(f"kind = {_OCCURRENCES}").select("bucket", "keys", "counts").to_arrow()
    del ties, pairs
    grams = Grams.gather(n, totals, occurrences)
    del occurrences
    a, b, shared = _unpack(_flat(tied["keys"]), _flat(tied["counts"]))
    short = grams.count <= search.short
    enough = shared >= np.where(short[a] & short[b], search.minimum_short, search.minimum_shared)
    return grams, a[enough], b[enough]


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
    values: npt.NDArray[Any] = np.concatenate([*arrays, np.empty(0, item)]).astype(item)
    return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(values))


def _flat(lists: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """All items of a column of lists, end to end."""
    values = pc.list_flatten(lists)
    return np.asarray(
        values.to_numpy(zero_copy_only=False) if len(values) else np.empty(0, np.uint64)
    )


def _cut(
    number: pa.Array, text: pa.Array, ad_bits: int, buckets: int, sample: int
) -> Iterator[Piece]:
    """Texts to keys, a piece a bucket, and one piece with how many grams each text has."""
    texts, numbers = Texts.of(text), number.to_numpy().astype(np.uint64)
    found = [
        _keys(numbers[block], *texts.words(block), ad_bits, sample) for block in texts.blocks()
    ]
    key: Keys = np.concatenate([*found, np.empty(0, np.uint64)])
    key.sort()
    key = key[_starts(key >> np.uint64(_LOW_BITS))]
    nothing = np.empty(0, np.int32)
    for here, keys in enumerate(_split(key, _first_keys(buckets))):
        yield _GRAMS, here, keys, nothing
    totals = np.bincount(_ads(key, ad_bits).astype(np.int64))
    ads = np.flatnonzero(totals)
    yield _TOTALS, 0, ads.astype(np.uint64), totals[ads]


def _keys(numbers: Keys, words: Ints, word: Keys, ad_bits: int, sample: int) -> Keys:
    """A key for every gram of some texts, which have so many ``words`` each.

    Of a long text only about ``sample`` grams are marked to be tied by: those whose hash is small
    for the number of its grams, so that texts of one length mark the same of those they share.
    """
    if len(word) < 2:
        return np.empty(0, np.uint64)
    gram = mix(word[:-1] * np.uint64(0x9E3779B97F4A7C15) + word[1:])
    ends = np.cumsum(words)
    together = np.ones(len(gram), bool)
    across = ends[(ends > 0) & (ends < len(word))] - 1
    together[across] = False
    gram = gram[together]
    length = np.maximum(words - 1, 0)
    begins = np.cumsum(length) - length
    # What is the same for a whole text is worked out once a text, and where the gram stands is a
    # look into a table that is no longer than the longest text.
    most = int(length.max())
    place = np.arange(len(gram), dtype=np.int64) - np.repeat(begins, length)
    low = np.minimum(np.arange(most) // BLOCK, (1 << _BLOCK_BITS) - 1).astype(np.uint64)
    key = gram >> np.uint64(ad_bits + _LOW_BITS) << np.uint64(ad_bits + _LOW_BITS)
    key |= np.repeat(numbers << np.uint64(_LOW_BITS), length)
    key |= (low << np.uint64(1))[place]
    if most <= sample:
        return key | np.uint64(1)
    bound = np.uint64(sample << 24) // np.maximum(length, 1).astype(np.uint64)
    return key | ((gram & np.uint64(0xFFFFFF)) < np.repeat(bound, length))


def _first_keys(buckets: int) -> Keys:
    """The lowest key of every bucket but the first: buckets are ranges of the gram's hash."""
    return np.array([(here << 64) // buckets for here in range(1, buckets)], np.uint64)


def _split(values: npt.NDArray[Any], bounds: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Sorted values, cut at the bounds."""
    return np.split(values, np.searchsorted(values, bounds))


def _ads(keys: Keys, ad_bits: int) -> Keys:
    return keys >> np.uint64(_LOW_BITS) & np.uint64((1 << ad_bits) - 1)


def _tie(
    keys: Keys, bucket: int, n: int, ad_bits: int, buckets: int, search: Search
) -> Iterator[Piece]:
    """The occurrences of the grams that several texts have, and the pairs tied by them."""
    keys = np.sort(keys, kind="stable")  # they come as sorted runs, which that merges
    gram = keys >> np.uint64(ad_bits + _LOW_BITS)
    starts = _starts(gram)
    size = np.diff(np.append(starts, len(gram)))
    several = size >= 2
    commonest = _cap(size[several], search.budget * n // buckets)
    keep = np.repeat(several, size)
    keys, number = keys[keep], np.repeat((np.cumsum(several) - 1)[several], size[several])
    blocks = keys >> np.uint64(1) & np.uint64((1 << ad_bits + _BLOCK_BITS) - 1)
    yield _OCCURRENCES, bucket, blocks, number.astype(np.int32)
    thinned = gram[starts[several]] * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(60)
    rare = (size[several] <= commonest) | (thinned < np.uint64(search.thinned))
    usable = np.repeat(rare, size[several]) & (keys & np.uint64(1) > 0)
    ad, number = _ads(keys[usable], ad_bits), number[usable]
    ad = ad.astype(_pair_type(ad_bits))
    pairs = [
        (ad[:-step] << ad_bits | ad[step:])[number[step:] == number[:-step]]
        for step in range(1, search.neighbors + 1)
        if step < len(ad)
    ]
    pair = np.sort(np.concatenate([*pairs, np.empty(0, ad.dtype)]))
    starts = _starts(pair)
    count = np.diff(np.append(starts, len(pair))).astype(np.int32)
    pair = pair[starts].astype(np.uint64)
    pair = pair >> np.uint64(ad_bits) << np.uint64(32) | pair & np.uint64((1 << ad_bits) - 1)
    homes = np.array([(here * n // buckets) << 32 for here in range(1, buckets)], np.uint64)
    at = np.searchsorted(pair, homes)
    for here, (some, times) in enumerate(zip(np.split(pair, at), np.split(count, at), strict=True)):
        yield _PAIRS, here, some, times


def _pair_type(ad_bits: int) -> type[np.unsignedinteger[Any]]:
    """What two ads fit into side by side: the shorter, the quicker to sort."""
    return np.uint32 if 2 * ad_bits <= 32 else np.uint64


def _cap(sizes: Ints, budget: int) -> int:
    """The most ads a gram may have, so that all occurrences looked at stay within the budget."""
    sizes = np.sort(sizes)
    within = int(np.searchsorted(np.cumsum(sizes), budget, side="right"))
    return int(sizes[min(within, len(sizes) - 1)]) if len(sizes) else 0


def _count(keys: Keys, counts: Ints, search: Search) -> Iterator[Piece]:
    """The pairs tied often enough, the best few an ad."""
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    starts = _starts(keys)
    if not len(starts):
        return
    keys, counts = keys[starts], np.add.reduceat(counts, starts)
    enough = counts >= min(search.minimum_shared, search.minimum_short)
    keys, counts = keys[enough], counts[enough]
    order = np.lexsort((keys, -counts, keys >> np.uint64(32)))
    keys, counts = keys[order], counts[order]
    starts = _starts(keys >> np.uint64(32))
    rank = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
    best = rank < search.partners
    yield _PAIRS, 0, keys[best], counts[best]


def _unpack(pairs: Keys, counts: npt.NDArray[np.int32]) -> tuple[Ints, Ints, npt.NDArray[np.int32]]:
    """Pairs of texts, sorted, and how many grams each is tied by."""
    order = np.argsort(pairs, kind="stable")
    pairs = pairs[order].astype(np.uint64)
    a, b = pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF)
    return a.astype(np.int64), b.astype(np.int64), counts[order].astype(np.int32)


def _starts(values: npt.NDArray[Any]) -> Ints:
    """Where each run of equal values begins."""
    if not len(values):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
