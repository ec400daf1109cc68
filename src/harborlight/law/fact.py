"""The facts a rule asks for: their kinds, and how each is read from text, Python or a column."""

from __future__ import annotations

import difflib
import functools
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from numbers import Integral, Real
from typing import Any
from zoneinfo import ZoneInfo

from harborlight.law.amount import LARGEST_CENTS, to_cents
from harborlight.law.explanation import LawError
from harborlight.law.parameter import Law

#: Days outside these years are typing errors.
EARLIEST, LATEST = date(1700, 1, 1), date(2999, 12, 31)

_NOT_KNOWN = {"", "unknown", "?"}
_YES, _NO = {"yes", "true", "y", "1"}, {"no", "false", "n", "0"}


class Kind(ABC):
    """What values a fact can take."""

    word: str

    @abstractmethod
    def read(self, raw: Any, law: Law) -> Any:
        """One value from text or Python. Raises ValueError with the reason."""

    def allowed(self, law: Law) -> tuple[str, ...]:
        """The values to choose from, or nothing where there are too many to list."""
        return ()

    def lists(self, law: Law) -> str:
        """What can be written, in words."""
        return ", ".join(self.allowed(law)) or self.word


class YesNo(Kind):
    """True or false."""

    word = "yes or no"

    def read(self, raw: Any, law: Law) -> bool:
        """Read yes, no, true, false."""
        if isinstance(raw, bool):
            return raw
        text = str(raw).strip().casefold()
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise ValueError(f"{raw!r} is neither yes, no nor unknown")


class Day(Kind):
    """A day of the calendar."""

    word = "a day, YYYY-MM-DD"

    def read(self, raw: Any, law: Law) -> date:
        """Read an ISO day."""
        if isinstance(raw, datetime):
            raise ValueError(f"{raw.isoformat()} is a moment; a day is asked for")
        if isinstance(raw, date):
            day = raw
        else:
            text = str(raw).strip()
            try:
                if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                    raise ValueError
                day = date.fromisoformat(text)
            except ValueError:
                raise ValueError(f"{text!r} is no day of the calendar; write YYYY-MM-DD") from None
        if not EARLIEST <= day <= LATEST:
            raise ValueError(f"{day} is not between {EARLIEST} and {LATEST}")
        return day


class Moment(Kind):
    """A moment with its time zone."""

    word = (
        "a moment with its time zone, as 2024-03-08T16:30-06:00 or "
        "2024-03-08T16:30[America/Chicago]"
    )

    def read(self, raw: Any, law: Law) -> datetime:
        """Read a moment; one without a time zone, or that a clock skipped, is refused."""
        moment = raw if isinstance(raw, datetime) else self._from_text(str(raw).strip())
        if moment.utcoffset() is None:
            raise ValueError(f"{raw} has no time zone; write {self.word.removeprefix('a ')}")
        if not EARLIEST <= moment.date() <= LATEST:
            raise ValueError(f"{moment.date()} is not between {EARLIEST} and {LATEST}")
        return moment

    def _from_text(self, text: str) -> datetime:
        bare, _, zone = text.partition("[")
        try:
            moment = datetime.fromisoformat(bare.strip())
        except ValueError:
            raise ValueError(f"{text!r} is no moment; write {self.word}") from None
        if not zone:
            return moment
        try:
            place = ZoneInfo(zone.removesuffix("]").strip())
        except (ValueError, OSError, KeyError):
            raise ValueError(f"{zone.removesuffix(']')!r} is no time zone") from None
        if moment.tzinfo is not None:
            there = moment.astimezone(place)
            if there.utcoffset() != moment.utcoffset():
                raise ValueError(f"{bare.strip()} is not the time of {place.key} on that day")
            return there
        local = moment.replace(tzinfo=place)
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            raise ValueError(
                f"clocks in {place.key} changed then: {bare.strip()} came twice or never; "
                "write it with its offset from UTC"
            )
        return local


@dataclass(frozen=True, slots=True)
class Money(Kind):
    """An amount, zero or more."""

    word = "an amount of money, as 5000 or $5,000.00"

    def read(self, raw: Any, law: Law) -> int:
        """Read dollars from text, or cents from an integer; a float is refused."""
        if isinstance(raw, Integral) and not isinstance(raw, bool):
            cents = int(raw)
        elif isinstance(raw, Real):
            raise ValueError(f"{raw!r} is no money: give integer cents, or text as $5,000.00")
        else:
            cents = to_cents(str(raw))
        if cents < 0:
            raise ValueError(f"{raw!r} is negative; money is zero or more")
        if cents > LARGEST_CENTS:
            raise ValueError(f"{raw!r} is more than any amount here")
        return cents


