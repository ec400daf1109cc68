"""What a rule is handed: facts, the law of the day, and the words for its steps.

A rule is written once against `Question`. `Case` answers it for one case and keeps the reasons;
`Population` answers it for columns, each row at its own day, and keeps only the answers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import numpy as np

from harborlight.law.explanation import Citation, LawError
from harborlight.law.parameter import Law, by_calendar
from harborlight.law.value import FALSE, TRUE, Array, Many, One, Value, choose

Parts = Mapping[str, Value]
Answered = Value | Parts
MONTHS = 12


class Question(ABC):
    """A question being answered. Days and facts are values that may be unknown."""

    book: Law
    on: Value  # the day asked about
    day: Value  # the day whose law is read: ``on`` unless a rule says otherwise

    @abstractmethod
    def fact(self, name: str) -> Value:
        """A fact as given, or unknown."""

    @abstractmethod
    def law(self, path: str, *, cited: bool = True) -> Value:
        """A parameter on the law's day; unknown where it is unknown or not in force.

        ``cited=False`` for one that only a step may turn out to stand on.
        """

    @abstractmethod
    def in_force(self, path: str, *, cited: bool = True) -> Value:
        """Whether a parameter is in force on the law's day."""

    @abstractmethod
    def law_of(self, branch: str, name: Value, leaf: str = "") -> Value:
        """A parameter below a branch that a fact names, such as a state's or a statute's."""

    @abstractmethod
    def in_force_of(self, branch: str, name: Value, leaf: str = "") -> Value:
        """Whether a parameter that a fact names is in force."""

    @abstractmethod
    def listed(self, path: str) -> tuple[str, ...]:
        """A parameter that is a list."""

    @abstractmethod
    def constant(self, value: bool | int | str | date | None) -> Value:
        """The same plain value for every case; None is unknown and asks for nothing."""

    @abstractmethod
    def where(self, condition: Value, yes: Any, no: Any) -> Value:
        """``yes`` where the condition holds, else ``no``.

        An unknown condition does no harm where both are the same.
        """

    @abstractmethod
    def age(self, born: Value, day: Value) -> Value:
        """Whole years on a day. Someone born on 29 February has their day on 1 March otherwise."""

    @abstractmethod
    def years_after(self, day: Value, years: Any) -> Value:
        """The same day some years on; 29 February becomes 1 March where there is none."""

    @abstractmethod
    def refuse(self, condition: Value, field: str, reason: str) -> None:
        """A case for which this holds cannot be answered: it is told with the field at fault."""

    def smaller(self, one: Value, other: Value) -> Value:
        """The smaller of two amounts that are zero or more; zero is so whatever the other is."""
        least = self.where(one <= other, one, other)
        nothing = one.equals(0).settled_by(False) | other.equals(0).settled_by(False)
        return self.where(nothing, 0, least)

    def larger(self, one: Value, other: Value) -> Value:
        """The larger of two amounts."""
        return self.where(one >= other, one, other)

    def first_known(self, one: Value, other: Value) -> Value:
        """The first value, or the second where the first is unknown."""
        return self.where(one.is_known(), one, other)

    def presume(self, truth: Value, fact: Value, path: str, text: str, matters: Value) -> Value:
        """A truth about a fact, and where the fact is unknown what a parameter lets presume.

        A step says that it was presumed, where ``matters`` does not rule the question out.
        """
        return self.where(fact.is_known() | ~self.law(path), truth, True)

    # What only one case has: its reasons. For columns these do nothing.

    def step(  # noqa: B027 - optional
        self,
        condition: Value,
        yes: str | None = None,
        no: str | None = None,
        unknown: str | None = None,
        cites: str | None = None,
        **values: Value | int | str,
    ) -> None:
        """One step in plain words, by the outcome. ``{name}`` is filled from the values.

        ``cites`` is a parameter that the step stands on.
        """

    def say(self, text: str, **values: Value | int | str) -> None:  # noqa: B027
        """A step whatever the outcome."""

    def detail(self, name: str, value: Value) -> None:  # noqa: B027
        """A part of the answer beside the answer itself."""

    def conclude(
        self,
        answer: Answered,
        yes: str | None = None,
        no: str | None = None,
        unknown: str | None = None,
        **values: Value | int | str,
    ) -> Answered:
        """The answer and its conclusion in one sentence.

        ``no`` is for false and for zero, ``yes`` for any other known answer.
        """
        return answer


