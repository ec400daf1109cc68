"""Identifiers that tell who posts, and those that would tie strangers and are cut.

A phone, an e-mail address, a handle, a link or an image says that two ads belong together, unless

- it is a placeholder (555-555-5555, an image of one color),
- the ad lists so many that it is a directory,
- it stands on many units that otherwise name different contacts (a hotline, a site's own link),
- it is an image or link on very many units that have nothing else in common, or
- it stands on one ad only of a large template (a link or an image: of any of three or more ads),
  and nothing else ties the two (a borrowed or mistyped number).

What is cut keeps its row, with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import daft
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from daft import col
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Kinds of signals that identify, and those of them that are a person's or firm's own contact.
KINDS = ("phone", "email", "handle", "link", "image")
CONTACTS = ("phone", "email", "handle")

DIRECTORY = 6  # identifiers of one kind on one ad; with more it is a directory
MANY = 5  # units from which an identifier may be generic
CONFLICT = 0.5  # share of its units with contacts of their own, at which it is
NOTHING_ELSE = 50  # units from which an image or link must have something else in common
LARGE = 10  # ads of a template from which a contact on a single ad is a weak tie
SOME = 3  # the same for a link or an image

PLACEHOLDER = "a placeholder, not an identifier"
LISTS = "the ad lists so many that it is a directory"
GENERIC = "generic: stands on {} templates or single ads that name different contacts"
COMMON = "generic: stands on {} templates or single ads that have nothing else in common"
WEAK = "stands on one of the {} ads of this template only, and nothing else ties the two"


@dataclass
class Ties:
    """Which ad shows which identifier: one row each, sorted by (ad, identifier)."""

    names: list[str]  # "phone:+15075550142", sorted
    ad: Ints
    identifier: Ints
    unit: Ints
    size: Ints  # ads of each unit
    reason: npt.NDArray[Any]  # None when kept

    @property
    def kept(self) -> Bools:
        """Which rows are not cut."""
        return np.array([reason is None for reason in self.reason], bool)

    @staticmethod
    def of(signals: daft.DataFrame, units: Ints, n: int) -> Ties:
        """From SIGNALS, with the unit of every ad and how many units there are.

        An ad's own address (the field url) counts only where another ad has the same.
        """
        rows = signals.where(col("kind").is_in(list(KINDS)))
        own = rows.where("field = 'url'").groupby("value").agg(col("ad").count_distinct())
        shared = own.where("ad > 1").select("value")
        told = rows.where("field != 'url'").concat(rows.join(shared, on="value", how="semi"))
        table = told.select("ad", "kind", "value").distinct().to_arrow()
        name = pc.binary_join_element_wise(
            pc.cast(table["kind"], pa.string()), pc.cast(table["value"], pa.string()), ":"
        )
        coded = pa.chunked_array([name]) if isinstance(name, pa.Array) else name
        coded = coded.combine_chunks().dictionary_encode()
        order = pc.sort_indices(coded.dictionary).to_numpy()
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        identifier = rank[coded.indices.to_numpy(zero_copy_only=False)]
        ad = table["ad"].to_numpy()
        row = np.lexsort((identifier, ad))
        ad, identifier = ad[row], identifier[row]
        return Ties(
            coded.dictionary.take(pa.array(order)).to_pylist(),
            ad,
            identifier,
            units[ad],
            np.bincount(units, minlength=n),
            np.full(len(ad), None, object),
        )

    def refuse(self, which: Bools, reason: str, counts: Ints | None = None) -> None:
        """Give a reason to the rows that have none yet."""
        for row in np.flatnonzero(which & self.kept):
            self.reason[row] = reason.format(counts[row]) if counts is not None else reason


def cut(ties: Ties, site: Any) -> Ties:
    """Refuse the ties that would join strangers."""
    placeholder = np.array([is_placeholder(name) for name in ties.names], bool)
    ties.refuse(placeholder[ties.identifier], PLACEHOLDER)
    kind = _kinds(ties.names)[ties.identifier]
    ties.refuse(_counts(ties.ad * len(KINDS) + kind) > DIRECTORY, LISTS)
    _refuse_generic(ties)
    _refuse_weak(ties)
    return ties


def is_placeholder(name: str) -> bool:
    """Whether an identifier stands for none: one digit repeated, or an image of one color."""
    kind, value = name.split(":", 1)
    if kind == "phone":
        number = re.sub(r"\D", "", value)[-10:]
        return len(set(number[-7:])) <= 1 or number in ("1234567890", "0123456789", "2345678901")
    if kind == "image":
        ones = int(value, 16).bit_count()
        return ones <= 3 or ones >= 61
    return False


def _kinds(names: list[str]) -> Ints:
    return np.array([KINDS.index(name.split(":", 1)[0]) for name in names], np.int64)


def _contact(ties: Ties) -> Bools:
    """Which identifiers are somebody's own contact."""
    return np.isin(_kinds(ties.names), [KINDS.index(kind) for kind in CONTACTS])