@dataclass(frozen=True, slots=True)
class Count(Kind):
    """A whole number."""

    least: int = 0
    most: int = 100_000

    @property
    def word(self) -> str:  # type: ignore[override]
        """What can be written."""
        return f"a whole number from {self.least} to {self.most:,}"

    def read(self, raw: Any, law: Law) -> int:
        """Read a whole number."""
        if isinstance(raw, bool | float):
            raise ValueError(f"{raw!r} is no whole number")
        text = str(raw).strip()
        if not re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
            raise ValueError(f"{text!r} is no whole number")
        number = int(text)
        if not self.least <= number <= self.most:
            raise ValueError(f"{number} is not {self.word}")
        return number


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Kind):
    """One of some words, or (with ``node``) one of the names below a branch of the law."""

    options: tuple[str, ...] = ()
    node: str = ""
    also: tuple[tuple[str, str], ...] = ()  # other words for the options
    word = "one of the words listed"

    def allowed(self, law: Law) -> tuple[str, ...]:
        """The words to choose from."""
        return self.options or law.node(self.node).children

    def read(self, raw: Any, law: Law) -> str:
        """Read a word, forgiving in case, spaces and points."""
        table = _spellings(self, law)
        if type(raw) is str and raw in table:
            return table[raw]
        for spelling in _shorter(str(raw)):
            if spelling in table:
                return table[spelling]
        options = self.allowed(law)
        begun = _shorter(str(raw))[-1]
        near = [each for each in options if begun and _squeezed(each).startswith(begun)][:3]
        near = near or difflib.get_close_matches(str(raw), options, 1, 0.5)
        hint = f"; did you mean {' or '.join(near)}?" if near else "."
        shown = f"{', '.join(options[:60])}{' and more' if len(options) > 60 else ''}"
        raise ValueError(f"{str(raw)!r} is not known{hint} Known: {shown}")


@dataclass(frozen=True, slots=True)
class Weeks(Kind):
    """Weeks of work with their hours, in hundredths of an hour."""

    word = (
        "weeks by their first day with the hours worked, as 2017-01-02:60, 2017-01-09:55.5; "
        "2017-01-02..2017-06-26:60 for each week from the first to the last; 30+20 for the hours "
        "before and after a change of the wage inside the week"
    )

    def read(self, raw: Any, law: Law) -> tuple[tuple[date, tuple[int, ...]], ...]:
        """Read weeks, sorted; two weeks may not overlap."""
        if isinstance(raw, tuple):
            return raw
        weeks: list[tuple[date, tuple[int, ...]]] = []
        for entry in str(raw).split(","):
            days, colon, hours = entry.strip().rpartition(":")
            if not colon:
                raise ValueError(f"{entry.strip()!r}: write {self.word}")
            first, _, last = days.partition("..")
            begins = Day().read(first, law)
            ends = Day().read(last, law) if last else begins
            if ends < begins:
                raise ValueError(f"{days}: the last week is before the first")
            worked = tuple(self._hours(part) for part in hours.split("+"))
            if len(worked) > 2 or sum(worked) > _HOURS_IN_A_WEEK:
                raise ValueError(f"{hours!r}: more hours than a week has, or more than two parts")
            while begins <= ends:
                weeks.append((begins, worked))
                begins += timedelta(weeks=1)
        weeks.sort()
        for (one, _), (other, _) in pairwise(weeks):
            if other - one < timedelta(weeks=1):
                raise ValueError(f"the weeks of {one} and {other} overlap")
        return tuple(weeks)

    def _hours(self, text: str) -> int:
        found = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2}))?", text.strip(), re.ASCII)
        if not found:
            raise ValueError(f"{text!r} are no hours; write 60 or 55.25")
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


_HOURS_IN_A_WEEK = timedelta(weeks=1) // timedelta(hours=1) * 100


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a rule. ``default_on``: where not given, it is the day asked about."""

    name: str
    kind: Kind
    text: str
    default_on: bool = False

    def read(self, raw: Any, law: Law) -> Any:
        """One value, or None where unknown. Raises LawError that names this fact."""
        if raw is None or (isinstance(raw, str) and raw.strip().casefold() in _NOT_KNOWN):
            return None
        try:
            return self.kind.read(raw, law)
        except ValueError as error:
            raise LawError(self.name, str(error)) from None


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9()]", "", text.casefold())


def _shorter(text: str) -> list[str]:
    """A spelling, then the same without its subsections, in parentheses or as subd."""
    whole = _squeezed(text).replace("minnstat", "")
    tries = [whole, re.sub(r"\(.*", "", whole)]
    tries.append(re.sub(r"subd.*", "", tries[-1]))
    return tries


@functools.lru_cache(maxsize=256)
def _spellings(choice: Choice, law: Law) -> dict[str, str]:
    table: dict[str, str] = {}
    for option in choice.allowed(law):
        table[_squeezed(option)] = option
    for word, option in choice.also:
        table.setdefault(_squeezed(word), option)
    if choice.node:
        node = law.node(choice.node)
        for option in node.children:
            below = f"{choice.node}.{option}"
            words = list(node.aliases.get(option, ()))
            if below not in law:
                words.append(law.node(below).description)
            for word in words:
                table.setdefault(_squeezed(word), option)
    table.pop("", None)
    return table
