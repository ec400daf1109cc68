"""One name for every ad, whatever the order of rows and files.

An ad keeps the id it came with. Ads without one are named by their content. Where several sites use
the same id, the site is put before it. A row that says the same under the same id and site as
another is that ad again, and no ad of its own; one that says something else (a repost, an edit) is
kept as ID#2, ID#3, ... by time of posting and then by content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harborlight.recognize.schema import FIELDS

CONTENT = tuple(name for name in FIELDS if name != "ad_id")


def digests(ads: pa.Table) -> list[str]:
    """A hash of each ad's content: 32 hex digits over every field but ad_id."""
    parts = []
    for name in CONTENT:
        column = ads[name]
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.int64())
        text = column.cast(pa.large_string())
        length = pc.binary_length(text).cast(pa.large_string())
        part = pc.binary_join_element_wise(length, text, pa.scalar(":", pa.large_string()))
        parts.append(pc.fill_null(part, "-"))
    content = pc.binary_join_element_wise(*parts, pa.scalar("\x1f", pa.large_string()))
    return [
        hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        for chunk in content.chunks
        for text in chunk.to_pylist()
    ]


def name_ads(ads: pa.Table) -> tuple[pa.Array, dict[int, int]]:
    """The unique ad_id of each row, and row -> earlier row of the same ad for repeated rows.

    ``ads`` holds the fields of ``FIELDS`` in the order in which repeated rows are to be told.
    The name of a repeated row means nothing.
    """
    ids = ads["ad_id"].combine_chunks()
    missing = np.flatnonzero(pc.is_null(ids).to_numpy(zero_copy_only=False))
    shared = _rows_of_shared_ids(ids)
    rows = np.union1d(missing, shared)
    if not len(rows):
        return ids, {}
    some = ads.take(pa.array(rows))
    digest = dict(zip(rows.tolist(), digests(some), strict=True))
    site = dict(zip(rows.tolist(), some["site"].to_pylist(), strict=True))
    given = dict(zip(rows.tolist(), some["ad_id"].to_pylist(), strict=True))
    posted = dict(zip(rows.tolist(), some["posted_at"].cast(pa.int64()).to_pylist(), strict=True))
    sites: dict[str, set[str | None]] = {}
    for row in shared.tolist():
        sites.setdefault(given[row], set()).add(site[row])

    base: dict[int, str] = {}
    again: dict[int, int] = {}
    first: dict[tuple[str, str | None, str], int] = {}
    for row in rows.tolist():
        name = given[row]
        if name is None:
            base[row] = "h" + digest[row][:16]
            continue
        key = (name, site[row], digest[row])
        if key in first:
            again[row] = first[key]
            continue
        first[key] = row
        several = len(sites[name]) > 1 and site[row] is not None
        base[row] = f"{site[row]}/{name}" if several else name

    alone = np.ones(len(ids), dtype=bool)
    alone[rows] = False
    taken = _Taken(pc.filter(ids, pa.array(alone)), base.values())
    order = sorted(
        base, key=lambda row: (base[row], posted[row] is None, posted[row] or 0, digest[row])
    )
    names: dict[int, str] = {}
    for name, group in groupby(order, key=base.__getitem__):
        number = 1
        for place, row in enumerate(group):
            candidate = name
            if place or taken.elsewhere(name):
                number += 1
                while taken.has(f"{name}#{number}"):
                    number += 1
                candidate = f"{name}#{number}"
            names[row] = candidate
    return _replaced(ids, rows, [names.get(row, "") for row in rows.tolist()]), again


class _Taken:
    """Names that are in use: of ads that keep their id, and the names others start from."""

    def __init__(self, kept: pa.Array, bases: Iterable[str]) -> None:
        self._bases = set(bases)
        marked = pc.match_substring_regex(kept, r"#\d+$|/|^h[0-9a-f]{16}$")
        self._kept = set(pc.filter(kept, marked).to_pylist())

    def elsewhere(self, name: str) -> bool:
        """Whether an ad that keeps its id has this name."""
        return name in self._kept

    def has(self, name: str) -> bool:
        """Whether the name is in use at all."""
        return name in self._kept or name in self._bases


def _rows_of_shared_ids(ids: pa.Array) -> np.ndarray:
    """The rows whose id another row has too."""
    counts = pc.value_counts(ids.drop_null())
    repeated = pc.filter(counts.field("values"), pc.greater(counts.field("counts"), 1))
    if not len(repeated):
        return np.array([], dtype=np.int64)
    return np.flatnonzero(pc.is_in(ids, repeated).to_numpy(zero_copy_only=False))


def _replaced(ids: pa.Array, rows: np.ndarray, names: list[str]) -> pa.Array:
    mask = np.zeros(len(ids), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(ids, pa.array(mask), pa.array(names, ids.type))


def numbered(letter: str, number: Any) -> pa.Array:
    """The ids of templates and organizations: T000001 for template 0, and so on."""
    digits = pc.utf8_lpad(pc.cast(pc.add(number, 1), pa.string()), 6, "0")
    return pc.binary_join_element_wise(letter, digits, "")
