"""Counting over the ads of all organizations at once: different values, most common values, rows.

Rows are the ads of organizations, in the order of their numbers. Everything is counted on arrays;
no step looks at organizations one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import daft

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

EXAMPLES = 5  # ads named for one finding


@dataclass(frozen=True)
class Finding:
    """One kind in every organization: `amount` is 0 where it was not found.

    The ads that show it are rows `rows[start[o]:start[o + 1]]`, at most EXAMPLES.
    """

    amount: Floats
    start: Ints
    rows: Ints


@dataclass(frozen=True)
class Posts:
    """The ads of organizations as arrays, one entry an ad; -1 is none."""

    ad: Ints
    organization: Ints  # 0 ... count - 1
    count: int
    day: Ints  # since 1970-01-01 UTC
    busy_day: Ints  # the same, -1 on days when the ads seem to have been collected, not posted
    when: Ints  # microseconds
    site: Ints
    sites: int  # in the whole run
    town: Ints
    towns: list[str]  # by code
    template: Ints

    def rows_of(self, ads: Ints) -> Ints:
        """The rows of ad numbers; -1 for ads of no organization."""
        return look_up(self.ad, ads)


@dataclass(frozen=True)
class Said:
    """Signals of one or more kinds: row of the ad, code of the value."""

    row: Ints
    code: Ints


def look_up(sorted_keys: Ints, keys: Ints) -> Ints:
    """Where each key stands among sorted ones, -1 where it does not."""
    if not len(sorted_keys):
        return np.full(len(keys), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == keys, at, -1)


def arrow(frame: daft.DataFrame) -> pa.Table:
    """A frame as one Arrow table, each column in one piece."""
    return frame.to_arrow().combine_chunks()  # strings come out as large_string


def ints(column: Any, null: int = -1) -> Ints:
    """A column of whole numbers as an array, `null` for null."""
    return np.asarray(pc.fill_null(column, null).to_numpy(), dtype=np.int64)


def codes(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """Numbers for strings, in the strings' order; -1 for null."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    values: list[str] = encoded.dictionary.to_pylist()
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = np.empty(len(values) + 1, dtype=np.int64)
    rank[order] = np.arange(len(values))
    rank[-1] = -1
    return rank[ints(encoded.indices)], [values[i] for i in order]


def said(posts: Posts, signals: pa.Table, *kinds: str, own: pa.Table | None = None) -> Said:
    """The signals of some kinds in ads of organizations; several kinds never share a code.

    With `own` (organization, kind, value) only those of an organization's own: a hotline's number
    in its ads is none of its contacts.
    """
    part = signals.filter(pc.is_in(signals["kind"], pa.array(kinds, signals["kind"].type)))
    row = posts.rows_of(ints(part["ad"]))
    keys = _keyed(part)
    organization = np.where(row >= 0, posts.organization[np.maximum(row, 0)], -1)
    if own is not None:
        keys = pa.concat_arrays([keys, _keyed(own)])
        organization = np.concatenate([organization, ints(own["organization"])])
    code, _ = codes(pa.chunked_array([keys]))
    good = row >= 0
    if own is not None:
        both = pair(organization, code)
        good &= np.isin(both[: len(row)], both[len(row) :])
    return Said(row[good], code[: len(row)][good])


def _keyed(signals: pa.Table) -> pa.Array:
    colon = pa.scalar(":", pa.large_string())
    keyed = pc.binary_join_element_wise(
        *(signals[name].cast(pa.large_string()) for name in ("kind", "value")), colon
    )
    return keyed.combine_chunks() if isinstance(keyed, pa.ChunkedArray) else keyed


@dataclass(frozen=True)
class Distinct:
    """The different (group, value) pairs, sorted: how often each is and the first row it is in."""

    group: Ints
    value: Ints
    times: Ints
    row: Ints


