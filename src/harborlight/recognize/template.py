"""Stage 5, template: for each group of ads the constant wording, its slots, and what it explains.

A group is what the kept pairs of *similar* hold together. Its pattern is worked out (pattern.py) on
a few of its ads, evenly spread over the group; then every ad is held against the pattern.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from daft import DataType, Series, col
from scipy.sparse.csgraph import connected_components

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.grams import Ints
from harborlight.recognize.naming import numbered
from harborlight.recognize.pattern import pattern, split
from harborlight.recognize.schema import MEMBERS, TEMPLATES
from harborlight.recognize.workers import Workers

#: Ads of a group that its pattern is worked out on.
LOOKED_AT = 6
#: Words of a text among which one is counted by looking through them.
_SOME = 500
_TEXT = pa.large_string()
_PATTERN = pa.struct(
    [
        ("pattern", _TEXT),
        (
            "slots",
            pa.large_list(pa.struct([("kind", _TEXT), ("examples", pa.large_list(_TEXT))])),
        ),
        ("constants", pa.large_list(_TEXT)),
    ]
)
_finders = Workers(
    "harborlight.recognize.template",
    "find_patterns",
    pa.schema([("folded", pa.large_list(_TEXT)), ("original", pa.large_list(_TEXT))]),
    before=2_000,
)
_sharers = Workers(
    "harborlight.recognize.template",
    "find_shares",
    pa.schema([("folded", _TEXT), ("constants", _TEXT)]),
    before=200_000,
)


@dataclass(frozen=True)
class Templates:
    """What the stage gives: TEMPLATES, one row a template; MEMBERS, one row an ad that has one."""

    templates: daft.DataFrame
    members: daft.DataFrame


def template(ads: daft.DataFrame, folded: daft.DataFrame, similar: daft.DataFrame) -> Templates:
    """Templates of the groups that the kept pairs hold together (schemas ADS, FOLDED, SIMILAR).

    Templates are numbered by their first ad, so the numbers do not depend on the order of rows.
    """
    ad, group = groups(similar)
    table = _side_by_side(ads, folded, ad)
    patterns = _patterns(table, group)
    explained = _explained(table["folded"], group, patterns["constants"])
    members = pa.table({"ad": ad, "template": group, "explained": explained}, schema=MEMBERS)
    posted = pa.table({"template": group, "at": table["posted_at"], "explained": explained})
    summed = posted.group_by("template").aggregate(
        [("at", "min"), ("at", "max"), ("explained", "mean"), ("explained", "count")]
    )
    summed = summed.sort_by("template")
    number = summed["template"]
    templates = pa.table(
        {
            "template": number,
            "template_id": numbered("T", number),
            "ads": summed["explained_count"],
            "pattern": patterns["pattern"],
            "slots": patterns["slots"].cast(TEMPLATES.field("slots").type),
            "constant_words": pc.list_value_length(patterns["constants"]).cast(pa.int32()),
            "explained": summed["explained_mean"].cast(pa.float32()),
            "first_posted": summed["at_min"],
            "last_posted": summed["at_max"],
        },
        schema=TEMPLATES,
    )
    return Templates(daft.from_arrow(templates), daft.from_arrow(members))


def groups(similar: daft.DataFrame) -> tuple[Ints, Ints]:
    """The ads that some kept pair ties, sorted, and the number of each one's group."""
    pairs = similar.where(col("refused").is_null()).select("a", "b").to_arrow()
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    ad, index = np.unique(np.concatenate([a, b]), return_inverse=True)
    left, right = index[: len(a)], index[len(a) :]
    ties = sp.coo_matrix((np.ones(len(a)), (left, right)), shape=(len(ad), len(ad)))
    _, label = connected_components(ties, directed=False) if len(ad) else (0, np.empty(0, int))
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return ad, rank[inverse]


def _side_by_side(ads: daft.DataFrame, folded: daft.DataFrame, ad: Ints) -> pa.Table:
    """Title, text, folded words and date of the given ads, in their order."""
    wanted = daft.from_arrow(pa.table({"ad": ad}))
    texts = ads.select("ad", "posted_at", "title", "text").join(folded, on="ad")
    return texts.join(wanted, on="ad", how="semi").sort("ad").to_arrow().combine_chunks()


