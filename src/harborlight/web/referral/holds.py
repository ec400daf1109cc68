"""Holding a free place for a set time. No place is ever held twice.

A hold locks the row of the places it takes one of; what is free is what was said to be free, less
the holds whose time is ahead. So a hold that has run out frees its place at that moment, whether
or not the job that writes so has run.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import SYSTEM, Refused, act, when
from harborlight.web.directory.models import Beds
from harborlight.web.referral.models import Hold, HoldState

#: For how long a place may be held, and for how long it is if nothing else is said.
LONGEST, USUAL = timedelta(hours=48), timedelta(hours=4)


def hold(beds_key: int, member: Member, length: timedelta = USUAL) -> Hold:
    """Hold one place, within an act. Refused when none is free, or for too long a time."""
    if not timedelta(0) < length <= LONGEST:
        hours = int(LONGEST.total_seconds() // 3600)
        raise Refused(_("A place can be held for up to %(hours)d hours.") % {"hours": hours})
    beds = Beds.objects.select_for_update().get(pk=beds_key)
    now = when()
    if free_places([beds.pk], now)[beds.pk] < 1:
        raise Refused(_("No place is free any more."), record=beds)
    made = Hold(beds=beds, agency=member.agency, member=member, made_at=now, until=now + length)
    made.save()
    return made


def free_places(beds: Collection[int], now: datetime | None = None) -> dict[int, int]:
    """How many places are free and not held, for each of these. Never below 0."""
    active = Q(holds__state=HoldState.HELD, holds__until__gt=now or when())
    rows = Beds.objects.filter(pk__in=beds).annotate(held=Count("holds", filter=active))
    return {key: max(0, said - held) for key, said, held in
            rows.order_by().values_list("pk", "available", "held")}  # fmt: skip


def release(held: Hold) -> None:
    """Give a place back before its time, within an act."""
    _end(held, HoldState.RELEASED)


def use(held: Hold) -> None:
    """The person came, within an act: the place is taken, until the provider says anew."""
    _end(held, HoldState.USED)
    Beds.objects.filter(pk=held.beds_id, available__gt=0).update(available=F("available") - 1)


def _end(held: Hold, state: HoldState) -> None:
    Beds.objects.select_for_update().get(pk=held.beds_id)
    held.refresh_from_db()
    if held.state != HoldState.HELD or held.until <= when():
        raise Refused(_("This hold has ended already."), record=held)
    held.state, held.ended_at = state, when()
    held.save()


def expire() -> int:
    """The job: write of each hold that has run out that it did. May be run twice at no harm."""
    due = Hold.objects.filter(state=HoldState.HELD, until__lte=when())
    keys = list(due.values_list("pk", flat=True)[:1000])
    if keys:
        with act(SYSTEM, "hold.expire"):
            for held in Hold.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
                if held.state == HoldState.HELD:
                    held.state, held.ended_at = HoldState.EXPIRED, held.until
                    held.save()
    return len(keys)
