"""What goes to the receiver with a case that is handed over. Apps above add theirs here.

A function is called within the act of the last step, when the case and its people are the
receiver's already. Where it raises `Refused` nothing is handed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harborlight.web.cases.handing import Transfer

_goes: dict[str, Callable[[Transfer], None]] = {}


def when_done(name: str, go: Callable[[Transfer], None]) -> None:
    """Add what goes along. Adding the same name again replaces it."""
    _goes[name] = go


def go(transfer: Transfer) -> None:
    """Let all of it go along."""
    for each in _goes.values():
        each(transfer)