class Case(Question):
    """One case."""

    def __init__(self, book: Law, on: date, facts: dict[str, One]) -> None:
        self.book = book
        self.on: One = One(on)
        self.day: Any = self.on
        self.facts = facts
        self.steps: list[str] = []
        self.cited: dict[str, Citation] = {}
        self.details: dict[str, One] = {}
        self.conclusion = ""

    def fact(self, name: str) -> One:
        """A fact as given, or unknown."""
        return self.facts[name]

    def law(self, path: str, *, cited: bool = True) -> One:
        """A parameter on the law's day, and its citation kept."""
        day: One = self.day
        parameter = self.book[path]
        if day.value is None:
            if not parameter.timeless:
                return day
            dated = parameter.values[0]
        else:
            dated = parameter.at(day.value)
        if cited:
            self.cited[path] = dated.cited
        return dated.one

    def in_force(self, path: str, *, cited: bool = True) -> One:
        """Whether a parameter is in force, and its citation kept."""
        one = self.law(path, cited=cited)
        if one.value is not None:
            return TRUE
        return One(None, one.needs) if one.needs else FALSE

    def law_of(self, branch: str, name: Any, leaf: str = "") -> One:
        """A parameter below a branch that a fact names."""
        path = self._path(branch, name, leaf)
        return path if isinstance(path, One) else self.law(path)

    def in_force_of(self, branch: str, name: Any, leaf: str = "") -> One:
        """Whether a parameter that a fact names is in force."""
        path = self._path(branch, name, leaf)
        return path if isinstance(path, One) else self.in_force(path)

    def _path(self, branch: str, name: Any, leaf: str) -> One | str:
        if name.value is None:
            return One(None, name.needs)
        return f"{branch}.{name.value}.{leaf}" if leaf else f"{branch}.{name.value}"

    def listed(self, path: str) -> tuple[str, ...]:
        """A parameter that is a list."""
        found = self.law(path).value
        return found if isinstance(found, tuple) else self.book[path].listed()

    def constant(self, value: bool | int | str | date | None) -> One:
        """A plain value."""
        return One(value)

    def where(self, condition: Any, yes: Any, no: Any) -> One:
        """``yes`` where the condition holds, else ``no``."""
        if condition.value is not None:
            chosen = yes if condition.value else no
            return chosen if type(chosen) is One else One(chosen)
        yes = yes if type(yes) is One else One(yes)
        no = no if type(no) is One else One(no)
        if yes.value is not None and no.value is not None and yes.value == no.value:
            return cast(One, yes)
        return One(None, condition.needs | yes.needs | no.needs)

    def first_known(self, one: Any, other: Any) -> One:
        """The first value, else the second; where neither is known, either would settle it."""
        if one.value is not None:
            return cast(One, one)
        if other.value is not None:
            return cast(One, other)
        return One(None, one.needs | other.needs)

    def age(self, born: Any, day: Any) -> One:
        """Whole years on a day."""
        b, d = born.value, day.value
        if b is None or d is None:
            return One(None, born.needs | day.needs)
        return One(d.year - b.year - ((d.month, d.day) < (b.month, b.day)))

    def years_after(self, day: Any, years: Any) -> One:
        """The same day some years on."""
        years = years if type(years) is One else One(years)
        if day.value is None or years.value is None:
            return One(None, day.needs | years.needs)
        return One(same_day(day.value, years.value))

    def refuse(self, condition: Any, field: str, reason: str) -> None:
        """Raise the error that names the field."""
        if condition.value is True:
            raise LawError(field, reason)

    def presume(self, truth: Any, fact: Any, path: str, text: str, matters: Any) -> One:
        """A truth, or the presumption with its step and citation."""
        if fact.value is not None or not self.law(path, cited=False).value:
            return cast(One, truth)
        if matters.value is not False:
            self.law(path)
            self.steps.append(text)
        return TRUE

    def step(
        self,
        condition: Any,
        yes: str | None = None,
        no: str | None = None,
        unknown: str | None = None,
        cites: str | None = None,
        **values: Value | int | str,
    ) -> None:
        """Keep the words that fit the outcome."""
        value = condition.value
        text = unknown if value is None else yes if value else no
        if text:
            self.steps.append(text.format_map(values) if "{" in text else text)
            if cites:
                self.law(cites)

    def say(self, text: str, **values: Value | int | str) -> None:
        """Keep a step."""
        self.steps.append(text.format_map(values) if "{" in text else text)

    def detail(self, name: str, value: Any) -> None:
        """Keep a part of the answer."""
        self.details[name] = value

    def conclude(
        self,
        answer: Answered,
        yes: str | None = None,
        no: str | None = None,
        unknown: str | None = None,
        **values: Value | int | str,
    ) -> Answered:
        """Keep the conclusion that fits the answer."""
        if isinstance(answer, One):
            value = answer.value
            text = unknown if value is None else yes if value or no is None else no
            values = {"answer": answer, **values}
        else:
            assert isinstance(answer, Mapping)  # noqa: S101 - a value or parts
            parts = list(answer.values())
            known = all(isinstance(each, One) and not each.needs for each in parts)
            text = yes if known else unknown
            values = {**answer, **values}
        self.conclusion = text.format_map(values) if text else ""
        return answer


