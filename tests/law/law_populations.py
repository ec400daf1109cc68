"""Random people for any rule: facts of its kinds, unknowns among them, days near each boundary."""

from __future__ import annotations

import functools
from datetime import date, timedelta
from typing import Any

import numpy as np

from harborlight.law import Rule, current_law
from harborlight.law.fact import Choice, Count, Day, Fact, Money, YesNo

EPOCH = date(1970, 1, 1)


@functools.cache
def boundaries() -> list[date]:
    """Every day on which a parameter changes, the day before and the day after."""
    starts = {each.since for one in current_law() for each in one.values}
    ends = {v.value for one in current_law() for v in one.values if type(v.value) is date}
    found = {
        day + timedelta(days=shift)
        for day in starts | ends
        if 1990 < day.year < 2100
        for shift in (-1, 0, 1)
    }
    return sorted(found)


def days(rng: np.random.Generator, rows: int) -> list[date]:
    """Half of them near a boundary, half anywhere from 1990 to 2035."""
    near = boundaries()
    picked = rng.integers(0, len(near), rows)
    anywhere = rng.integers(7305, 24000, rows)
    half = rng.random(rows) < 0.5
    return [
        near[picked[row]] if half[row] else EPOCH + timedelta(days=int(anywhere[row]))
        for row in range(rows)
    ]


def column(fact: Fact, rng: np.random.Generator, rows: int) -> list[Any]:
    """Values of a fact, a quarter of them unknown."""
    kind = fact.kind
    values: list[Any]
    if isinstance(kind, YesNo):
        values = [bool(each) for each in rng.integers(0, 2, rows)]
    elif isinstance(kind, Day):
        values = list(days(rng, rows))
    elif isinstance(kind, Money):
        values = [int(each) for each in np.exp(rng.uniform(0, 18, rows)).astype(np.int64) - 1]
    elif isinstance(kind, Count):
        most = min(kind.most, 40)
        values = [int(each) for each in rng.integers(kind.least, most + 1, rows)]
    else:
        assert isinstance(kind, Choice), kind
        options = kind.allowed(current_law())
        values = [options[each] for each in rng.integers(0, len(options), rows)]
    return [
        None if gone else each for each, gone in zip(values, rng.random(rows) < 0.25, strict=True)
    ]


def population(rule: Rule, rows: int, seed: int) -> tuple[list[date], dict[str, list[Any]]]:
    """Days and facts for a rule."""
    rng = np.random.default_rng(seed)
    on = days(rng, rows)
    facts = {}
    for fact in rule.facts:
        values = column(fact, rng, rows)
        if fact.name == "birth_date":
            back = rng.integers(0, 40 * 366, rows)
            values = [
                None if each is None else day - timedelta(days=int(shift))
                for each, day, shift in zip(values, on, back, strict=True)
            ]
        if isinstance(fact.kind, Day) and fact.default_on:
            keep = rng.random(rows) < 0.8  # most are asked about that same day
            values = [
                day if kept else each for each, day, kept in zip(values, on, keep, strict=True)
            ]
        facts[fact.name] = values
    if {"birth_date", "age"} <= set(facts):  # a birth date or an age, seldom both
        keep = rng.random(rows) < 0.95
        facts["age"] = [
            None if kept and born is not None else each
            for each, born, kept in zip(facts["age"], facts["birth_date"], keep, strict=True)
        ]
    return on, facts