def distinct(group: Ints, value: Ints, row: Ints) -> Distinct:
    """Pairs with a negative group or value are left out."""
    good = (group >= 0) & (value >= 0)
    group, value, row = group[good], value[good], row[good]
    order = np.lexsort((row, value, group))
    group, value, row = group[order], value[order], row[order]
    new = np.ones(len(group), dtype=bool)
    new[1:] = (group[1:] != group[:-1]) | (value[1:] != value[:-1])
    starts = np.flatnonzero(new)
    times = np.diff(np.append(starts, len(group)))
    return Distinct(group[starts], value[starts], times, row[starts])


def pair(a: Ints, b: Ints) -> Ints:
    """One number for two, equal only for equal pairs; -1 where either is negative."""
    if not len(a):
        return np.zeros(0, dtype=np.int64)
    wide = np.int64(max(int(b.max()) + 1, 1))
    return np.where((a >= 0) & (b >= 0), a * wide + b, -1)


def finding(posts: Posts, organization: Ints, value: Floats, rows: Ints, of: Ints) -> Finding:
    """Organization o shows `value`; the ads at `rows` show it, each in the organization `of` it."""
    amount = np.zeros(posts.count)
    amount[organization] = value
    keep = amount[of] > 0 if len(of) else np.zeros(0, dtype=bool)
    of, rows = of[keep], rows[keep]
    order = np.lexsort((rows, of))
    of, rows = of[order], rows[order]
    new = np.ones(len(of), dtype=bool)
    new[1:] = (of[1:] != of[:-1]) | (rows[1:] != rows[:-1])
    of, rows = of[new], rows[new]
    first = np.searchsorted(of, of)  # where each organization's rows begin
    few = np.arange(len(of)) - first < EXAMPLES
    of, rows = of[few], rows[few]
    return Finding(amount, np.searchsorted(of, np.arange(posts.count + 1)), rows)


def most_values(posts: Posts, group: Ints, value: Ints, row: Ints, at_least: int) -> Finding:
    """In each organization the group with the most different values, when those are enough.

    A group lies in one organization: that of its first row.
    """
    pairs = distinct(group, value, row)
    groups, first, number = np.unique(pairs.group, return_index=True, return_counts=True)
    return _best(posts, groups, posts.organization[pairs.row[first]], number, at_least, pairs)


def _best(
    posts: Posts, groups: Ints, of: Ints, number: Ints, at_least: int, shown: Distinct
) -> Finding:
    """Per organization the group with the highest number; `shown` holds the rows of each group."""
    order = np.lexsort((groups, -number, of))
    best = order[np.unique(of[order], return_index=True)[1]] if len(order) else order
    best = best[number[best] >= at_least]
    chosen = np.sort(groups[best])
    mine = np.isin(shown.group, chosen)
    rows = shown.row[mine]
    return finding(posts, of[best], number[best].astype(np.float64), rows, posts.organization[rows])


def per_organization(posts: Posts, value: Ints) -> tuple[Ints, Distinct]:
    """How many different values the ads of each organization have."""
    pairs = distinct(posts.organization, value, np.arange(len(value)))
    return np.bincount(pairs.group, minlength=posts.count), pairs


def shown_by_first(posts: Posts, mask: npt.NDArray[np.bool_], amount: Floats) -> Finding:
    """Organizations in `mask`, shown by their first ads."""
    every = np.flatnonzero(mask[posts.organization]) if len(posts.organization) else posts.ad
    which = np.flatnonzero(mask)
    return finding(posts, which, amount[which], every, posts.organization[every])


def shared_by_most(posts: Posts, value: Ints, row: Ints, share: float) -> Finding:
    """The commonest value of each organization, when enough of its ads have it."""
    unique = distinct(pair(posts.organization[row], value), row, row)  # an ad counts once
    groups, first, number = np.unique(unique.group, return_index=True, return_counts=True)
    of = posts.organization[unique.row[first]]
    size = np.bincount(posts.organization, minlength=posts.count)
    enough = (number >= 2) & (number >= share * size[of])
    return _best(posts, groups[enough], of[enough], number[enough], 2, unique)
