"""How well ads were put together, counted from contingency tables in time linear in the ads.

A grouping is an array with one label an ad; a negative label says that the ad stands alone, as a
group of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Precision, recall and their harmonic mean, all in 0..1; nothing wrong with nothing is 1."""

    precision: float
    recall: float
    f1: float

    @staticmethod
    def of(hits: int, found: int, true: int) -> Score:
        """Score ``hits`` right ones among ``found`` when ``true`` were to be found."""
        precision = hits / found if found else 1.0
        recall = hits / true if true else 1.0
        return Score(precision, recall, 2 * hits / (found + true) if found + true else 1.0)


def _whole(labels: Sequence[int] | Labels) -> Labels:
    """Give every ad that stands alone a label of its own; labels become 0, 1, 2 ..."""
    given = np.asarray(labels, dtype=np.int64)
    alone = given < 0
    top = int(given.max(initial=-1)) + 1
    own = np.where(alone, top + np.cumsum(alone), given)
    return np.asarray(np.unique(own, return_inverse=True)[1], dtype=np.int64).reshape(-1)


def _cells(a: Labels, b: Labels) -> Labels:
    """Sizes of the non-empty cells of the contingency table of two groupings from _whole."""
    width = int(b.max(initial=0)) + 1
    return np.asarray(np.unique(a * width + b, return_counts=True)[1], dtype=np.int64)


def _pairs(sizes: Labels) -> int:
    # Python integers: a million ads in one group make 5e11 pairs, their product overflows.
    return int((sizes * (sizes - 1) // 2).sum())


def _check(predicted: Sequence[int] | Labels, truth: Sequence[int] | Labels) -> None:
    if len(predicted) != len(truth):
        raise ValueError(f"{len(predicted)} predicted labels for {len(truth)} true ones")


def pairwise(predicted: Sequence[int] | Labels, truth: Sequence[int] | Labels) -> Score:
    """Score the pairs of ads that were put together, out of all pairs."""
    _check(predicted, truth)
    p, t = _whole(predicted), _whole(truth)
    return Score.of(_pairs(_cells(p, t)), _pairs(np.bincount(p)), _pairs(np.bincount(t)))


def adjusted_rand(predicted: Sequence[int] | Labels, truth: Sequence[int] | Labels) -> float:
    """Return the adjusted Rand index (Hubert and Arabie 1985): 1 is the same, 0 as by chance."""
    _check(predicted, truth)
    p, t = _whole(predicted), _whole(truth)
    both, found, true = _pairs(_cells(p, t)), _pairs(np.bincount(p)), _pairs(np.bincount(t))
    every = len(p) * (len(p) - 1) // 2
    if not every:
        return 1.0
    by_chance = found * true / every
    most = (found + true) / 2
    return 1.0 if most == by_chance else (both - by_chance) / (most - by_chance)


@dataclass(frozen=True)
class Found:
    """Of some ads that belong to groups: pairs that were put together, ads that found another."""

    pairs: float  # share of the true pairs, 0..1: large groups count most
    ads: float  # share of the ads put with another of their true group, 0..1: each counts as one


def recall_among(
    predicted: Sequence[int] | Labels,
    truth: Sequence[int] | Labels,
    among: npt.NDArray[np.bool_],
) -> Found:
    """Recall of the true groups whose ads are chosen by the mask ``among``."""
    _check(predicted, truth)
    chosen = np.asarray(among, dtype=bool) & (np.asarray(truth) >= 0)
    p, t = _whole(predicted)[chosen], np.asarray(truth, dtype=np.int64)[chosen]
    if not len(t):
        return Found(1.0, 1.0)
    t = _whole(t)
    cells = _cells(t, p)
    true = np.bincount(t)
    placeable = int(true[true > 1].sum())
    return Found(
        _pairs(cells) / _pairs(true) if _pairs(true) else 1.0,
        int(cells[cells > 1].sum()) / placeable if placeable else 1.0,
    )


def wrongly_grouped(predicted: Sequence[int] | Labels, singles: npt.NDArray[np.bool_]) -> float:
    """Share of the single ads (a mask) that were put together with any other ad, 0..1."""
    p = _whole(predicted)
    grouped = np.bincount(p)[p] > 1
    count = int(singles.sum())
    return float(grouped[singles].sum()) / count if count else 0.0


def identifiers(
    predicted: Iterable[tuple[int, str]],
    truth: Iterable[tuple[int, str, str]],
) -> dict[str, Score]:
    """Score found identifiers, pairs (ad, value), against true ones (ad, value, style).

    Returns a score by style, and of everything under "all". A wrong value counts against every
    style of its ad, and under "all" once.
    """
    found = set(predicted)
    style_of: dict[tuple[int, str], str] = {}
    styles_in: dict[int, set[str]] = {}
    for ad, value, style in truth:
        style_of[ad, value] = style
        styles_in.setdefault(ad, set()).add(style)
    names = sorted(set(style_of.values()))
    hits, wrong, true = (dict.fromkeys(names, 0) for _ in range(3))
    for pair, style in style_of.items():
        true[style] += 1
        hits[style] += pair in found
    for pair in found - style_of.keys():
        for style in styles_in.get(pair[0], ()):
            wrong[style] += 1
    scores = {s: Score.of(hits[s], hits[s] + wrong[s], true[s]) for s in names}
    scores["all"] = Score.of(len(found & style_of.keys()), len(found), len(style_of))
    return scores
