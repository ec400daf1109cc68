"""Ages are exact, and a younger person is never less protected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_populations import population

from harborlight.law import UNKNOWN, LawError, ask, find_rule
from harborlight.law.question import Case, Population, same_day
from harborlight.law.value import Many, One

EMPTY: Any = None
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@settings(deadline=None)
@given(days, days)
def test_an_age_is_the_number_of_birthdays_reached(born: date, day: date) -> None:
    born, day = min(born, day), max(born, day)
    age = Case(EMPTY, day, {}).age(One(born), One(day)).value
    assert same_day(born, age) <= day < same_day(born, age + 1)


@settings(deadline=None)
@given(st.lists(st.tuples(days, days), min_size=1, max_size=30), st.integers(0, 100))
def test_columns_count_years_as_one_case_does(pairs: list[tuple[date, date]], years: int) -> None:
    born = np.array([one for one, _ in pairs], "datetime64[D]")
    on = np.array([other for _, other in pairs], "datetime64[D]")
    known = np.ones(len(pairs), dtype=bool)
    people = Population(EMPTY, Many(on, known), {}, len(pairs))
    case = Case(EMPTY, date(2000, 1, 1), {})
    ages = people.age(Many(born, known), Many(on, known)).values
    later = people.years_after(Many(on, known), years).values
    for row, (one, other) in enumerate(pairs):
        assert ages[row] == case.age(One(one), One(other)).value
        assert later[row] == same_day(other, years)


def test_ages_over_a_long_calendar_and_a_short_one_agree() -> None:
    """Columns with many repeated days are computed by calendar; both ways must agree."""
    born = np.arange(np.datetime64("1996-01-01"), np.datetime64("2004-12-31"))
    on = np.full(len(born), np.datetime64("2018-02-28"))
    known = np.ones(len(born), dtype=bool)
    people = Population(EMPTY, Many(on, known), {}, len(born))
    at_once = people.age(Many(born, known), Many(on, known)).values
    in_pieces = [
        people.age(Many(born[i : i + 2], known[:2]), Many(on[:2], known[:2])).values
        for i in range(0, len(born) - 1, 2)
    ]
    assert (np.concatenate(in_pieces) == at_once[: len(in_pieces) * 2]).all()


PROTECTING = (
    "minnesota-safe-harbor",
    "minnesota-sexually-exploited-youth",
    "minnesota-child-in-need-of-protection",
    "minnesota-services",
    "state-immunity",
)


def rank(answer: Any) -> int:
    return 1 if answer is UNKNOWN else 2 if answer is True else 0


@pytest.mark.parametrize("name", PROTECTING)
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), younger=st.integers(1, 20 * 366))
def test_a_younger_person_is_never_less_protected(name: str, seed: int, younger: int) -> None:
    on, facts = population(find_rule(name), 6, seed)
    for row, day in enumerate(on):
        elder = {key: values[row] for key, values in facts.items()}
        if "birth_date" in elder:
            elder["age"] = None
            if elder["birth_date"] is None:
                continue
            limit = elder.get("offense_date") or day
            child = elder | {
                "birth_date": min(elder["birth_date"] + timedelta(days=younger), limit)
            }
            if child["birth_date"] < elder["birth_date"]:
                continue
        elif elder["age"] is not None:
            child = elder | {"age": max(elder["age"] - younger // 366, 0)}
        else:
            continue
        try:
            old, young = ask(name, day, elder), ask(name, day, child)
        except LawError:
            continue
        assert rank(young.answer) >= rank(old.answer), (day, elder, child)


@pytest.mark.parametrize("name", PROTECTING)
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), age=st.integers(0, 60))
def test_an_unknown_age_is_never_less_protected_than_a_known_one(
    name: str, seed: int, age: int
) -> None:
    """The presumption: not to know the age never costs anyone protection."""
    on, facts = population(find_rule(name), 4, seed)
    for row, day in enumerate(on):
        given_facts = {key: values[row] for key, values in facts.items()} | {"age": None}
        if "birth_date" in given_facts:
            given_facts["birth_date"] = None
        if given_facts.get("offense_date", day) is None:
            continue
        try:
            unknown = ask(name, day, given_facts)
            known = ask(name, day, given_facts | {"age": age})
        except LawError:
            continue
        if name == "state-immunity" and unknown.answer is UNKNOWN:
            continue  # a limit below that of minors: the age is asked for
        assert rank(unknown.answer) >= rank(known.answer), (day, given_facts, age)
