"""Stage 5, template: for each group of ads the constant wording, its slots, and what it explains.

A group is what the kept pairs of *similar* hold together. Its pattern is worked out (pattern.py) on
a few of its ads, evenly spread over the group; then every ad is held against the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from daft import DataType, Series, col
from scipy.sparse.csgraph import connected_components

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.ingest.ad_ids import numbered
from harborlight.recognize.runtime.workers import Workers
from harborlight.recognize.schema import MEMBERS, TEMPLATES
from harborlight.recognize.similar.grams import Ints
from harborlight.recognize.templates.coverage import explained
from harborlight.recognize.templates.pattern import pattern, split

#: Ads of a group that its pattern is worked out on.
LOOKED_AT = 6
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
    "harborlight.recognize.templates.stage",
    "find_patterns",
    pa.schema([("folded", pa.large_list(_TEXT)), ("original", pa.large_list(_TEXT))]),
    before=2_000,
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
    constants = pc.binary_join(patterns["constants"], pa.scalar(" ", _TEXT))
    share = pa.array(explained(table["folded"], group, constants))
    members = pa.table({"ad": ad, "template": group, "explained": share}, schema=MEMBERS)
    posted = pa.table({"template": group, "at": table["posted_at"], "explained": share})
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
    from harborlight.recognize.templates.stage import (
        _finders,  # not a copy pickled with the function
    )

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
