"""What of the crews' reports waits for a member, and what a search of theirs finds."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.crew import staff
from harborlight.web.crew.models import CrewReport
from harborlight.web.frame.waiting import Found, Waiting


def waiting(member: Member) -> Iterator[Waiting]:
    """Reports that nobody opened, and what could not be read."""
    if may(member, "crew_report", "list"):
        rows = reachable(CrewReport, member, "crew_report", "list")
        unread = rows.filter(opened_at__isnull=True)
        yield Waiting(
            _("Crew reports that nobody has opened"),
            unread.count(),
            reverse("crew:queue"),
            late=unread.filter(escalated_at__isnull=False).count(),
        )
    if may(member, "quarantine", "open"):
        kept = staff.waiting_in_quarantine(member)
        yield Waiting(
            _("Crew reports that could not be read"),
            kept.count(),
            reverse("crew:queue"),
            late=kept.filter(escalated_at__isnull=False).count(),
        )


def search(member: Member, words: str) -> Iterator[Found]:
    """A report by the beginning of its number."""
    if len(words) < 6 or not may(member, "crew_report", "open"):
        return
    rows = reachable(CrewReport, member, "crew_report", "open").filter(id__istartswith=words)
    for report in rows[:10]:
        yield Found(_("Crew report"), str(report), reverse("crew:show", args=[report.pk]))
