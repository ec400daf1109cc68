"""Free places: how many were said to be free, when, by whom, and whether that is too old."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused, when
from harborlight.web.directory.keeping import keep
from harborlight.web.directory.models import Beds, Record, View
from harborlight.web.directory.projection import Projection, of_member
from harborlight.web.directory.unpack import Package, Row

#: Up to this age what was said of free places counts as known.
STALE = timedelta(hours=24)

_free: list[Callable[[Collection[int]], dict[int, int]]] = []


def count_free_with(free: Callable[[Collection[int]], dict[int, int]]) -> None:
    """Tell how many of some places are free and not held. The directory itself knows no holds."""
    _free[:] = [free]


@dataclass(frozen=True)
class Said:
    """What is shown of the free places of one kind."""

    beds: Beds
    free: int
    """Said to be free, less those that are held."""
    stale: bool

    @property
    def at(self) -> datetime:
        return self.beds.said_at


def said(projection: Projection, service: Record) -> list[Said]:
    """The free places of a service, as far as the view may have them."""
    rows = projection.beds(service)
    free = _free[0]([each.pk for each in rows]) if _free and rows else {}
    now = when()
    return [Said(b, free.get(b.pk, b.available), now - b.said_at > STALE) for b in rows]


def say(beds: Beds, available: int, member: Member) -> None:
    """Say how many places are free now, within an act. Refused above what there are at all."""
    from django.utils.translation import gettext as _

    if beds.maximum is not None and available > beds.maximum:
        raise Refused(_("There are only %(n)d places.") % {"n": beds.maximum}, record=beds)
    record, now = beds.capacity, when()
    (data,) = of_member(member).contents([record]).values()
    changed = {**data, "available": available, "updated": now.isoformat()}
    if record.shown_to == View.PUBLIC:
        # A number and a time give nothing away, so that the agency's other records need no look.
        record.data = changed
        record.save()
        beds.available, beds.said_at, beds.said_by = available, now, member
        beds.save()
        return
    package = Package()
    row = Row(record.table, record.key, changed, "", "")
    package.rows[row.table, row.key] = row
    keep(package, record.agency, member=member)


def stale_of(member: Member) -> int:
    """How many of the agency's own kinds of places have not been told of for too long."""
    own = Beds.objects.filter(service__agency_id=member.agency_id)
    return own.filter(said_at__lt=when() - STALE).count()
