"""What apps above offer on a case's page: each adds its links in AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from harborlight.web.accounts.models import Member
    from harborlight.web.cases.models import Case


@dataclass(frozen=True)
class Link:
    """A button on the page of a case."""

    label: str | Promise
    url: str


_parts: dict[str, Callable[[Case, Member], Iterable[Link]]] = {}


def add(name: str, part: Callable[[Case, Member], Iterable[Link]]) -> None:
    """Add a part; it gives only what the member may do. The same name again replaces it."""
    _parts[name] = part


def links(case: Case, member: Member) -> list[Link]:
    """All links that this member has on this case."""
    return [link for part in _parts.values() for link in part(case, member)]
