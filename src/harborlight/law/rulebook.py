"""The rules by name, and the two ways to ask one: a single case, or columns of cases."""

from __future__ import annotations

import difflib
import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from harborlight.law.column import Refusal, read_column
from harborlight.law.explanation import Answer, Explanation, LawError, Scalar
from harborlight.law.fact import Day, Fact
from harborlight.law.parameter import Law, current_law
from harborlight.law.question import Answered, Case, Population, Question
from harborlight.law.value import UNKNOWN, Array, Many, One

ON = Fact("on", Day(), "the day asked about")

_RULES: dict[str, Rule] = {}


@dataclass(frozen=True)
class Rule:
    """One question that can be asked."""

    name: str
    group: str
    question: str
    facts: tuple[Fact, ...]
    answers: str  # what an answer is, in words
    unit: str  # "cents" where answers are money
    columnar: bool  # False: columns are asked row by row
    work: Callable[[Any], Answered]
    by_name: dict[str, Fact] = field(default_factory=dict)
    reads: tuple[str, ...] = ()  # branches of law that only facts lead to

    def stands_on(self, law: Law) -> tuple[str, ...]:
        """The citations it reads whatever the facts are, and those of the branches it names."""
        found = [each.citation for each in ask(self.name, law=law).citations]
        for branch in self.reads:
            found += [
                each.values[-1].cited.citation
                for each in law
                if each.path == branch or each.path.startswith(f"{branch}.")
            ]
        return tuple(dict.fromkeys(found))

    def to_dict(self, law: Law) -> dict[str, Any]:
        """The rule and its facts in plain types."""
        return {
            "rule": self.name,
            "group": self.group,
            "question": self.question,
            "answers": self.answers,
            "stands_on": list(self.stands_on(law)),
            "facts": [
                {
                    "name": each.name,
                    "type": type(each.kind).__name__.lower(),
                    "write": each.kind.word,
                    "allowed": list(each.kind.allowed(law)),
                    "text": each.text,
                    "if_missing": "the day asked about" if each.default_on else "unknown",
                }
                for each in self.facts
            ],
        }


def rule(
    name: str,
    *,
    group: str,
    question: str,
    facts: Sequence[Fact],
    answers: str = "yes, no or unknown",
    unit: str = "",
    columnar: bool = True,
    reads: Sequence[str] = (),
) -> Callable[[Callable[[Any], Answered]], Rule]:
    """Enter a function in the book of rules."""

    def enter(work: Callable[[Any], Answered]) -> Rule:
        if name in _RULES:
            raise ValueError(f"two rules are called {name}")
        names = {each.name: each for each in facts}
        made = Rule(
            name, group, question, tuple(facts), answers, unit, columnar, work, names, tuple(reads)
        )
        _RULES[name] = made
        return made

    return enter


def rules() -> list[Rule]:
    """Every rule, grouped."""
    _load()
    return sorted(_RULES.values(), key=lambda each: each.group)


@functools.cache
def _load() -> None:
    package = importlib.import_module("harborlight.law.provisions")
    for module in sorted(each.name for each in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"harborlight.law.provisions.{module}")


