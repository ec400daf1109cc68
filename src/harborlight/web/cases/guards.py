"""What is asked before somebody gets a part in a case. Apps above add their guards here.

A guard looks at an involvement that is about to be written, and raises `Refused` where it may not
be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harborlight.web.cases.persons import Involvement

_guards: dict[str, Callable[[Involvement], None]] = {}


def add(name: str, guard: Callable[[Involvement], None]) -> None:
    """Add a guard. Adding the same name again replaces it."""
    _guards[name] = guard


def check(involvement: Involvement) -> None:
    """Ask every guard."""
    for guard in _guards.values():
        guard(involvement)
