"""What of leads waits for a member, and what the search finds of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may
from harborlight.web.frame.waiting import Found, Waiting
from harborlight.web.leads.finding import find
from harborlight.web.leads.models import Lead, Share, State

SOON = timedelta(days=14)


def waiting(member: Any) -> Iterable[Waiting]:
    """Leads to review, holds that ended, leads that are soon purged, leads that others show."""
    if not may(member, "lead", "list"):
        return
    today = timezone.localdate()
    if may(member, "lead", "hold"):
        mine = Lead.objects.filter(agency=member.agency_id)
        counted = {
            "review": mine.filter(state=State.REVIEW).count(),
            "soon": mine.filter(
                state__in=(State.REVIEW, State.HELD), purge_on__lte=today + SOON
            ).count(),
            "held": mine.filter(state=State.HELD).filter(Q(hold_until__lte=today)).count(),
        }
        queue = reverse("leads:queue")
        yield Waiting(_("Leads to review"), counted["review"], queue)
        yield Waiting(
            _("Leads whose hold has ended"), counted["held"], f"{queue}?state=held",
            late=counted["held"],
        )  # fmt: skip
        yield Waiting(_("Leads that are purged within two weeks"), counted["soon"], queue)
    shown = Share.objects.filter(agency=member.agency_id, ended__isnull=True).count()
    yield Waiting(_("Leads shown to us by others"), shown, reverse("leads:queue") + "#shown")


def search(member: Any, words: str) -> Iterable[Found]:
    """Leads by number, phone, e-mail address, account or link."""
    if not may(member, "lead", "list"):
        return
    for lead in find(member, words):
        detail = f"{lead.get_state_display()} · {lead.agency}"
        yield Found(_("Lead"), str(lead), lead.get_absolute_url(), detail)
