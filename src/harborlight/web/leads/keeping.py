"""How long a lead is kept that nobody promoted.

28 CFR part 23 asks that criminal intelligence is reviewed and purged; files that are not yet
verified are commonly kept for a year at most. The days are settings of the site:
HARBORLIGHT_LEADS_KEEP_DAYS and HARBORLIGHT_LEADS_DISMISSED_DAYS.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from harborlight.web.leads.models import Lead, State

#: After the end of a hold there is time to decide.
AFTER_HOLD = timedelta(days=30)


def purge_on(lead: Lead) -> date | None:
    """The day from which a lead is purged, as it stands now."""
    if lead.state in (State.PROMOTED, State.MERGED):
        return None
    if lead.state == State.DISMISSED and lead.decided_at is not None:
        return _day(lead.decided_at) + timedelta(days=settings.LEADS_DISMISSED_DAYS)
    reviewed = _day(lead.evidence_at) + timedelta(days=settings.LEADS_KEEP_DAYS)
    if lead.state == State.HELD and lead.hold_until is not None:
        return max(reviewed, lead.hold_until + AFTER_HOLD)
    return reviewed


def longest_hold() -> date:
    """The last day until which a lead can be held from today: holds are reviewed yearly."""
    return timezone.localdate() + timedelta(days=settings.LEADS_KEEP_DAYS)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
