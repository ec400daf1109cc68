"""Scores: by hand, by properties, and against the published example's arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest
from course_files import write
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from harborlight.courses.course import load
from harborlight.courses.scoring import Marks, bias, calibration, marks, result, signal

counts = st.integers(0, 200)
answers = st.lists(st.tuples(st.integers(50, 100), st.booleans()))


def test_the_signal_of_a_worked_example() -> None:
    # 4 of 6 of concern reported, 2 of 14 innocents: rates (4.5/7, 2.5/15), through scipy's normal.
    told = signal(4, 2, 2, 12)
    assert told.hit_rate == pytest.approx(4.5 / 7)
    assert told.false_alarm_rate == pytest.approx(2.5 / 15)
    assert told.d_prime == pytest.approx(norm.ppf(4.5 / 7) - norm.ppf(2.5 / 15))
    assert told.criterion == pytest.approx(-(norm.ppf(4.5 / 7) + norm.ppf(2.5 / 15)) / 2)


@given(counts, counts, counts, counts)
def test_signals_are_finite_and_mirror(h: int, m: int, f: int, c: int) -> None:
    told, mirrored = signal(h, m, f, c), signal(f, c, h, m)
    assert 0 < told.hit_rate < 1
    assert 0 < told.false_alarm_rate < 1
    assert mirrored.d_prime == pytest.approx(-told.d_prime)
    assert mirrored.criterion == pytest.approx(told.criterion)
    swapped = signal(m, h, c, f)  # who answers the reverse leans the other way
    assert swapped.criterion == pytest.approx(-told.criterion, abs=1e-9)


@given(counts, counts, counts, counts)
def test_one_more_hit_never_lowers_the_signal(h: int, m: int, f: int, c: int) -> None:
    assert signal(h + 1, m, f, c).d_prime > signal(h, m + 1, f, c).d_prime
    assert signal(h, m, f, c + 1).d_prime > signal(h, m, f + 1, c).d_prime


def test_counts_are_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        signal(-1, 0, 0, 0)


def test_calibration_by_hand() -> None:
    told = calibration([(100, True), (100, False), (60, True), (65, True), (50, False)])
    assert [(b.low, b.high, b.count) for b in told.bins] == [
        (50, 59, 1), (60, 69, 2), (100, 100, 2),
    ]  # fmt: skip
    assert told.bins[1].said == pytest.approx(0.625)
    assert told.bins[2].right == 0.5
    assert told.brier == pytest.approx((0 + 1 + 0.16 + 0.1225 + 0.25) / 5)
    assert told.over_confidence == pytest.approx(0.75 - 0.6)


@given(answers)
def test_calibration_counts_everything_once(given_answers: list[tuple[int, bool]]) -> None:
    told = calibration(given_answers)
    assert sum(each.count for each in told.bins) == len(given_answers)
    if not given_answers:
        assert told.brier is None
        assert told.over_confidence is None
        return
    assert told.brier is not None
    assert 0 <= told.brier <= 1
    assert told.over_confidence is not None
    total = sum((b.said - b.right) * b.count for b in told.bins) / len(given_answers)
    assert told.over_confidence == pytest.approx(total)


@pytest.mark.parametrize("confidence", [49, 101, -1])
def test_confidence_out_of_range(confidence: int) -> None:
    with pytest.raises(ValueError, match="confidence is from 50 to 100"):
        calibration([(confidence, True)])


def test_nobody_passes_by_one_answer_to_all() -> None:
    assert not result(Marks(0, 6, 0, 14, 10, 0), 0.8).passed  # reports nobody, knows everything
    assert not result(Marks(6, 0, 14, 0, 10, 0), 0.8).passed  # reports everybody
    assert result(Marks(6, 0, 0, 14, 10, 0), 0.8).percent == 100
    told = result(Marks(4, 2, 2, 12, 9, 1), 0.8)  # (4/6 + 12/14 + 9/10) / 3 = 0.80793...
    assert told.percent == 80.79
    assert told.passed


def test_the_line_is_met_exactly() -> None:
    assert result(Marks(4, 1, 1, 4, 4, 1), 0.8).passed
    close = result(Marks(79999, 20001, 20000, 80000, 80000, 20000), 0.8)
    assert (close.passed, close.percent) == (False, 79.99)
    assert result(Marks(0, 0, 0, 0, 7, 3), 0.7).passed  # a share of nothing is left out
    with pytest.raises(ValueError, match="nothing was asked"):
        result(Marks(0, 0, 0, 0, 0, 0), 0.8)


def test_marks_of_a_course(tmp_path: Path) -> None:
    course = load(write(tmp_path))
    right = {"papers": True, "family-a": False, "family-b": False}
    assert marks(course, right, {"whom": 0}) == Marks(1, 0, 0, 2, 1, 0)
    wrong = {"papers": False, "family-a": True, "family-b": False}
    assert marks(course, wrong, {"whom": 1}) == Marks(0, 1, 1, 1, 0, 1)
    with pytest.raises(ValueError, match="no answer to family-b, whom"):
        marks(course, {"papers": True, "family-a": False}, {})
    with pytest.raises(ValueError, match="does not ask other"):
        marks(course, {**right, "other": True}, {"whom": 0})
    with pytest.raises(ValueError, match="whom has no option 2"):
        marks(course, right, {"whom": 2})


def rows(pair: str, a: tuple[int, int], b: tuple[int, int]) -> list[tuple[str, str, bool]]:
    """(reported, people) of both variants as answers."""
    told = []
    for variant, (reported, people) in (("a", a), ("b", b)):
        told += [(pair, variant, place < reported) for place in range(people)]
    return told


def test_bias_by_hand() -> None:
    told = bias(rows("seat", (2, 20), (8, 20)) + rows("few", (0, 9), (9, 30)))
    few, seat = told.pairs
    assert (seat.people_a, seat.reported_a, seat.people_b, seat.reported_b) == (20, 2, 20, 8)
    assert seat.difference == pytest.approx(-0.3)
    # Newcombe's method 10 by hand: Wilson bounds (0.0279, 0.3010) and (0.2188, 0.6134).
    assert seat.low == pytest.approx(-0.5253, abs=0.0005)
    assert seat.high == pytest.approx(-0.0293, abs=0.0005)
    assert not few.shown
    assert few.people_a is few.people_b is few.reported_b is few.difference is None
    assert (told.overall.people_a, told.overall.reported_b) == (20, 8)  # nothing to subtract


def test_bias_of_nobody() -> None:
    assert not bias([]).overall.shown
    with pytest.raises(ValueError, match="a variant is a or b"):
        bias([("seat", "c", True)])


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ab"), st.booleans())))
def test_bias_shows_no_small_cell(given_answers: list[tuple[str, str, bool]]) -> None:
    told = bias(given_answers, fewest=5)
    for each in (*told.pairs, told.overall):
        if each.shown:
            assert each.people_a is not None
            assert each.people_b is not None
            assert min(each.people_a, each.people_b) >= 5
            assert each.low is not None
            assert each.high is not None
            assert -1 - 1e-9 <= each.low <= (each.difference or 0) <= each.high <= 1 + 1e-9
        else:
            assert each.people_a is each.reported_a is each.people_b is each.reported_b is None
    shown = [each for each in told.pairs if each.shown]
    assert (told.overall.people_a or 0) == sum(each.people_a or 0 for each in shown)