def find_rule(name: str) -> Rule:
    """A rule by name. Raises LawError on field ``rule``."""
    _load()
    found = _RULES.get(name) or _RULES.get(name.strip().replace("_", "-"))
    if found is None:
        near = difflib.get_close_matches(name, _RULES, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise LawError("rule", f"no rule is called {name!r}{hint} (see: harborlight law rules)")
    return found


def book_of(reform: str | None, law: Law | None = None) -> Law:
    """The law asked of: what comes with Harborlight or ``law``, under a reform if one is named."""
    book = law or current_law()
    return book.with_reform(reform) if reform else book


def ask(
    rule: str,
    on: date | str | None = None,
    facts: Mapping[str, Any] | None = None,
    *,
    reform: str | None = None,
    law: Law | None = None,
) -> Explanation:
    """Ask a rule of one case.

    ``on`` is the day asked about (today where not given); facts not given are unknown. Text is
    read as on the command line, where money is in dollars; integers for money are cents. Raises
    LawError with the field at fault.
    """
    asked = _RULES.get(rule) or find_rule(rule)
    book = current_law() if reform is None and law is None else book_of(reform, law)
    given = facts or {}
    names = asked.by_name
    for name in given:
        if name not in names:
            raise unknown_fact(asked, name)
    if on is None:
        day = date.today()
    else:
        day = on if type(on) is date else ON.read(on, book)
        if day is None:
            raise LawError("on", "the day asked about cannot be unknown")
    read: dict[str, One] = {}
    for name, each in names.items():
        if name in given:
            value = each.read(given[name], book)
            read[name] = One(value) if value is not None else One(None, frozenset((name,)))
        elif each.default_on:
            read[name] = One(day)
        else:
            read[name] = One(None, frozenset((name,)))
    case = Case(book, day, read)
    return _explained(asked, case, asked.work(case))


def unknown_fact(asked: Rule, name: str) -> LawError:
    """The error for a fact that a rule does not take."""
    near = difflib.get_close_matches(name, asked.by_name, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return LawError(
        name,
        f"{asked.name} takes no such fact{hint} It takes: " + (", ".join(asked.by_name) or "none"),
    )


def _explained(asked: Rule, case: Case, answered: Answered) -> Explanation:
    answer: Answer
    if isinstance(answered, One):
        answer = _plain(answered)
        needs = answered.needs
    else:
        assert isinstance(answered, Mapping)  # noqa: S101
        parts = {name: each for name, each in answered.items() if isinstance(each, One)}
        answer = {name: _plain(each) for name, each in parts.items()}
        needs = frozenset[str]().union(*(each.needs for each in parts.values()))
    wanted = tuple(sorted(needs)) if needs else ()
    conclusion = case.conclusion
    if wanted:
        conclusion = f"{conclusion or 'Unknown.'} {ask_for(wanted)}"
    steps = case.steps
    for cited in case.cited.values():
        if cited.verified in ("weak", "unknown"):
            steps.append(
                f"Check before relying on it ({cited.verified}): {cited.citation}, "
                f"{cited.parameter}. {cited.note}".rstrip()
            )
        elif cited.value is None and cited.note:
            steps.append(f"What is known of {cited.citation} then: {cited.note}")
    book = case.book
    if book.reform:
        steps = [
            f"Asked under the reform {book.reform}, which is not law: {book.reform_text}",
            *steps,
        ]
    day = case.on.value
    return Explanation(
        asked.name,
        asked.question,
        day,
        answer,
        conclusion,
        wanted,
        tuple(steps),
        tuple(case.cited.values()),
        asked.unit,
        {name: _plain(each) for name, each in case.details.items()} if case.details else {},
        book.reform,
    )


def ask_for(wanted: Sequence[str]) -> str:
    """What to do about what is unknown: ask for facts, look up law."""
    facts = [each for each in wanted if "." not in each]
    law = [each for each in wanted if "." in each]
    told = [f"Ask for: {', '.join(facts)}."] if facts else []
    if law:
        told.append(
            f"{'Or look' if facts else 'Look'} up, for no source was found: {', '.join(law)}."
        )
    return " ".join(told)


def _plain(one: One) -> Scalar:
    """A value for an answer: unknown where something would settle it, none where nothing can."""
    if one.value is None:
        return UNKNOWN if one.needs else None
    value: Scalar = one.value
    return value


@dataclass(frozen=True)
class Answers:
    """Answers for many cases.

    ``values`` holds the answers (zero, false or the earliest day where there is none), ``unknown``
    says where the answer is unknown, and ``refused`` where the row could not be asked; ``why``
    holds a reason by row number. ``parts`` are the answers of rules that answer in parts.
    """

    rule: str
    values: Array
    unknown: Array
    refused: Array
    why: Mapping[int, tuple[str, str]]
    parts: Mapping[str, Array] = field(default_factory=dict)
    details: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.unknown)


def ask_many(
    rule: str,
    on: Any,
    facts: Mapping[str, Any],
    *,
    reform: str | None = None,
    law: Law | None = None,
) -> Answers:
    """Ask a rule of many cases, each row on its own day.

    ``on`` and each fact are a column (numpy, Arrow or a list) or one value for all rows. Rows that
    cannot be asked are told in ``refused`` and ``why`` and do not stop the others. Raises LawError
    for a fact the rule does not take, or columns of different lengths.
    """
    asked = find_rule(rule)
    book = book_of(reform, law)
    for name in facts:
        if name not in asked.by_name:
            raise unknown_fact(asked, name)
    rows = _length({"on": on, **facts})
    if not asked.columnar:
        return _row_by_row(asked, book, on, facts, rows)
    days, refusals = read_column(ON, on, book)
    unknown_day = np.broadcast_to(~days.known, (rows,)).copy()
    for told, _, _ in refusals:
        unknown_day &= ~told
    if unknown_day.any():
        refusals.append((unknown_day, "on", "the day asked about cannot be unknown"))
    columns: dict[str, Many] = {}
    for name, fact in asked.by_name.items():
        if name in facts:
            columns[name], more = read_column(fact, facts[name], book)
            refusals += more
        else:
            columns[name] = days if fact.default_on else Many.constant(None)
    people = Population(book, days, columns, rows)
    answered = asked.work(people)
    return _collected(asked, people, answered, refusals)


def _length(columns: Mapping[str, Any]) -> int:
    sizes = {
        name: len(each)
        for name, each in columns.items()
        if hasattr(each, "__len__") and not isinstance(each, str | bytes)
    }
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size}" for name, size in sizes.items())
        raise LawError(next(iter(sizes)), f"columns of different lengths: {told}")
    return next(iter(sizes.values()), 1)


