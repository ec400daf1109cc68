"""What happened to the postings of a section that a site closed.

Displacement is measured as the studies of closed sections ask for: over a fixed panel of sites with
the dates their data covers, with three outcomes (relinked, not seen, unresolved), the share of
repeated ads before and after, and an estimate of how many links are false. Ads are counted, not
people; and a poster that is not seen again has not thereby stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt

from harborlight.recognize.errors import InputError
from harborlight.recognize.runtime.tally import Ints

DAY = 86_400_000_000  # microseconds
MISSING = np.iinfo(np.int64).min  # a time that is not known
#: Posters with an ad in the section in this many days before it closed are followed for AFTER days.
BEFORE_DAYS, AFTER_DAYS = 28, 84
#: With fewer days of data after the closing, who is not seen is unresolved.
NEEDED_DAYS = 14
#: An identifier that more posters than this have is generic: it says nothing of who posts.
GENERIC = 3
#: Kinds of evidence that tie two ads, in the order they are named.
KINDS = ("template", "phone", "email", "handle", "link", "image")
CHAIN = "other ads of the organization"


@dataclass(frozen=True, order=True)
class Closed:
    """A section, or a whole site, closed from the beginning of a day (UTC)."""

    date: date
    site: str
    section: str | None = None

    def __str__(self) -> str:
        return f"{self.place}@{self.date.isoformat()}"

    @property
    def place(self) -> str:
        """SITE or SITE/SECTION."""
        return self.site if self.section is None else f"{self.site}/{self.section}"

    @property
    def at(self) -> int:
        """Microseconds since 1970 UTC."""
        day = datetime(self.date.year, self.date.month, self.date.day, tzinfo=UTC)
        return int(day.timestamp()) * 1_000_000


def parse_closed(text: str) -> Closed:
    """Read SITE[/SECTION]@YYYY-MM-DD. InputError, a ValueError of one line, when it is not that."""
    place, at, day = text.strip().rpartition("@")
    site, slash, section = place.removeprefix("https://").removeprefix("http://").partition("/")
    site, section = site.strip(), section.strip().strip("/")
    if not at or not site or (slash and not section):
        raise InputError(f"--closed wants SITE[/SECTION]@YYYY-MM-DD, not {text!r}")
    try:
        when = date.fromisoformat(day.strip())
    except ValueError:
        raise InputError(f"--closed {text!r}: {day.strip()!r} is no date YYYY-MM-DD") from None
    return Closed(when, site, section or None)


@dataclass(frozen=True)
class Coverage:
    """What the data holds of one section of one site; dates are YYYY-MM-DD (UTC)."""

    site: str
    section: str | None
    first: str | None  # None: no ad there has a date
    last: str | None
    ads: int
    undated: int


@dataclass(frozen=True)
class Outcome:
    """What became of one organization that posted in a closed section."""

    organization: int
    outcome: str  # relinked, not seen, unresolved
    reason: str  # why unresolved; else ""
    left_row: int  # row of its last ad in the section before the closing
    #: Where it was seen after, by first posting: see Destination.
    destinations: tuple[Destination, ...] = ()


@dataclass(frozen=True)
class Destination:
    """Where an organization of a closed section posted afterwards."""

    site: str
    section: str | None
    habit: str  # moved, already there, not known (the site's data begins after the closing)
    evidence: tuple[str, ...]  # kinds it shares with the closed section's ads; or CHAIN
    row: int  # its first ad there after the closing
    ads: int


@dataclass(frozen=True)
class Displacement:
    """What became of the postings in one closed section.

    Organizations are counted in relinked + not_seen + unresolved. Posters of a single ad (`lone`)
    are counted apart: nothing ties them to another ad, so they cannot be relinked.
    """

    closed: str  # SITE[/SECTION]@DATE
    relinked: int  # organizations seen again elsewhere
    not_seen: int
    unresolved: int
    moved: int  # of the relinked: seen where they had not posted before
    already_there: int  # of the relinked: seen only where they had posted before
    lone_not_seen: int
    lone_unresolved: int
    reasons: tuple[tuple[str, int], ...]  # why unresolved, organizations and lone posters
    #: Share of the relinked that would be relinked if the ads after the closing were another
    #: poster's of like volume: the mean over all such exchanges. None when none is relinked.
    false_link_rate: float | None
    #: Of organizations that were active elsewhere only: share seen somewhere new to them after.
    #: What happens without a closing, to hold `moved` against. None when there is none.
    comparison_moved: float | None
    #: Of the ads elsewhere in the weeks after, as many as were looked at before: those that are
    #: word for word an earlier one on the same site.
    spam_share: float | None
    spam_share_before: float | None
    #: (site, first, last, ads): the panel, dates YYYY-MM-DD: sites with data before and after.
    coverage: tuple[tuple[str, str, str, int], ...]
    #: (week, site, ads): weekly ads of the organizations followed; week 0 begins at the closing,
    #: and the closed section is a site of its own ("site/section"), told of every
    #: whole week watched, with 0 too.
    weekly: tuple[tuple[int, str, int], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Postings:
    """All ads as arrays, a row an ad; -1 is none."""

    when: Ints  # microseconds since 1970 UTC, or MISSING
    site: Ints
    sites: list[str]
    section: Ints
    sections: list[str]
    organization: Ints
    organizations: int
    text: npt.NDArray[np.uint64]  # a hash of the text
    #: What ties ads: the row of the ad, a number for the identifier, its place in KINDS.
    tie_row: Ints
    tie: Ints
    tie_kind: Ints

    @property
    def poster(self) -> Ints:
        """A number for who posted: the organization, or the ad itself when it is alone."""
        rows = np.arange(len(self.organization))
        return np.where(self.organization >= 0, self.organization, self.organizations + rows)

    @property
    def spot(self) -> Ints:
        """A number for site and section."""
        return (self.site + 1) * (len(self.sections) + 1) + self.section + 1

    def name_of(self, row: int) -> tuple[str, str | None]:
        """Site and section of an ad."""
        section = int(self.section[row])
        return self.sites[int(self.site[row])], self.sections[section] if section >= 0 else None


def coverage(of: Postings) -> list[Coverage]:
    """First and last date and number of ads of every section of every site, by name."""
    known = np.flatnonzero(of.site >= 0)
    spots, first_row, back = np.unique(of.spot[known], return_index=True, return_inverse=True)
    when = of.when[known]
    dated = when != MISSING
    first = np.full(len(spots), np.iinfo(np.int64).max)
    last = np.full(len(spots), MISSING)
    np.minimum.at(first, back[dated], when[dated])
    np.maximum.at(last, back[dated], when[dated])
    ads = np.bincount(back, minlength=len(spots))
    undated = np.bincount(back[~dated], minlength=len(spots))
    result = []
    for i, row in enumerate(known[first_row].tolist()):
        site, section = of.name_of(row)
        any_dated = bool(last[i] != MISSING)
        result.append(
            Coverage(
                site,
                section,
                day_of(int(first[i])) if any_dated else None,
                day_of(int(last[i])) if any_dated else None,
                int(ads[i]),
                int(undated[i]),
            )
        )
    return sorted(result, key=lambda c: (c.site, c.section or ""))


def day_of(microseconds: int) -> str:
    """YYYY-MM-DD (UTC)."""
    return (date(1970, 1, 1).fromordinal(719_163 + microseconds // DAY)).isoformat()
