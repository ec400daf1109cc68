"""The timeline of a case: moments from every app that has some, merged by time.

An app above adds its source in AppConfig.ready:

    timeline.add_source("referral", at_case.moments)

A source is a function of the case and of the member who looks; it gives only what that member may
see. What must be opened to be shown is given as a function, so that only the moments of one page
are opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise

if TYPE_CHECKING:
    from harborlight.web.accounts.models import Member
    from harborlight.web.cases.models import Case


@dataclass(frozen=True)
class Moment:
    """Something that happened: when, what, and where more of it is."""

    at: datetime | None
    """None: the day is not known."""
    what: str | Promise
    detail: str | Promise | Callable[[], str] = ""
    url: str = ""
    whole_day: bool = False
    """Whether the day alone is known."""

    def told(self) -> str:
        """The detail, opened if it must be. Within an act."""
        detail = self.detail
        if isinstance(detail, str | Promise):
            return str(detail)
        return detail()


Source = Callable[["Case", "Member"], Iterable[Moment]]
_sources: dict[str, Source] = {}


def add_source(name: str, source: Source) -> None:
    """Add a source. The same name again replaces it."""
    _sources[name] = source


def moments(case: Case, member: Member) -> list[Moment]:
    """All that this member may see of the case's time: the last first, days not known at the
    end."""
    told = [each for source in _sources.values() for each in source(case, member)]
    known = [each for each in told if each.at is not None]
    unknown = [each for each in told if each.at is None]
    return sorted(known, key=_when, reverse=True) + unknown


def on_day(day: date | None) -> datetime | None:
    """The start of a day here, by which it is put in order."""
    return None if day is None else timezone.make_aware(datetime.combine(day, time.min))


def _when(moment: Moment) -> datetime:
    assert moment.at is not None  # noqa: S101 - asked by the caller
    return moment.at


def opened(shown: Iterable[Moment]) -> Iterator[tuple[Moment, str]]:
    """Each moment with its detail. Within an act."""
    return ((each, each.told()) for each in shown)
