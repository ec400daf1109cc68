"""What an answer is made of: the conclusion, the steps to it, and the law it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from harborlight.law.value import UNKNOWN, Unknown, money

#: How far a parameter was checked, best first.
VERIFIED = ("statute", "secondary", "weak", "unknown")

Scalar = bool | int | str | date | datetime | None | Unknown
Answer = Scalar | Mapping[str, Scalar]


class LawError(ValueError):
    """A question that cannot be asked. ``field`` names the fact, the date or the rule at fault."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Citation:
    """One dated parameter that an answer stands on."""

    citation: str
    parameter: str
    value: Scalar | tuple[str, ...]  # None: not in force
    since: date | None  # None: from the beginning
    verified: str  # statute, secondary, weak or unknown
    reference: str
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain types only, ready for JSON or a page."""
        return {
            "citation": self.citation,
            "parameter": self.parameter,
            "value": plain(self.value),
            "since": plain(self.since),
            "verified": self.verified,
            "reference": self.reference,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with its reasons.

    ``answer`` is True, False, UNKNOWN, cents, a date, a moment, a word, or a mapping of named
    parts. ``unknown`` names what to ask for: facts, and (with dots in the name) parameters of law
    that were not found in any source.
    """

    rule: str
    question: str
    on: date
    answer: Answer
    conclusion: str
    unknown: tuple[str, ...]
    steps: tuple[str, ...]
    citations: tuple[Citation, ...]
    unit: str = ""  # "cents" where the answer is money
    details: Mapping[str, Scalar] = field(default_factory=dict)
    reform: str | None = None

    @property
    def verified(self) -> str:
        """How far the least checked parameter of this answer was checked."""
        worst = max((VERIFIED.index(each.verified) for each in self.citations), default=0)
        return VERIFIED[worst]

    def to_dict(self) -> dict[str, Any]:
        """Plain types only, ready for JSON or a page. Dates are ISO text, unknown is a word."""
        return {
            "rule": self.rule,
            "question": self.question,
            "on": self.on.isoformat(),
            "reform": self.reform,
            "answer": plain(self.answer),
            "unit": self.unit,
            "conclusion": self.conclusion,
            "unknown": list(self.unknown),
            "steps": list(self.steps),
            "citations": [each.to_dict() for each in self.citations],
            "verified": self.verified,
            "details": plain(self.details),
        }


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if value is UNKNOWN:
        return "unknown"
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, date):  # and datetime, which is a date
        return value.isoformat()
    return value


def in_words(value: Any, unit: str = "") -> str:
    """A value as a person reads it."""
    if value is UNKNOWN:
        return "unknown"
    if value is True:
        return "yes"
    if value is False:
        return "no"
    if value is None:
        return "none"
    if isinstance(value, tuple | list):
        return ", ".join(in_words(each) for each in value)
    if isinstance(value, int) and unit in {"cents", "money"}:
        return money(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}".rstrip()
    if isinstance(value, int) and unit == "percent":
        return f"{value}%"
    return str(value)
