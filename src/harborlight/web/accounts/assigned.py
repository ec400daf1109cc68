"""What is assigned to people: each app says what it assigns, so that leaving leaves nothing behind.

An app adds, in AppConfig.ready:

    assigned.add(Assigned("reports", _("reports"), count=..., reassign=...))

`count(member)` gives how many open things are assigned to the member. `reassign(old, new)` gives
them to the new member, or to nobody (None: back to the agency's queue), within the act that is
open, and returns how many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from harborlight.web.accounts.models import Member


@dataclass(frozen=True)
class Assigned:
    """One kind of thing that is assigned to people."""

    key: str
    label: str | Promise
    count: Callable[[Member], int]
    reassign: Callable[[Member, Member | None], int]


_kinds: dict[str, Assigned] = {}


def add(kind: Assigned) -> None:
    """Add a kind. Adding the same key again replaces it."""
    _kinds[kind.key] = kind


def waiting_with(member: Member) -> list[tuple[Assigned, int]]:
    """What is assigned to this member, with how many, of each kind that there is any of."""
    counted = [(kind, kind.count(member)) for kind in _kinds.values()]
    return [(kind, number) for kind, number in counted if number]


def reassign_all(old: Member, new: Member | None) -> int:
    """Give all that is assigned to one member to another, or to nobody. Within an act."""
    return sum(kind.reassign(old, new) for kind in _kinds.values())
