"""What waits for a member today, and what a search finds: each app adds its part in
AppConfig.ready.

A part is a function of the member (and of the words looked for). It gives only what the member may
see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: how many, of what, and where it is done. Late ones come first."""

    label: Text
    count: int
    url: str
    late: int = 0
    due: datetime | None = None


@dataclass(frozen=True)
class Found:
    """One thing that a search found. The title shows nothing that the member may not read."""

    kind: Text
    title: Text
    url: str
    detail: Text = ""


type_of_waiting = Callable[[Any], Iterable[Waiting]]
type_of_search = Callable[[Any, str], Iterable[Found]]
_waiting: dict[str, type_of_waiting] = {}
_searches: dict[str, type_of_search] = {}


def add_waiting(key: str, part: type_of_waiting) -> None:
    """Add a part of the first page."""
    _waiting[key] = part


def add_search(key: str, part: type_of_search) -> None:
    """Add a part of the search."""
    _searches[key] = part


def waits_for(member: Any) -> list[Waiting]:
    """All that waits for this member, late things first."""
    told = [each for part in _waiting.values() for each in part(member) if each.count]
    return sorted(told, key=lambda each: (-each.late, str(each.label)))


def search(member: Any, words: str) -> list[Found]:
    """All that this member may see and that the words find."""
    return [each for part in _searches.values() for each in part(member, words)]
