"""What waits for prosecutors, and the link on a case's page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may
from harborlight.web.cases.links import Link
from harborlight.web.cases.models import Case
from harborlight.web.frame.waiting import Waiting
from harborlight.web.prosecution.models import Arrest, Charge


def waiting(member: Any) -> Iterator[Waiting]:
    """Arrests presented that nobody charged yet; charges that have not ended."""
    if not may(member, "charge", "file"):
        return
    url = reverse("prosecution:arrests")
    presented = Arrest.objects.filter(
        prosecuting=member.agency_id, charges=None, involvement__ended_at=None
    )
    yield Waiting(_("Arrests presented, not charged"), presented.count(), url)
    running = Charge.objects.filter(
        agency=member.agency_id, disposition=None, involvement__ended_at=None
    )
    yield Waiting(_("Charges that have not ended"), running.count(), url)


def links(case: Case, member: Any) -> Iterator[Link]:
    """Where an arrest of somebody in the case is kept."""
    if may(member, "arrest", "add", case):
        yield Link(_("Keep an arrest"), reverse("prosecution:add", args=[case.pk]))
