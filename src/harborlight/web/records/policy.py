"""How long a closed case is kept: `retention.yaml`, or the one of the site's home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from harborlight.web.home import home
from harborlight.web.records.models import Outcome


class PolicyError(Exception):
    """The file says something that cannot be. Names file and key."""


@dataclass(frozen=True)
class Term:
    """From which day on which number of days holds. None: kept until somebody decides."""

    since: date
    days: int | None


Policy = Mapping[str, tuple[Term, ...]]


def policy() -> Policy:
    """The site's policy, read again when its file has changed."""
    path = home().folder / "retention.yaml"
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return _own("", 0)
    return _own(str(path), changed)


def term(outcome: str, closed_on: date) -> Term | None:
    """What holds for a case that ended so on that day. None: nothing is said, and it is kept."""
    told = [each for each in policy().get(outcome, ()) if each.since <= closed_on]
    return told[-1] if told else None


def due_on(outcome: str, closed_on: date) -> date | None:
    """The first day on which it may be deleted. None: never by itself."""
    found = term(outcome, closed_on)
    if found is None or found.days is None:
        return None
    return closed_on + timedelta(days=found.days)


@cache
def _own(path: str, _changed: int) -> Policy:
    name = path or "retention.yaml"
    text = (
        Path(path).read_text("utf-8")
        if path
        else (files("harborlight.web.records") / "retention.yaml").read_text("utf-8")
    )
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError:
        raise PolicyError(f"{name} is not YAML") from None
    if not isinstance(told, dict) or told.get("basis") != "choice":
        raise PolicyError(f"{name}: basis: must be choice; law is kept in harborlight.law")
    outcomes = told.get("outcomes")
    if not isinstance(outcomes, dict):
        raise PolicyError(f"{name}: outcomes: is missing")
    unknown = sorted(set(outcomes) - set(Outcome.values))
    if unknown:
        raise PolicyError(f"{name}: outcomes: {unknown[0]} is not known")
    return {key: _terms(name, key, rows) for key, rows in outcomes.items()}


def _terms(name: str, key: str, rows: Any) -> tuple[Term, ...]:
    found = []
    for row in rows if isinstance(rows, list) else [rows]:
        since = row.get("since") if isinstance(row, dict) else None
        days = row.get("days", -1) if isinstance(row, dict) else -1
        right = days is None or (type(days) is int and days > 0)
        if type(since) is not date or not right:
            raise PolicyError(
                f"{name}: outcomes: {key}: needs since: a day, days: a number or null"
            )
        found.append(Term(since, days))
    return tuple(sorted(found, key=lambda each: each.since))