class Population(Question):
    """Many cases, each row at its own day."""

    def __init__(self, book: Law, on: Many, facts: dict[str, Many], rows: int) -> None:
        self.book = book
        self.on: Many = on
        self.day: Any = on
        self.facts = facts
        self.rows = rows
        self.refusals: list[tuple[Array, str, str]] = []
        self.details: dict[str, Many] = {}

    def fact(self, name: str) -> Many:
        """A fact's column."""
        return self.facts[name]

    def law(self, path: str, *, cited: bool = True) -> Many:
        """A parameter on each row's day."""
        parameter = self.book[path]
        column = parameter.column(self.day.values)
        known = column.known if parameter.timeless else column.known & self.day.known
        return Many(column.values, known, column.labels)

    def in_force(self, path: str, *, cited: bool = True) -> Many:
        """Whether a parameter is in force on each row's day."""
        parameter = self.book[path]
        column = parameter.in_force_column(self.day.values)
        known = column.known if parameter.timeless else column.known & self.day.known
        return Many(column.values & known, known)

    def law_of(self, branch: str, name: Any, leaf: str = "") -> Many:
        """A parameter that each row's fact names."""
        return self._each(branch, name, leaf, self.law)

    def in_force_of(self, branch: str, name: Any, leaf: str = "") -> Many:
        """Whether the parameter that each row's fact names is in force."""
        return self._each(branch, name, leaf, self.in_force)

    def _each(self, branch: str, name: Any, leaf: str, read: Any) -> Many:
        result = Many.constant(None)
        for number, label in enumerate(name.labels or ()):
            path = f"{branch}.{label}.{leaf}" if leaf else f"{branch}.{label}"
            here = Many(name.known & (name.values == number), np.asarray(True))
            if here.values.any():
                result = choose(here, read(path), result)
        return result

    def listed(self, path: str) -> tuple[str, ...]:
        """A parameter that is a list, the same for every row."""
        return self.book[path].listed()

    def constant(self, value: bool | int | str | date | None) -> Many:
        """A plain value in every row."""
        return Many.constant(value)

    def where(self, condition: Any, yes: Any, no: Any) -> Many:
        """``yes`` where the condition holds, else ``no``, row by row."""
        return choose(condition, Many.of(yes), Many.of(no))

    def age(self, born: Any, day: Any) -> Many:
        """Whole years on each row's day."""
        known = born.known & day.known
        if not known.any():
            return Many(np.asarray(0), known)
        months = _months(day.values) - _months(born.values)
        months = months - (_days_of_month(day.values) < _days_of_month(born.values))
        return Many(np.asarray(months // MONTHS), known)

    def years_after(self, day: Any, years: Any) -> Many:
        """The same day some years on, row by row."""
        years = Many.of(years)
        known = day.known & years.known
        if day.values.dtype.kind != "M":
            return Many(np.asarray(np.datetime64(0, "D")), known & False)
        later = (_months(day.values) + years.values * MONTHS).astype("datetime64[M]")
        rest = _days_of_month(day.values).astype("timedelta64[D]")
        return Many(np.asarray(later.astype("datetime64[D]") + rest), known)

    def refuse(self, condition: Any, field: str, reason: str) -> None:
        """Keep the rows that are refused."""
        wrong = condition.values & condition.known
        if wrong.any():
            self.refusals.append((np.broadcast_to(wrong, (self.rows,)), field, reason))

    def detail(self, name: str, value: Any) -> None:
        """Keep a part of the answer, as a column."""
        self.details[name] = value


def _months(days: Array) -> Array:
    """Months since 1970, a whole number for each day."""
    return by_calendar(days, lambda each: each.astype("datetime64[M]").astype(np.int64))


def _days_of_month(days: Array) -> Array:
    """The days that have passed of each day's month."""
    return by_calendar(
        days,
        lambda each: (each - each.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64),
    )


def same_day(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
