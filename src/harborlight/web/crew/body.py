"""What a report of a crew says: the fields, by version of the schema. Old ones are read for ever.

Schema 2 is today's. Schema 1 had `route` as one text ("MSP-ORD") and `notes` for all that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from harborlight.web.frame import strict_json

CURRENT = 2

#: Fields of schema 2 and what they may hold. A longer text is kept whole, and never cut.
TEXTS = (
    "airline",
    "flight",
    "seats",
    "origin",
    "destination",
    "connection",
    "gate",
    "arrival",
    "tail",
    "heard",
    "heard_at",
    "description",
    "inferred",
    "contact",
    "when",
)


class BodyError(Exception):
    """The bytes are not a report of any schema. The message names no content."""


@dataclass(frozen=True)
class Body:
    """A report as it is read."""

    schema: int
    danger: bool
    origin: str
    """staff or passenger: who saw it first."""
    day: date | None
    texts: dict[str, str]
    observed: list[dict[str, str]]
    """What was seen: `at` (a time as it was told) and `what`."""
    told: list[dict[str, str]]
    """Who was told already: `who`, `how`, `at`."""
    reasons: list[str] = field(default_factory=list)
    """Codes of what can be observed, of `reasons.yaml`."""
    tell: list[str] = field(default_factory=list)
    """Agencies of the site that the crew member chose, by key."""


def read(plain: bytes) -> Body:
    """The report in these bytes, of whichever schema. BodyError when it is none."""
    try:
        told = strict_json.loads(plain)
    except strict_json.StrictJsonError as error:
        raise BodyError(str(error)) from None
    if not isinstance(told, dict):
        raise BodyError("not an object")
    schema = told.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise BodyError("no number of a schema")
    if schema > CURRENT:
        raise BodyError(f"schema {schema} is newer than this site")
    return _read_1(told) if schema == 1 else _read_2(told)


def _read_1(told: dict[str, Any]) -> Body:
    origin, _, destination = _text(told, "route").partition("-")
    notes = _text(told, "notes")
    return Body(
        schema=1,
        danger=_flag(told, "danger"),
        origin="staff",
        day=_day(told, "date"),
        texts={
            **dict.fromkeys(TEXTS, ""),
            "flight": _text(told, "flight"),
            "seats": _text(told, "seats"),
            "origin": origin.strip(),
            "destination": destination.strip(),
        },
        observed=[{"at": "", "what": notes}] if notes else [],
        told=[],
    )


def _read_2(told: dict[str, Any]) -> Body:
    origin = _text(told, "first_seen_by") or "staff"
    if origin not in ("staff", "passenger"):
        raise BodyError("first_seen_by is neither staff nor passenger")
    return Body(
        schema=2,
        danger=_flag(told, "danger"),
        origin=origin,
        day=_day(told, "day"),
        texts={name: _text(told, name) for name in TEXTS},
        observed=_rows(told, "observed", ("at", "what")),
        told=_rows(told, "told", ("who", "how", "at")),
        reasons=[str(each) for each in _list(told, "reasons")],
        tell=[str(each) for each in _list(told, "tell")],
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BodyError(f"{name} is no text")
    return value


def _flag(told: dict[str, Any], name: str) -> bool:
    value = told.get(name, False)
    if not isinstance(value, bool):
        raise BodyError(f"{name} is neither yes nor no")
    return value


def _day(told: dict[str, Any], name: str) -> date | None:
    value = _text(told, name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BodyError(f"{name} is no date") from None


def _list(told: dict[str, Any], name: str) -> list[Any]:
    value = told.get(name, [])
    if not isinstance(value, list):
        raise BodyError(f"{name} is no list")
    return value


def _rows(told: dict[str, Any], name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    rows = _list(told, name)
    if not all(isinstance(row, dict) for row in rows):
        raise BodyError(f"{name} has something that is no row")
    return [{column: _text(row, column) for column in columns} for row in rows]