def _collected(
    asked: Rule, people: Population, answered: Answered, refusals: list[Refusal]
) -> Answers:
    rows = people.rows
    refused = np.zeros(rows, dtype=bool)
    why: dict[int, tuple[str, str]] = {}
    for mask, name, reason in [*refusals, *people.refusals]:
        for row in np.flatnonzero(np.broadcast_to(mask, (rows,)) & ~refused):
            why[int(row)] = (name, reason)
        refused |= mask
    parts = dict(answered) if isinstance(answered, Mapping) else {"": answered}
    columns: dict[str, Array] = {}
    unknown = np.zeros(rows, dtype=bool)
    for name, each in parts.items():
        assert isinstance(each, Many)  # noqa: S101
        unknown = unknown | ~each.known
        columns[name] = np.broadcast_to(_worded(each), (rows,))
    details = {
        name: np.broadcast_to(_worded(each), (rows,)) for name, each in people.details.items()
    }
    unknown = np.broadcast_to(unknown, (rows,)) & ~refused
    values = columns.get("", np.zeros(rows, dtype=np.int64))
    parts_only = {name: each for name, each in columns.items() if name}
    return Answers(asked.name, values, unknown, refused, why, parts_only, details)


def _worded(column: Many) -> Array:
    if column.labels is None:
        return column.values
    words = np.array([*column.labels, ""], dtype=object)
    return np.asarray(words[np.where(column.known, column.values, len(column.labels))])


def _row_by_row(asked: Rule, book: Law, on: Any, facts: Mapping[str, Any], rows: int) -> Answers:
    lists = {name: _listed(each, rows) for name, each in {"on": on, **facts}.items()}
    values = np.full(rows, None, dtype=object)
    unknown, refused = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    why: dict[int, tuple[str, str]] = {}
    for row in range(rows):
        given = {name: lists[name][row] for name in facts}
        try:
            told = ask(asked.name, lists["on"][row], given, law=book)
        except LawError as error:
            refused[row], why[row] = True, (error.field, error.reason)
            continue
        values[row] = told.answer
        unknown[row] = bool(told.unknown)
    return Answers(asked.name, values, unknown, refused, why)


def _listed(raw: Any, rows: int) -> list[Any]:
    if isinstance(raw, str | bytes) or not hasattr(raw, "__len__"):
        return [raw] * rows
    if hasattr(raw, "to_pylist"):
        return list(raw.to_pylist())
    return list(raw.tolist()) if hasattr(raw, "tolist") else list(raw)


__all__ = ["Answers", "Question", "Rule", "ask", "ask_many", "find_rule", "rule", "rules"]