def _counts(keys: Ints) -> Ints:
    """For each key how often it occurs."""
    _, inverse, count = np.unique(keys, return_inverse=True, return_counts=True)
    counts: Ints = count[inverse]
    return counts


def _incidence(ties: Ties, rows: Bools) -> sp.csr_matrix:
    """Identifiers x units, 1 where a kept row ties them."""
    shape = (len(ties.names), len(ties.size))
    ones = np.ones(int(rows.sum()), np.int32)
    matrix = sp.csr_matrix((ones, (ties.identifier[rows], ties.unit[rows])), shape=shape)
    matrix.data[:] = 1
    return matrix


def _refuse_generic(ties: Ties) -> None:
    """Refuse identifiers on many units that name different contacts, or have nothing in common."""
    shows = _incidence(ties, ties.kept)
    units = np.diff(shows.indptr)
    contact = _contact(ties)
    shown_by = shows.T.tocsr()
    verdict: dict[int, str] = {}
    for i in np.flatnonzero(units >= MANY):
        mine = shows.indices[shows.indptr[i] : shows.indptr[i + 1]]
        others = shown_by[mine]
        who = np.repeat(np.arange(len(mine)), np.diff(others.indptr))
        other = others.indices
        away = other != i
        who, other = who[away], other[away]
        again = np.bincount(other, minlength=0)[other] >= 2 if len(other) else np.empty(0, bool)
        again &= units[other] <= 4 * units[i]
        backed = np.zeros(len(mine), bool)
        backed[who[again]] = True
        named = np.zeros(len(mine), bool)
        named[who[contact[other]]] = True
        against = int((named & ~backed).sum())
        if against >= max(MANY - 1, CONFLICT * (named | backed).sum()):
            verdict[int(i)] = GENERIC
        elif not contact[i] and units[i] >= NOTHING_ELSE and backed.mean() < 0.1:
            verdict[int(i)] = COMMON
    for text in (GENERIC, COMMON):
        which = np.array([i for i, said in verdict.items() if said == text], np.int64)
        ties.refuse(np.isin(ties.identifier, which), text, units[ties.identifier])


def _refuse_weak(ties: Ties) -> None:
    """Refuse a contact on one ad of a large template, unless something else ties the same two."""
    kept = ties.kept
    pair = ties.unit * len(ties.names) + ties.identifier
    times = np.zeros(len(pair), np.int64)
    times[kept] = _counts(pair[kept])
    elsewhere = np.diff(_incidence(ties, kept).indptr)[ties.identifier] > 1
    large = np.where(_contact(ties)[ties.identifier], LARGE, SOME)
    weak = kept & (times == 1) & (ties.size[ties.unit] >= large) & elsewhere
    if not weak.any():
        return
    n = len(ties.size)
    strong = kept & ~weak
    ones = np.ones(int(strong.sum()), np.int8)
    edges = (ties.unit[strong], n + ties.identifier[strong])
    graph = sp.coo_matrix((ones, edges), shape=(n + len(ties.names),) * 2)
    label = connected_components(graph, directed=False)[1].astype(np.int64)
    here, there = label[ties.unit[weak]], label[n + ties.identifier[weak]]
    low, high = np.minimum(here, there), np.maximum(here, there)
    single = (_counts(low * len(label) + high) < 2) & (here != there)
    rows = np.flatnonzero(weak)[single]
    which = np.zeros(len(pair), bool)
    which[rows] = True
    ties.refuse(which, WEAK, ties.size[ties.unit])
