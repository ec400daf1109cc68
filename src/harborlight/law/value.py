"""What a rule computes with: values that may be unknown, for one case or for a whole column.

``One`` holds one value, ``Many`` a column of them. Both know the same operators, so that a rule
is written once. Truth follows Kleene's three values: an unknown that cannot change the outcome
does not make it unknown. A ``One`` that is unknown carries the names of what would settle it.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date
from operator import ge, gt, le, lt
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Unknown(enum.StrEnum):
    """The answer "unknown". It is neither true nor false: asking it for its truth is an error."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse to pass for false."""
        raise TypeError("unknown is neither true nor false; compare with `is UNKNOWN`")

    def __str__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Needs = frozenset[str]
NOTHING: Final[Needs] = frozenset()


class Value(ABC):
    """A value or a column of values, known or not."""

    __slots__ = ()

    @abstractmethod
    def __and__(self, other: Value) -> Value: ...
    @abstractmethod
    def __or__(self, other: Value) -> Value: ...
    @abstractmethod
    def __invert__(self) -> Value: ...
    @abstractmethod
    def __add__(self, other: Value | int) -> Value: ...
    @abstractmethod
    def __sub__(self, other: Value | int) -> Value: ...
    @abstractmethod
    def __mul__(self, other: Value | int) -> Value: ...
    @abstractmethod
    def __floordiv__(self, other: int) -> Value: ...
    @abstractmethod
    def __lt__(self, other: Value | int | date) -> Value: ...
    @abstractmethod
    def __le__(self, other: Value | int | date) -> Value: ...
    @abstractmethod
    def __gt__(self, other: Value | int | date) -> Value: ...
    @abstractmethod
    def __ge__(self, other: Value | int | date) -> Value: ...
    @abstractmethod
    def equals(self, other: Value | int | str | date) -> Value:
        """Whether this is the same value as another."""

    @abstractmethod
    def is_known(self) -> Value:
        """True where the value is known; itself always known."""

    @abstractmethod
    def settled_by(self, truth: bool) -> Value:
        """A truth whose unknowns are taken to be ``truth``."""

    def one_of(self, *options: int | str) -> Value:
        """Whether this is one of the options."""
        result = self.equals(options[0])
        for option in options[1:]:
            result = result | self.equals(option)
        return result


