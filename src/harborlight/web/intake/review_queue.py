"""The triage queue: what it shows, in which order. Made of labels alone; nothing is opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import when
from harborlight.web.intake.clock import late
from harborlight.web.intake.labels import ENDED, Age, Danger
from harborlight.web.intake.models import Holding, Report

SHOWN: dict[str, Promise] = {
    "open": _("Open"),
    "unread": _("Unread"),
    "mine": _("Assigned to me"),
    "ended": _("Ended"),
}

#: Review order: danger first; then those in which somebody may be under 18 (unknown counts as so);
#: then the one that has waited longest.
_BY_DANGER = [Danger.NOW, Danger.SOON, Danger.UNKNOWN, Danger.NO]


@dataclass(frozen=True)
class Line:
    """One line of the queue."""

    report: Report
    unread: bool
    late: bool
    assigned: Member | None
    stranded: bool
    """Assigned to somebody who has left."""


def holdings(member: Member) -> QuerySet[Holding]:
    """What the member's agency has of reports that the member may see in the queue."""
    reports = reachable(Report, member, "report", "list")
    return Holding.objects.filter(agency=member.agency_id, report__in=reports)


def rows(member: Member, show: str) -> QuerySet[Holding]:
    """The queue of the member's agency, one of `SHOWN`, in review order."""
    found = holdings(member).select_related("report", "assigned__user")
    if show == "ended":
        return found.filter(report__status__in=ENDED).order_by("-report__ended")
    if show == "unread":
        found = found.filter(read__isnull=True)
    else:
        found = found.exclude(report__status__in=ENDED, read__isnull=False)
    if show == "mine":
        found = found.filter(assigned=member)
    return found.order_by(
        Case(
            *(When(report__danger=each, then=Value(i)) for i, each in enumerate(_BY_DANGER)),
            default=Value(9),
            output_field=IntegerField(),
        ),
        Case(
            When(report__age=Age.ADULT, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        F("report__received"),
    )


def lines(holdings: Iterable[Holding]) -> list[Line]:
    """What the queue shows of these."""
    now = when()
    return [_line(each, now) for each in holdings]


def _line(holding: Holding, now: datetime) -> Line:
    assigned = holding.assigned
    left = assigned is not None and (
        (assigned.until is not None and assigned.until <= now) or not assigned.user.is_active
    )
    return Line(
        report=holding.report,
        unread=holding.read is None,
        late=late(holding, holding.report.danger, now),
        assigned=assigned,
        stranded=left,
    )
