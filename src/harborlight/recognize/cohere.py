"""Which of the pairs that share wording hold together as a group, and why the others do not.

One shared passage can chain hundreds of strangers together. So ads are joined step by step, each
with the neighbor it shares most with, and two groups are joined only when their members share, on
average over all pairs between them, about as much as the members of each share among themselves.
That average needs no pairs: it is the product of the two groups' profiles (for each gram the share
of members that have it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from harborlight.recognize.threads import in_parts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Why a pair was refused, in words for the analyst.
TOO_LITTLE = "shares a little wording only"
ONE_PASSAGE = "shares one passage, and nothing of the rest"
NOT_THE_GROUP = "shares wording with this ad, but not with the rest of its group"


@dataclass(frozen=True)
class Cohesion:
    """How much must hold a group together; the defaults are those that were measured."""

    pair: float = 0.18  # similarity at which two ads alone are joined
    spread: float = 0.6  # share of their blocks in which two ads alone share wording
    floor: float = 0.08  # mean similarity between two groups, at least
    kinship: float = 0.5  # that mean, as a share of what holds inside the groups
    stay: float = 0.4  # a member's mean similarity with its group, as a share of the group's
    common: float = 0.3  # in a group of four or more, only grams that this share has count


@dataclass(frozen=True)
class Pairs:
    """Pairs of texts that share some wording, and the weights it was measured with."""

    a: Ints
    b: Ints
    shared: Ints  # grams that both have
    weight: Floats  # bits of those
    similarity: Floats  # 0..1
    spread: Floats  # 0..1
    bits: Floats  # grams: weight of each
    text_bits: Floats  # texts: weight of all their grams


def cohere(has: sp.csr_matrix, pairs: Pairs, cohesion: Cohesion) -> Ints:
    """The group of every ad, named by its lowest member; an ad alone is a group of its own.

    ``has``: ads x grams, 1 where the ad has the gram.
    """
    n = has.shape[0]
    group = _alone(n, pairs, cohesion)
    refused = np.empty(0, np.int64)
    changed = np.ones(n, bool)
    while True:
        ties = _ties(group, pairs.a, pairs.b)
        new = changed[ties // n] | changed[ties % n] | ~np.isin(ties, refused)
        ties = ties[new]
        if not len(ties):
            break
        profiles = Profiles.of(has, pairs, group, ties, cohesion.common)
        left, right = ties // n, ties % n
        between = profiles.between(left, right)
        allowed = profiles.allowed(left, right, between, cohesion)
        if not allowed.any():
            break
        refused = np.union1d(np.setdiff1d(refused, ties[allowed]), ties[~allowed])
        joined = _join(group, left[allowed], right[allowed], between[allowed])
        changed[:] = False
        changed[joined[joined != group]] = True
        group = joined
    return _leave(has, pairs, group, cohesion)


def reasons(group: Ints, pairs: Pairs, cohesion: Cohesion) -> pa.Array:
    """Why each pair was refused, null when it was kept."""
    size = np.bincount(group, minlength=len(group))
    grouped = (size[group[pairs.a]] > 1) | (size[group[pairs.b]] > 1)
    why = np.where(
        pairs.spread < cohesion.spread, ONE_PASSAGE, np.where(grouped, NOT_THE_GROUP, TOO_LITTLE)
    )
    return pa.array(why, pa.string(), mask=group[pairs.a] == group[pairs.b])


def _alone(n: int, pairs: Pairs, cohesion: Cohesion) -> Ints:
    """The first step, between ads alone: each joins the neighbor it shares most with."""
    best = np.zeros(n)
    np.maximum.at(best, pairs.a, pairs.similarity)
    np.maximum.at(best, pairs.b, pairs.similarity)
    kin = cohesion.kinship * np.maximum(best[pairs.a], best[pairs.b])
    close = pairs.similarity >= np.maximum(cohesion.pair, kin)
    close &= pairs.spread >= cohesion.spread
    return _join(np.arange(n), pairs.a[close], pairs.b[close], pairs.similarity[close])


def _ties(group: Ints, a: Ints, b: Ints) -> Ints:
    """Pairs of different groups that some pair of ads ties, as low * n + high."""
    left, right = np.minimum(group[a], group[b]), np.maximum(group[a], group[b])
    return np.unique((left * len(group) + right)[left != right])


def _join(group: Ints, left: Ints, right: Ints, strength: Floats) -> Ints:
    """Join groups with the neighbor they are tied to most strongly.

    Two that choose each other are joined, and others that choose one of the two; nobody is joined
    by way of a third that itself moves elsewhere: that is how chains grow.
    """
    n = len(group)
    edge = np.lexsort((np.maximum(left, right), np.minimum(left, right), -strength))
    rank = np.empty(len(edge), np.int64)
    rank[edge] = np.arange(len(edge))
    best = np.full(n, len(edge))
    np.minimum.at(best, left, rank)
    np.minimum.at(best, right, rank)
    chosen = np.full(n, -1)
    for mine, other in ((left, right), (right, left)):
        first = best[mine] == rank
        chosen[mine[first]] = other[first]
    source = np.flatnonzero(chosen >= 0)
    target = chosen[source]
    mutual = np.zeros(n, bool)
    mutual[source] = chosen[target] == source
    joined = mutual[target]
    ties = (np.ones(int(joined.sum()), np.int8), (source[joined], target[joined]))
    _, label = connected_components(sp.coo_matrix(ties, shape=(n, n)), directed=False)
    return _named(label[group])


def _named(label: Ints) -> Ints:
    """Groups named by their lowest member."""
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


@dataclass(frozen=True)
class Profiles:
    """Groups as profiles: for each gram the share of members that have it."""

    row: Ints  # ads: the row of the group that is named by this ad, or -1
    share: sp.csr_matrix  # groups x grams, 0..1
    weighted: sp.csr_matrix  # the same, times the grams' bits
    size: Ints
    bits: Floats  # mean weight of a member's wording
    within: Floats  # mean similarity of two different members; 0 for one alone

    @staticmethod
    def of(has: sp.csr_matrix, pairs: Pairs, group: Ints, ties: Ints, common: float) -> Profiles:
        """The profiles of the groups that the ties name."""
        n = len(group)
        names = np.unique(np.concatenate([ties // n, ties % n]))
        row = np.full(n, -1)
        row[names] = np.arange(len(names))
        members = np.flatnonzero(row[group] >= 0)
        rows = row[group[members]]
        size = np.bincount(rows, minlength=len(names))
        gather = sp.csr_matrix(
            (1.0 / size[rows], (rows, np.arange(len(members)))), shape=(len(names), len(members))
        )
        share = (gather @ has[members].astype(np.float64)).tocsr()
        rare = (share.data < common) & (np.repeat(size, np.diff(share.indptr)) >= 4)
        share.data[rare] = 0
        share.eliminate_zeros()
        share.sort_indices()
        mean = gather @ pairs.text_bits[members]
        weighted = share.copy()
        weighted.data *= pairs.bits[share.indices]
        square = np.asarray(share.multiply(weighted).sum(axis=1)).ravel()
        own = np.asarray(weighted.sum(axis=1)).ravel()  # what a member shares with itself
        within = (size * square - own) / np.maximum(size - 1, 1) / np.maximum(mean, 1e-9)
        return Profiles(row, share, weighted, size, mean, np.where(size > 1, within, 0.0))

    def between(self, left: Ints, right: Ints) -> Floats:
        """Mean similarity (0..1) of the members of one group with those of the other."""
        left, right = self.row[left], self.row[right]

        def shared(part: slice) -> Floats:
            both = self.share[left[part]].multiply(self.weighted[right[part]])
            return np.asarray(both.sum(axis=1)).ravel()

        bits = self.bits[left] + self.bits[right]
        return 2 * np.concatenate(in_parts(shared, len(left))) / np.maximum(bits, 1e-9)

    def allowed(
        self, left: Ints, right: Ints, between: Floats, cohesion: Cohesion
    ) -> npt.NDArray[np.bool_]:
        """Which of the pairs of groups may be joined. Two ads alone were asked before."""
        left, right = self.row[left], self.row[right]
        within = np.maximum(self.within[left], self.within[right])
        alone = (self.size[left] == 1) & (self.size[right] == 1)
        need = np.maximum(cohesion.kinship * within, cohesion.floor)
        allowed: npt.NDArray[np.bool_] = ~alone & (between >= need)
        return allowed


def _leave(has: sp.csr_matrix, pairs: Pairs, group: Ints, cohesion: Cohesion) -> Ints:
    """Members that share too little with their group stand alone again."""
    n = len(group)
    size = np.bincount(group, minlength=n)
    several = np.flatnonzero(size >= 3)
    if not len(several):
        return group
    profiles = Profiles.of(has, pairs, group, several * n + several, cohesion.common)
    members = np.flatnonzero(size[group] >= 3)
    row = profiles.row[group[members]]

    def with_group(part: slice) -> Floats:
        both = has[members[part]].multiply(profiles.weighted[row[part]])
        return np.asarray(both.sum(axis=1)).ravel()

    shared = np.concatenate([*in_parts(with_group, len(members)), np.empty(0)])
    own = has[members] @ pairs.bits
    count = profiles.size[row]
    mean = 2 * (count * shared - own) / (count - 1)
    mean /= np.maximum(pairs.text_bits[members] + profiles.bits[row], 1e-9)
    out = members[mean < cohesion.stay * profiles.within[row]]
    group = group.copy()
    group[out] = n + out
    return _named(group)
