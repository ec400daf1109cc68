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
from daft import col

from harborlight.recognize.schema import SIMILAR
from harborlight.recognize.similar.cohesion import Cohesion, Pairs, cohere, reasons
from harborlight.recognize.similar.grams import Floats, Grams, Ints, Search, candidates
from harborlight.recognize.similar.shared_grams import Common


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
    grams, a, b = candidates(folded, first, wording.search)
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
    same = columns["same"].to_numpy()[order]
    leader = _first_of_the_same(same)
    again = (leader != np.arange(len(ad))) & (words >= wording.minimum_words)
    return ad[leader == np.arange(len(ad))], (ad[leader[again]], ad[again], words[again] - 1)


def _first_of_the_same(values: npt.NDArray[Any]) -> Ints:
    """For every value the place of the first that is equal to it."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(values)])
    leader = np.empty(len(values), np.int64)
    leader[order] = np.repeat(order[starts], np.diff(np.append(starts, len(values))))
    return leader


def compare(grams: Grams, a: Ints, b: Ints, wording: Wording) -> Pairs:
    """Weigh the wording that each pair shares; pairs with next to none are dropped."""
    common = Common.of(grams, a, b)
    company = np.ones(len(grams.ads))
    for refinement in range(wording.rounds):
        bits, text_bits = grams.weigh(company, wording.background)
        weight = common.weight(bits)
        similarity = 2 * weight / np.maximum(text_bits[a] + text_bits[b], 1e-9)
        if refinement + 1 < wording.rounds:
            company = common.company(similarity, len(grams.ads), wording.gain)
    kept = (weight >= wording.minimum_bits) & (similarity >= wording.minimum_similarity)
    rarity = np.maximum(grams.rarity(wording.background), wording.rare)
    in_a, in_b = common.blocks(rarity * company >= wording.telling, kept)
    shared = common.counts()[kept]
    a, b = a[kept], b[kept]
    blocks = np.maximum(grams.blocks, 1)
    spread = (in_a / blocks[a] + in_b / blocks[b]) / 2
    return Pairs(a, b, shared, weight[kept], similarity[kept], spread, bits, text_bits)