def _patterns(table: pa.Table, group: Ints) -> pa.Table:
    """Pattern, slots and constant words of every group, in order of number."""
    chosen, offsets = _chosen(group)
    some = table.take(pa.array(chosen))
    original = pc.binary_join_element_wise(
        some["title"].fill_null(""), some["text"], pa.scalar(" ", some["text"].type)
    )

    def lists(column: pa.ChunkedArray) -> pa.Array:
        column = column.cast(pa.large_string()).combine_chunks()
        return pa.LargeListArray.from_arrays(offsets, column)

    rows = daft.from_arrow(pa.table({"folded": lists(some["folded"]), "original": lists(original)}))
    found = rows.select(_found(col("folded"), col("original")).alias("found"))
    fields = (col("found").get(name).alias(name) for name in ("pattern", "slots", "constants"))
    return found.select(*fields).to_arrow().combine_chunks()


def _chosen(group: Ints) -> tuple[Ints, Any]:
    """Rows of up to LOOKED_AT ads of every group, evenly spread over it, and where each begins."""
    order = np.argsort(group, kind="stable")
    size = np.bincount(group)
    looked_at = np.minimum(size, LOOKED_AT)
    start = np.repeat(np.cumsum(size) - size, looked_at)
    offsets = np.concatenate([[0], np.cumsum(looked_at)])
    step = np.arange(offsets[-1]) - np.repeat(offsets[:-1], looked_at)
    even = step * np.repeat(size, looked_at) // np.maximum(np.repeat(looked_at, looked_at), 1)
    return order[start + even], pa.array(offsets, pa.int64())


@daft.func.batch(return_dtype=DataType.from_arrow_type(_PATTERN), batch_size=2_000)
def _found(folded: Series, original: Series) -> Series:
    from harborlight.recognize.template import _finders  # not a copy pickled with the function

    kind = pa.large_list(_TEXT)
    columns = [column.to_arrow().cast(kind) for column in (folded, original)]
    return Series.from_arrow(_finders(pa.record_batch(columns, ["folded", "original"])))


def find_patterns(groups: pa.RecordBatch) -> pa.Array:
    """For each group, a row of its folded and original texts, its pattern."""
    found = []
    folded, original = (column.to_pylist() for column in groups.columns)
    for texts, originals in zip(folded, original, strict=True):
        words = [split(text) for text in texts]
        lower = [original.lower() for original in originals]
        one = pattern(words, _is_place, partial(_capital, originals, lower))
        slots = [{"kind": slot.kind, "examples": slot.examples} for slot in one.slots]
        found.append({"pattern": one.text(), "slots": slots, "constants": one.constants})
    return pa.array(found, _PATTERN)


@cache
def _is_place(value: str) -> bool:
    return value.replace(" ", "").isalpha() and gazetteer().resolve(value) is not None


def _capital(originals: list[str], lower: list[str], which: int, value: str) -> bool:
    """Whether that ad writes these words as names are written."""
    original = originals[which]
    start = lower[which].find(value)
    return start >= 0 and original[start : start + len(value)].istitle()


def _explained(folded: pa.ChunkedArray, group: Ints, constants: pa.ChunkedArray) -> pa.Array:
    """The share of each ad's words that its template's constant words account for."""
    rows = daft.from_arrow(
        pa.table({"folded": folded, "group": group, "row": np.arange(len(group))})
    )
    joined = pc.binary_join(constants, pa.scalar(" ", constants.type.value_type))
    known = pa.table({"group": np.arange(len(constants)), "constants": joined})
    shares = rows.join(daft.from_arrow(known), on="group").select(
        "row", _shared(col("folded"), col("constants")).alias("share")
    )
    return shares.sort("row").to_arrow()["share"].combine_chunks()


@daft.func.batch(return_dtype=DataType.float32(), batch_size=20_000)
def _shared(folded: Series, constants: Series) -> Series:
    from harborlight.recognize.template import _sharers  # not a copy pickled with the function

    columns = [column.to_arrow().cast(_TEXT) for column in (folded, constants)]
    return Series.from_arrow(_sharers(pa.record_batch(columns, ["folded", "constants"])))


def find_shares(rows: pa.RecordBatch) -> pa.Array:
    """For each folded text the share of its words that the constant words account for."""
    texts, constants = (column.to_pylist() for column in rows.columns)
    shares = [
        share(text.split(), _counted(words)) for text, words in zip(texts, constants, strict=True)
    ]
    return pa.array(shares, pa.float32())


@lru_cache(10_000)
def _counted(constants: str) -> dict[str, int]:
    return Counter(constants.split())


def share(words: list[str], constants: dict[str, int]) -> float:
    """The share of the words that are among the constant ones, each as often as it stands there."""
    if not words:
        return 0.0
    said = Counter(words) if len(words) > _SOME else None
    held = 0
    for word in constants.keys() & words:
        times = constants[word]
        held += 1 if times == 1 else min(times, said[word] if said else words.count(word))
    return held / len(words)