def money(cents: int) -> str:
    """Cents as people write them: 500000 -> "$5,000.00"."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}${whole:,}.{part:02d}"


class One(Value):
    """One value; ``value`` is None where unknown, and ``needs`` then names what would settle it."""

    __slots__ = ("needs", "value")

    def __init__(self, value: Any, needs: Needs = NOTHING) -> None:
        self.value = value
        self.needs = needs

    def __and__(self, other: Any) -> One:
        if self.value is False or other.value is True:
            return self
        if other.value is False or self.value is True:
            return cast(One, other)
        return One(None, self.needs | other.needs)

    def __or__(self, other: Any) -> One:
        if self.value is True or other.value is False:
            return self
        if other.value is True or self.value is False:
            return cast(One, other)
        return One(None, self.needs | other.needs)

    def __invert__(self) -> One:
        if self.value is None:
            return self
        return FALSE if self.value else TRUE

    def _compare(self, other: Any, how: Callable[[Any, Any], bool]) -> One:
        value = self.value
        if type(other) is One:
            if value is None or other.value is None:
                return One(None, self.needs | other.needs)
            return TRUE if how(value, other.value) else FALSE
        if value is None:
            return One(None, self.needs)
        return TRUE if how(value, other) else FALSE

    def __lt__(self, other: Any) -> One:
        return self._compare(other, lt)

    def __le__(self, other: Any) -> One:
        return self._compare(other, le)

    def __gt__(self, other: Any) -> One:
        return self._compare(other, gt)

    def __ge__(self, other: Any) -> One:
        return self._compare(other, ge)

    def equals(self, other: Any) -> One:
        """Whether this is the same value as another."""
        value = self.value
        if type(other) is One:
            if value is None or other.value is None:
                return One(None, self.needs | other.needs)
            return TRUE if value == other.value else FALSE
        if value is None:
            return One(None, self.needs)
        return TRUE if value == other else FALSE

    def __add__(self, other: Any) -> One:
        return self._calculate(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> One:
        return self._calculate(other, lambda a, b: a - b)

    def __mul__(self, other: Any) -> One:
        return self._calculate(other, lambda a, b: a * b)

    def __floordiv__(self, other: int) -> One:
        return self._calculate(other, lambda a, b: a // b)

    def _calculate(self, other: Any, how: Callable[[Any, Any], Any]) -> One:
        if type(other) is not One:
            other = One(other)
        if self.value is None or other.value is None:
            return One(None, self.needs | other.needs)
        return One(how(self.value, other.value))

    def is_known(self) -> One:
        """True where the value is known."""
        return FALSE if self.value is None else TRUE

    def settled_by(self, truth: bool) -> One:
        """This truth, or ``truth`` where unknown."""
        return One(truth) if self.value is None else self

    def __format__(self, how: str) -> str:
        if self.value is None:
            return "unknown"
        if how == "money":
            return money(self.value)
        return str(self.value)


TRUE: Final = One(True)
FALSE: Final = One(False)


class Many(Value):
    """A column of values: ``values`` (zero where unknown) and the mask ``known``.

    Truths are bool arrays, numbers int64, days datetime64[D]; words are int64 positions in
    ``labels``. Arrays of no dimension stand for the same value in every row.
    """

    __slots__ = ("known", "labels", "values")

    def __init__(self, values: Array, known: Array, labels: tuple[str, ...] | None = None) -> None:
        self.values = values
        self.known = known
        self.labels = labels

    @classmethod
    def constant(cls, value: Any) -> Many:
        """The same value in every row; None is unknown."""
        if value is None:
            return cls(np.asarray(0), np.asarray(False))
        if isinstance(value, str):
            return cls(np.asarray(0), np.asarray(True), (value,))
        if isinstance(value, date):
            return cls(np.asarray(value, dtype="datetime64[D]"), np.asarray(True))
        return cls(np.asarray(value), np.asarray(True))

    @classmethod
    def of(cls, value: Any) -> Many:
        """A column as it is, or a constant column of a plain value."""
        return value if isinstance(value, Many) else cls.constant(value)

    def __and__(self, other: Value) -> Many:
        other = Many.of(other)
        true = self._true() & other._true()
        known = true | (self.known & ~self._true()) | (other.known & ~other._true())
        return Many(true, known)

    def __or__(self, other: Value) -> Many:
        other = Many.of(other)
        true = self._true() | other._true()
        return Many(true, true | (self.known & other.known))

    def __invert__(self) -> Many:
        return Many(self.known & ~self._true(), self.known)

    def _true(self) -> Array:
        if self.values.dtype == np.bool_:
            return self.values
        return np.asarray(self.values != 0) & self.known

    def _compare(self, other: Any, how: Callable[[Any, Any], Any]) -> Many:
        other = Many.of(other)
        known = self.known & other.known
        if not known.any():
            return Many(np.asarray(False), known)
        return Many(np.asarray(how(self.values, other.values)) & known, known)

    def __lt__(self, other: Any) -> Many:
        return self._compare(other, np.less)

    def __le__(self, other: Any) -> Many:
        return self._compare(other, np.less_equal)

    def __gt__(self, other: Any) -> Many:
        return self._compare(other, np.greater)

    def __ge__(self, other: Any) -> Many:
        return self._compare(other, np.greater_equal)

    def equals(self, other: Any) -> Many:
        """Whether this is the same value as another, row by row."""
        mine, theirs = aligned([self, Many.of(other)])
        return mine._compare(theirs, np.equal)

    def _calculate(self, other: Any, how: Callable[[Any, Any], Any]) -> Many:
        other = Many.of(other)
        known = self.known & other.known
        return Many(np.asarray(how(self.values, other.values)), known)

    def __add__(self, other: Any) -> Many:
        return self._calculate(other, np.add)

    def __sub__(self, other: Any) -> Many:
        return self._calculate(other, np.subtract)

    def __mul__(self, other: Any) -> Many:
        return self._calculate(other, np.multiply)

    def __floordiv__(self, other: int) -> Many:
        return self._calculate(other, np.floor_divide)

    def is_known(self) -> Many:
        """True where the value is known; itself always known."""
        return Many(self.known, np.asarray(True))

    def settled_by(self, truth: bool) -> Many:
        """This truth, with ``truth`` where unknown."""
        return Many(self._true() | (~self.known & truth), np.asarray(True))


def aligned(columns: Sequence[Many]) -> list[Many]:
    """The columns with their words numbered alike, so that they can be compared or merged."""
    if all(column.labels is None for column in columns):
        return list(columns)
    names = dict.fromkeys(name for column in columns for name in column.labels or ())
    place = {name: number for number, name in enumerate(names)}
    result = []
    for column in columns:
        if column.labels is None:  # no word in any row
            result.append(Many(column.values, column.known, tuple(place)))
            continue
        renumber = np.array([place[name] for name in column.labels] or [0], dtype=np.int64)
        values = renumber[np.where(column.known, column.values, 0)]
        result.append(Many(np.asarray(values), column.known, tuple(place)))
    return result


def choose(condition: Many, yes: Many, no: Many) -> Many:
    """``yes`` where the condition holds, else ``no``; unknown where it matters and is unknown."""
    yes, no = aligned([yes, no])
    true = condition._true()
    false = condition.known & ~true
    if yes.values.dtype.kind == "M" or no.values.dtype.kind == "M":
        yes, no = _as_days(yes), _as_days(no)
    values = np.where(true, yes.values, no.values)
    known = np.where(true, yes.known, no.known)
    alike = yes.known & no.known & (yes.values == no.values)
    known = np.where(true | false, known, alike)
    if values.dtype == np.bool_:
        values = values & known
    return Many(values, known, yes.labels)


def _as_days(column: Many) -> Many:
    if column.values.dtype.kind == "M":
        return column
    return Many(np.zeros(column.values.shape, dtype="datetime64[D]"), column.known)
