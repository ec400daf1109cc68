"""How answers are scored: result, hits and false alarms, confidence, an aggregate bias check.

All functions are plain: numbers in, numbers out. None keeps or names a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt
from statistics import NormalDist

from harborlight.courses.course import Course

#: People a variant needs before its numbers are shown.
FEWEST = 10

#: Confidence is said in percent: 50 is a guess between two answers, 100 is certain.
LOWEST, HIGHEST = 50, 100

_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class Marks:
    """How one taking of a course went: counts of scenarios and of questions."""

    hits: int  # of concern, reported
    misses: int  # of concern, not reported
    false_alarms: int  # innocent, reported
    correct_rejections: int  # innocent, not reported
    right: int  # questions
    wrong: int


@dataclass(frozen=True)
class Result:
    """What is kept of a taking: the score in percent, to two places, and whether it passes.

    The score is rounded down, so that who failed is never shown the score that passes.
    """

    percent: float
    passed: bool


@dataclass(frozen=True)
class Signal:
    """How well concern is told from innocence (d_prime, 0 is chance), and the leaning: a criterion
    above 0 reports too seldom, below 0 too often."""

    d_prime: float
    criterion: float
    hit_rate: float  # as corrected
    false_alarm_rate: float  # as corrected


@dataclass(frozen=True)
class Bin:
    """The answers given with a confidence from `low` to `high`, both in percent and included."""

    low: int
    high: int
    count: int
    said: float  # mean confidence, a share
    right: float  # share that was right


@dataclass(frozen=True)
class Calibration:
    """Confidence against what was right. `brier` is 0 at best; `over_confidence` is mean
    confidence less the share right. Both are None without answers."""

    bins: tuple[Bin, ...]
    brier: float | None
    over_confidence: float | None


@dataclass(frozen=True)
class Difference:
    """How often the two variants of a pair were reported, over all people.

    Below FEWEST people in either variant all numbers are None. `low` and `high` bound the
    difference (share of a less share of b) with 95% confidence.
    """

    pair: str  # "" for all pairs that are shown together
    people_a: int | None = None
    people_b: int | None = None
    reported_a: int | None = None
    reported_b: int | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def shown(self) -> bool:
        """Whether there were enough people to show anything."""
        return self.difference is not None


@dataclass(frozen=True)
class Bias:
    """The aggregate check: each pair, and those that are shown taken together."""

    pairs: tuple[Difference, ...]
    overall: Difference


def marks(course: Course, reported: Mapping[str, bool], chosen: Mapping[str, int]) -> Marks:
    """The counts of one taking.

    Args:
        course: the course, in the version that was taken
        reported: by a scenario's code, whether the person would report
        chosen: by a question's code, the number of the option, from 0

    Raises ValueError when a scenario or question has no answer, or an answer has none of them.
    """
    asked = {each.code for each in course.scenarios} | {each.code for each in course.questions}
    given = {*reported, *chosen}
    if missing := sorted(asked - given):
        raise ValueError(f"no answer to {', '.join(missing)}")
    if unknown := sorted(given - asked):
        raise ValueError(f"the course does not ask {', '.join(unknown)}")
    for question in course.questions:
        if not 0 <= chosen[question.code] < len(question.options):
            raise ValueError(f"{question.code} has no option {chosen[question.code]}")
    of_concern = [reported[each.code] for each in course.scenarios if each.concern]
    innocent = [reported[each.code] for each in course.scenarios if not each.concern]
    right = sum(chosen[each.code] == each.right for each in course.questions)
    return Marks(
        hits=sum(of_concern),
        misses=len(of_concern) - sum(of_concern),
        false_alarms=sum(innocent),
        correct_rejections=len(innocent) - sum(innocent),
        right=right,
        wrong=len(course.questions) - right,
    )


def result(told: Marks, pass_at: float) -> Result:
    """The mean of three shares: hits of concern, rejections of the innocent, questions right.

    So neither who reports everybody nor who reports nobody can pass on the number of scenarios
    of one kind. A share of nothing is left out. ValueError when nothing was asked.
    """
    pairs = [
        (told.hits, told.misses),
        (told.correct_rejections, told.false_alarms),
        (told.right, told.wrong),
    ]
    shares = [Fraction(good, good + bad) for good, bad in pairs if good + bad]
    if not shares:
        raise ValueError("nothing was asked")
    share = sum(shares, Fraction(0)) / len(shares)
    return Result(percent=floor(share * 10_000) / 100, passed=share >= Fraction(str(pass_at)))


def signal(hits: int, misses: int, false_alarms: int, correct_rejections: int) -> Signal:
    """Signal detection with the log-linear correction, which keeps rates of 0 and 1 finite.

    0.5 is added to hits and to false alarms, 1 to the number of signals and of innocents.

    Source: M. J. Hautus (1995), Corrections for extreme proportions and their biasing effects on
    estimated values of d', Behavior Research Methods, Instruments, & Computers 27(1), 46-51.
    """
    if min(hits, misses, false_alarms, correct_rejections) < 0:
        raise ValueError("counts cannot be negative")
    hit_rate = (hits + 0.5) / (hits + misses + 1)
    false_alarm_rate = (false_alarms + 0.5) / (false_alarms + correct_rejections + 1)
    hit, alarm = _NORMAL.inv_cdf(hit_rate), _NORMAL.inv_cdf(false_alarm_rate)
    return Signal(hit - alarm, -(hit + alarm) / 2, hit_rate, false_alarm_rate)


def calibration(answers: Iterable[tuple[int, bool]]) -> Calibration:
    """How sure people were against how often they were right.

    `answers` are (confidence in percent, 50 to 100; whether right). Bins are of ten percent, 100
    by itself; empty bins are left out. ValueError for a confidence out of range.

    Source of the score: G. W. Brier (1950), Verification of forecasts expressed in terms of
    probability, Monthly Weather Review 78(1), 1-3.
    """
    told = list(answers)
    grouped: dict[int, list[tuple[int, bool]]] = {}
    for confidence, right in told:
        if not LOWEST <= confidence <= HIGHEST:
            raise ValueError(f"confidence is from {LOWEST} to {HIGHEST}, not {confidence}")
        grouped.setdefault(confidence // 10 * 10, []).append((confidence, right))
    if not told:
        return Calibration((), None, None)
    bins = tuple(
        Bin(low, min(low + 9, HIGHEST), len(group), _sure(group), _right(group))
        for low, group in sorted(grouped.items())
    )
    brier = sum((confidence / 100 - right) ** 2 for confidence, right in told) / len(told)
    return Calibration(bins, brier, _sure(told) - _right(told))


def bias(answers: Iterable[tuple[str, str, bool]], fewest: int = FEWEST) -> Bias:
    """Whether scenarios that differ in a protected trait alone are reported as often.

    `answers` are (pair, variant "a" or "b", whether reported), one for each person and variant.
    Shown is what `fewest` people or more answered in both variants; the rest has no numbers, and
    is not part of the overall ones either, so that nothing can be worked out by subtraction. It
    says something about the airline as a whole, never about a person.
    """
    counts: dict[str, dict[str, list[int]]] = {}
    for pair, variant, reported in answers:
        if variant not in ("a", "b"):
            raise ValueError(f"a variant is a or b, not {variant!r}")
        cell = counts.setdefault(pair, {"a": [0, 0], "b": [0, 0]})[variant]
        cell[0] += 1
        cell[1] += reported
    pairs = tuple(_difference(pair, each, fewest) for pair, each in sorted(counts.items()))
    shown = [counts[each.pair] for each in pairs if each.shown]
    together = {
        variant: [sum(each[variant][place] for each in shown) for place in (0, 1)]
        for variant in ("a", "b")
    }
    return Bias(pairs, _difference("", together, fewest))


def _difference(pair: str, cells: Mapping[str, Sequence[int]], fewest: int) -> Difference:
    """One row, with Newcombe's interval (1998, Statistics in Medicine 17, method 10)."""
    (people_a, reported_a), (people_b, reported_b) = cells["a"], cells["b"]
    if min(people_a, people_b) < max(fewest, 1):
        return Difference(pair)
    share_a, share_b = reported_a / people_a, reported_b / people_b
    low_a, high_a = _wilson(reported_a, people_a)
    low_b, high_b = _wilson(reported_b, people_b)
    difference = share_a - share_b
    low = difference - sqrt((share_a - low_a) ** 2 + (high_b - share_b) ** 2)
    high = difference + sqrt((high_a - share_a) ** 2 + (share_b - low_b) ** 2)
    return Difference(pair, people_a, people_b, reported_a, reported_b, difference, low, high)


def _wilson(count: int, people: int) -> tuple[float, float]:
    """Bounds of a share with 95% confidence (Wilson's score interval)."""
    share, square = count / people, _Z95**2
    middle = (share + square / (2 * people)) / (1 + square / people)
    half = _Z95 * sqrt(share * (1 - share) / people + square / (4 * people**2))
    half /= 1 + square / people
    return max(0.0, middle - half), min(1.0, middle + half)


def _sure(answers: Sequence[tuple[int, bool]]) -> float:
    return sum(confidence for confidence, _right in answers) / len(answers) / 100


def _right(answers: Sequence[tuple[int, bool]]) -> float:
    return sum(right for _confidence, right in answers) / len(answers)
