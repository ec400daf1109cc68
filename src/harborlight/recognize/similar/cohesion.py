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

from harborlight.recognize.runtime.threads import in_parts
from harborlight.recognize.similar.sparse import by_row, with_values

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
    ties = _ties(group, pairs.a, pairs.b)
    ask = ties
    while len(ask):
        left, right = ask // n, ask % n
        profiles = Profiles.of(has, pairs, group, left, right, cohesion.common)
        between = profiles.between(left, right)
        allowed = profiles.allowed(left, right, between, cohesion)
        if not allowed.any():
            break
        joined = _join(group, left[allowed], right[allowed], between[allowed])
        changed = np.zeros(n, bool)
        changed[joined[joined != group]] = True
        group = joined
        # Asked again is what has a changed group, and what was allowed and had to wait.
        waiting = ask[allowed]
        ties = _ties(group, ties // n, ties % n)
        ask = ties[changed[ties // n] | changed[ties % n] | _among(ties, waiting)]
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
    """Pairs of different groups that some pair of ads ties, as low * n + high, sorted."""
    left, right = np.minimum(group[a], group[b]), np.maximum(group[a], group[b])
    ties = np.sort((left * len(group) + right)[left != right])
    return ties[np.append(True, ties[1:] != ties[:-1])] if len(ties) else ties


def _among(values: Ints, known: Ints) -> npt.NDArray[np.bool_]:
    """Which of the values are among the known, which are sorted."""
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: npt.NDArray[np.bool_] = known[at] == values
    return found


def _join(group: Ints, left: Ints, right: Ints, strength: Floats) -> Ints:
    """Join groups with the neighbor they are tied to most strongly.

    Two that choose each other are joined, and others that choose one of the two; nobody is joined
    by way of a third that itself moves elsewhere: that is how chains grow.
    """
    n = len(group)
    edge = np.lexsort((np.maximum(left, right), np.minimum(left, right), -strength))
    # The strongest tie of each is written last, and stays.
    chosen = np.full(n, -1)
    weakest_first = edge[::-1]
    both = np.column_stack([left[weakest_first], right[weakest_first]])
    chosen[both.ravel()] = both[:, ::-1].ravel()
    source = np.flatnonzero(chosen >= 0)
    target = chosen[source]
    mutual = chosen[target] == source
    first = np.full(n, -1)  # of each of two that choose each other, the lower
    first[source[mutual]] = np.minimum(source[mutual], target[mutual])
    joins = first[target] >= 0
    source, home = source[joins], first[target[joins]]
    name = np.arange(n)
    np.minimum.at(name, home, source)
    new = np.arange(n)
    new[source] = name[home]
    return new[group]


def _named(label: Ints) -> Ints:
    """Groups named by their lowest member."""
    first = np.zeros(int(label.max()) + 1 if len(label) else 0, np.int64)
    first[label[::-1]] = np.arange(len(label))[::-1]
    return first[label]


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
    def of(
        has: sp.csr_matrix, pairs: Pairs, group: Ints, left: Ints, right: Ints, common: float
    ) -> Profiles:
        """The profiles of the groups with these names."""
        n = len(group)
        named = np.zeros(n, bool)
        named[left] = named[right] = True
        names = np.flatnonzero(named)
        row = np.full(n, -1)
        row[names] = np.arange(len(names))
        members = np.flatnonzero(row[group] >= 0)
        members = members[np.argsort(row[group[members]], kind="stable")]  # group by group
        rows = row[group[members]]
        size = np.bincount(rows, minlength=len(names))
        starts = np.concatenate([[0], np.cumsum(size)])

        def shared(part: slice) -> tuple[sp.csr_matrix, Floats]:
            here = slice(starts[part.start], starts[part.stop])
            some, into = members[here], rows[here]
            gather = sp.csr_matrix(
                (1.0 / size[into], (into - part.start, np.arange(len(some)))),
                shape=(part.stop - part.start, len(some)),
            )
            share = (gather @ has[some].astype(np.float64)).tocsr()
            rare = (share.data < common) & (np.repeat(size[part], np.diff(share.indptr)) >= 4)
            share.data[rare] = 0
            share.eliminate_zeros()
            share.sort_indices()
            return share, gather @ pairs.text_bits[some]

        parts = in_parts(shared, len(names))
        share = sp.vstack([share for share, _ in parts], format="csr")
        share.has_canonical_format = True
        mean = np.concatenate([mean for _, mean in parts])
        weights = share.data * pairs.bits[share.indices]
        weighted = with_values(share, weights)
        square = by_row(np.add, share.data * weights, share.indptr)
        own = by_row(np.add, weights, share.indptr)  # what a member shares with itself
        within = (size * square - own) / np.maximum(size - 1, 1) / np.maximum(mean, 1e-9)
        return Profiles(row, share, weighted, size, mean, np.where(size > 1, within, 0.0))

    def between(self, left: Ints, right: Ints) -> Floats:
        """Mean similarity (0..1) of the members of one group with those of the other."""
        left, right = self.row[left], self.row[right]

        def shared(part: slice) -> Floats:
            both = self.share[left[part]].multiply(self.weighted[right[part]])
            return by_row(np.add, both.data, both.indptr)

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
    profiles = Profiles.of(has, pairs, group, several, several, cohesion.common)
    members = np.flatnonzero(size[group] >= 3)
    row = profiles.row[group[members]]

    def with_group(part: slice) -> Floats:
        both = has[members[part]].multiply(profiles.weighted[row[part]])
        return by_row(np.add, both.data, both.indptr)

    shared = np.concatenate([*in_parts(with_group, len(members)), np.empty(0)])
    own = has[members] @ pairs.bits
    count = profiles.size[row]
    mean = 2 * (count * shared - own) / (count - 1)
    mean /= np.maximum(pairs.text_bits[members] + profiles.bits[row], 1e-9)
    out = members[mean < cohesion.stay * profiles.within[row]]
    group = group.copy()
    group[out] = n + out
    return _named(group)
