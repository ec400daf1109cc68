"""A rule is written once: one case and a million people must get the same answer from it."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_populations import population

from harborlight.law import UNKNOWN, LawError, Rule, ask, ask_many, find_rule, rules
from harborlight.law.explanation import plain
from harborlight.law.fact import Choice, YesNo

COLUMNAR = [each for each in rules() if each.columnar]
BY_ROW = [each for each in rules() if not each.columnar]


def alone(rule: Rule, on: date, facts: dict[str, Any]) -> tuple[Any, ...]:
    """What one case answers: the answer in parts, its details, whether unknown, or the error."""
    try:
        told = ask(rule.name, on, facts)
    except LawError as error:
        return ("refused", error.field)
    parts = told.answer if isinstance(told.answer, dict) else {"": told.answer}
    return ("answered", plain(parts), bool(told.unknown), plain(told.details))


def compare(rule: Rule, on: list[date], facts: dict[str, list[Any]]) -> None:
    told = ask_many(rule.name, np.array(on, "datetime64[D]"), facts)
    assert len(told) == len(on)
    for row, day in enumerate(on):
        one = alone(rule, day, {name: values[row] for name, values in facts.items()})
        where = (rule.name, row, day, {name: values[row] for name, values in facts.items()})
        if one[0] == "refused":
            assert told.refused[row], where
            assert told.why[row][0] == one[1], where
            continue
        assert not told.refused[row], (where, told.why.get(row))
        assert bool(told.unknown[row]) == one[2], where
        columns = dict(told.parts) or {"": told.values}
        for name, value in one[1].items():
            if value != "unknown":
                assert plain(columns[name][row : row + 1].tolist()[0]) == value, (where, name)
        for name, value in one[3].items():
            if value not in ("unknown", None):
                assert plain(told.details[name][row : row + 1].tolist()[0]) == value, (where, name)


@pytest.mark.parametrize("rule", COLUMNAR, ids=lambda each: each.name)
def test_a_population_and_its_people_agree(rule: Rule) -> None:
    compare(rule, *population(rule, 1500, seed=20160501))


@pytest.mark.proof
@pytest.mark.parametrize("rule", COLUMNAR, ids=lambda each: each.name)
def test_a_large_population_and_its_people_agree(rule: Rule) -> None:
    compare(rule, *population(rule, 100_000, seed=7))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), place=st.integers(0, len(COLUMNAR) - 1))
def test_any_population_and_its_people_agree(seed: int, place: int) -> None:
    compare(COLUMNAR[place], *population(COLUMNAR[place], 20, seed))


def test_the_populations_reach_every_kind_of_answer() -> None:
    """The agreement is worth something only if answers of every kind occur in it."""
    for rule in COLUMNAR:
        on, facts = population(rule, 1500, seed=20160501)
        told = ask_many(rule.name, np.array(on, "datetime64[D]"), facts)
        assert told.unknown.any(), rule.name
        known = ~told.unknown & ~told.refused
        if rule.name == "state-law":  # of no state everything is known
            continue
        assert known.sum() > 10, rule.name
        columns = list(told.parts.values()) or [told.values]
        assert any(len({str(each) for each in column[known]}) > 1 for column in columns), rule.name


#: Facts whose absence the law of protection fills by presuming, or a parameter of the state does;
#: and death, which ends a duty whose latest day is asked for.
PRESUMED = {
    "birth_date", "age", "treated_as_victim", "charging_discouraged", "diversion_encouraged",
    "nonviolent_vacatur", "deceased", "death_date",
}  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), data=st.data())
def test_a_known_answer_stays_when_more_becomes_known(seed: int, data: st.DataObject) -> None:
    """Facts that were unknown and did not matter cannot change the answer when they are told."""
    rule = data.draw(st.sampled_from(COLUMNAR))
    on, facts = population(rule, 5, seed)
    for row, day in enumerate(on):
        full = {name: values[row] for name, values in facts.items()}
        maskable = [name for name in full if name not in PRESUMED]
        hidden = data.draw(st.sets(st.sampled_from(maskable))) if maskable else set()
        less = {name: (None if name in hidden else value) for name, value in full.items()}
        before, after = alone(rule, day, less), alone(rule, day, full)
        if before[0] == "refused" or after[0] == "refused":
            continue
        for name, value in before[1].items():
            if value != "unknown":
                assert after[1][name] == value, (rule.name, day, less, full)


@pytest.mark.parametrize(
    "name",
    [
        "minnesota-safe-harbor",
        "minnesota-sexually-exploited-youth",
        "minnesota-child-in-need-of-protection",
        "federal-grant-preference",
        "federal-vacatur-preference",
        "federal-trafficking-assessment",
    ],
)
def test_an_unknown_that_is_asked_for_matters(name: str) -> None:
    """Where the answer is unknown for want of facts, telling them can turn it both ways."""
    rule = find_rule(name)
    small: dict[str, list[Any]] = {}
    for fact in rule.facts:
        if isinstance(fact.kind, YesNo):
            small[fact.name] = [True, False]
        elif isinstance(fact.kind, Choice) and len(fact.kind.options) in (2, 3):
            small[fact.name] = list(fact.kind.options)
    rng = np.random.default_rng(3)
    on, facts = population(rule, 2500, seed=3)
    seen = 0
    for row, day in enumerate(on):
        given_facts = {key: values[row] for key, values in facts.items()}
        for key in small:
            if rng.random() < 0.7:
                given_facts[key] = small[key][int(rng.integers(len(small[key])))]
        try:
            told = ask(name, day, given_facts)
        except LawError:
            continue
        if told.answer is not UNKNOWN or not set(told.unknown) <= set(small):
            continue
        seen += 1
        answers = {
            str(
                plain(
                    ask(name, day, given_facts | dict(zip(told.unknown, each, strict=True))).answer
                )
            )
            for each in itertools.product(*(small[key] for key in told.unknown))
        }
        assert len(answers) > 1, (day, given_facts, told.unknown)
    assert seen > 3


def test_columns_of_any_make_are_read_alike() -> None:
    born = [date(2000, 2, 29), None, date(1999, 12, 31)]
    words = ["hired", None, "hiring"]
    on = [date(2016, 5, 1)] * 3
    made = [
        (np.array(on, "datetime64[D]"), np.array(born, "datetime64[D]"), np.array(words, object)),
        (pa.array(on), pa.array(born), pa.array(words)),
        (on, born, words),
        ([str(d) for d in on], [str(b or "unknown") for b in born],
         pa.array(words).dictionary_encode()),
        (pa.chunked_array([pa.array(on)]), pa.chunked_array([pa.array(born)]), words),
        (date(2016, 5, 1), np.ma.masked_array(
            np.array([born[0], on[0], born[2]], "datetime64[D]"), [False, True, False]), words),
    ]  # fmt: skip
    for days, births, conduct in made:
        told = ask_many("minnesota-safe-harbor", days, {"birth_date": births, "conduct": conduct})
        assert told.values.tolist() == [True, False, False]
        assert told.unknown.tolist() == [False, True, False]
        assert not told.refused.any()


def test_rows_that_cannot_be_asked_do_not_stop_the_others() -> None:
    told = ask_many(
        "minnesota-safe-harbor",
        ["2016-05-01", "2016-05-01", "2016-02-30", None],
        {
            "birth_date": ["2000-01-01", "2017-01-01", "2000-01-01", "2000-01-01"],
            "conduct": "hired",
        },
    )
    assert told.refused.tolist() == [False, True, True, True]
    assert [told.why[row][0] for row in (1, 2, 3)] == ["birth_date", "on", "on"]
    assert told.values[0]


def test_columns_that_cannot_be_asked() -> None:
    with pytest.raises(LawError, match="different lengths"):
        ask_many("minnesota-safe-harbor", ["2016-05-01"] * 2, {"conduct": ["hired"] * 3})
    with pytest.raises(LawError, match="takes no such fact"):
        ask_many("minnesota-safe-harbor", "2016-05-01", {"conducts": ["hired"]})
    told = ask_many("minnesota-assessment-split", "2020-05-01", {"amount": np.array([1.5])})
    assert told.refused.tolist() == [True]
    with pytest.raises(LawError, match="a column of int64"):
        ask_many("minnesota-safe-harbor", "2020-05-01", {"birth_date": np.array([5])})
    told = ask_many("minnesota-assessment-split", "2020-05-01", {"amount": np.array([5, -5])})
    assert told.refused.tolist() == [False, True]
    assert told.why[1][0] == "amount"


@pytest.mark.parametrize("rule", BY_ROW, ids=lambda each: each.name)
def test_rules_without_columns_are_asked_row_by_row(rule: Rule) -> None:
    told = ask_many(rule.name, ["2024-01-01", "2024-01-01"], {})
    assert len(told) == 2
    assert not told.refused.any()


def test_no_rows_are_no_answers() -> None:
    told = ask_many("minnesota-safe-harbor", np.array([], "datetime64[D]"), {"conduct": []})
    assert len(told) == 0
