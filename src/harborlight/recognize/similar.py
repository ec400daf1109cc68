"""Stage 4, similar: which ads share an unusual amount of wording.

Plain near-duplicate search fails on ads that were reworded, so wording is compared in small pieces:
pairs of neighboring words ("grams"), numbers left out because they are slots or phones.

1. *Candidates* (grams.py). Sorted by (gram, ad), every ad is tied to the next few ads that have the
   same gram; pairs tied by several grams are kept. The cost is linear in the number of words.
2. *Weights.* A gram weighs its rarity in bits, log2(N / ads that have it), times its *company*: how
   much the ads that share this gram share otherwise. A phrase of a template keeps good company; a
   stock phrase of unrelated ads ("serious inquiries only") does not, and comes to weigh nothing.
   Company is measured on the candidates themselves and refined a few times; there is no list of
   stock phrases.
3. *Similarity.* The weight of the grams two ads share, divided by the mean weight of both; and
   *spread*: the share of their blocks of six grams where they share any, so that one passage that
   both quote is told from a text that both follow.
4. *Groups* (cohere.py). Which of the pairs hold together; the others are refused, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import daft
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp
from daft import col

from harborlight.recognize.cohere import Cohesion, Pairs, cohere, reasons
from harborlight.recognize.grams import Floats, Grams, Ints, Search, candidates
from harborlight.recognize.schema import SIMILAR
from harborlight.recognize.threads import in_parts


@dataclass(frozen=True)
class Wording:
    """What counts as sharing wording; the defaults are those that were measured."""

    search: Search = field(default_factory=Search)
    cohesion: Cohesion = field(default_factory=Cohesion)
    rounds: int = 3  # times the weights are worked out, each from the company of the last
    telling: float = 3.0  # bits of a gram that counts for the spread,
    rare: float = 5.0  # where a commoner one is taken to be as rare as this
    gain: float = 2.0  # a gram weighs in full when its company shares 1/gain
    background: int = 4096  # rarity is measured against as many ads, at least
    minimum_bits: float = 40.0  # weight two ads must share
    minimum_similarity: float = 0.08  # below this a pair is not looked at again
    minimum_words: int = 5  # an ad repeated word for word needs as many


def similar(folded: daft.DataFrame, wording: Wording | None = None) -> daft.DataFrame:
    """Pairs of ads (schema SIMILAR) that share an unusual amount of wording, kept and refused.

    ``folded`` has schema FOLDED. An ad repeated word for word is tied, with similarity 1, to the
    first ad (by number) of the same words; only that one is compared with others. The result is
    sorted by (a, b) and does not depend on the order of the rows or the number of cores.
    """
    wording = wording or Wording()
    folded = folded.select("ad", "folded").with_column("same", col("folded").hash()).collect()
    first, repeats = _repeats(folded, wording)
    texts = folded.join(daft.from_arrow(pa.table({"ad": first})), on="ad", how="semi")
    grams, a, b = candidates(texts, first, wording.search)
    pairs = compare(grams, a, b, wording)
    group = cohere(grams.has, pairs, wording.cohesion)
    refused = reasons(group, pairs, wording.cohesion)
    table = pa.table(
        {
            "a": np.concatenate([first[pairs.a], repeats[0]]),
            "b": np.concatenate([first[pairs.b], repeats[1]]),
            "shared": np.concatenate([pairs.shared, repeats[2]]).astype(np.int32),
            "similarity": _with(pairs.similarity, 1.0, len(repeats[0])),
            "bits": _with(pairs.weight, wording.minimum_bits, len(repeats[0])),
            "refused": pa.concat_arrays([refused, pa.nulls(len(repeats[0]), pa.string())]),
        },
        schema=SIMILAR,
    )
    return daft.from_arrow(table.sort_by([("a", "ascending"), ("b", "ascending")]))


def _with(values: Floats, last: float, times: int) -> Any:
    return np.concatenate([values, np.full(times, last)]).astype(np.float32)


def _repeats(folded: daft.DataFrame, wording: Wording) -> tuple[Ints, tuple[Ints, Ints, Ints]]:
    """The first ad of every distinct text, and (first, repeat, grams) of those said again."""
    columns = folded.select(
        "ad", "same", (col("folded").regexp_count(" ") + 1).alias("words")
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


def compare(grams: Grams, a: Ints, b: Ints, wording: Wording) -> Pairs:
    """Weigh the wording that each pair shares; pairs with next to none are dropped."""
    has = grams.has
    common = in_parts(lambda part: _both(has, a[part], has, b[part]), len(a))
    company = np.ones(len(grams.ads))
    for refinement in range(wording.rounds):
        bits, text_bits = grams.weigh(company, wording.background)
        weight = np.concatenate([*(part @ bits for part in common), np.empty(0)])
        similarity = 2 * weight / np.maximum(text_bits[a] + text_bits[b], 1e-9)
        if refinement + 1 < wording.rounds:
            company = _company(common, similarity, len(grams.ads), wording.gain)
    shared = np.concatenate([*(np.diff(part.indptr) for part in common), np.empty(0, np.int64)])
    kept = (weight >= wording.minimum_bits) & (similarity >= wording.minimum_similarity)
    a, b = a[kept], b[kept]
    rarity = np.maximum(grams.rarity(wording.background), wording.rare)
    counted = rarity * company >= wording.telling
    spread = (_spread(grams, counted, a, b) + _spread(grams, counted, b, a)) / 2
    return Pairs(a, b, shared[kept], weight[kept], similarity[kept], spread, bits, text_bits)


def _both(left: sp.csr_matrix, a: Ints, right: sp.csr_matrix, b: Ints) -> sp.csr_matrix:
    """The grams that both texts of each pair have (pairs x grams), with what ``left`` says."""
    return left[a].multiply(right[b]).tocsr()


def _company(common: list[sp.csr_matrix], similarity: Floats, n: int, gain: float) -> Floats:
    """Mean similarity of the pairs that share a gram, times gain, at most 1 (also without one)."""
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


def _spread(grams: Grams, counted: npt.NDArray[np.bool_], a: Ints, b: Ints) -> Floats:
    """The share of the blocks of ``a`` with a gram that counts and that ``b`` has too."""

    def seen_in(part: slice) -> Floats:
        both = _both(grams.block, a[part], grams.has, b[part])
        row = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
        here = counted[both.indices]
        seen = np.zeros((both.shape[0], 64), bool)
        seen[row[here], both.data[here]] = True
        return seen.sum(axis=1)  # type: ignore[no-any-return]

    blocks = np.concatenate([*in_parts(seen_in, len(a)), np.empty(0)])
    return blocks / np.maximum(grams.blocks[a], 1)
