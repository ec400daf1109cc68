"""The menu of staff: each app adds its places in its AppConfig.ready, and a member sees their own.

add(Place("leads", _("Leads"), "leads:queue", thing="lead", action="list"))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Place:
    """One entry of the menu: the name of a URL, and the permission that one needs there."""

    key: str
    label: str | Promise
    url: str
    thing: str
    action: str


_places: list[Place] = []
_check: list[Callable[[Any, str, str], bool]] = []


def add(place: Place) -> None:
    """Add a place. Adding the same key again replaces it."""
    _places[:] = [*(each for each in _places if each.key != place.key), place]


def check_with(may: Callable[[Any, str, str], bool]) -> None:
    """Tell the frame how permissions are asked. The frame itself knows none."""
    _check[:] = [may]


def places_for(member: Any) -> list[Place]:
    """The places that this member may go to."""
    if not _check:
        return []
    return [each for each in _places if _check[0](member, each.thing, each.action)]
