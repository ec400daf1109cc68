"""What the records of rooms above say an operation came to, as numbers alone."""

from __future__ import annotations

from collections.abc import Callable

from harborlight.web.operations.models import Operation

Counted = list[tuple[str, int]]

_counts: dict[str, Callable[[Operation], Counted]] = {}


def add(name: str, count: Callable[[Operation], Counted]) -> None:
    """Add what is counted: a function from an operation to labels with numbers."""
    _counts[name] = count


def counted(operation: Operation) -> Counted:
    """All labels with their numbers, of all agencies that took part. Names nobody."""
    return [each for count in _counts.values() for each in count(operation)]
