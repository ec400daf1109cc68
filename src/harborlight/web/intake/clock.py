"""What intake does by the clock: unread reports are escalated, ended ones are erased in time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import SYSTEM, act, when
from harborlight.web.intake.configuration import configuration
from harborlight.web.intake.erasing import destroy
from harborlight.web.intake.labels import ENDED
from harborlight.web.intake.models import Holding, Report
from harborlight.web.intake.receiving import place
from harborlight.web.notices.telling import tell


def escalate() -> int:
    """Tell supervisors of what nobody has opened for too long, and again each day. What has no
    agency yet is given to one. After a stop of the site everything that became due is told once."""
    return place_those_without() + _escalate(when())


def place_those_without() -> int:
    """Give reports that came while no agency took any to one that does now."""
    done = 0
    for report in Report.objects.filter(owner__isnull=True, erased__isnull=True):
        with act(SYSTEM, "report.place"):
            done += place(report)
    return done


def late(holding: Holding, danger: str, now: datetime) -> bool:
    """Whether nobody there has opened it for longer than is allowed."""
    return holding.read is None and now - holding.since >= configuration().escalate_after[danger]


def _escalate(now: datetime) -> int:
    done = 0
    again = configuration().escalate_again
    for holding in Holding.objects.filter(read__isnull=True).select_related("report", "agency"):
        if not late(holding, holding.report.danger, now):
            continue
        if holding.escalated is not None and now - holding.escalated < again:
            continue
        with act(SYSTEM, "report.escalate"):
            locked = Holding.objects.select_for_update().get(pk=holding.pk)
            if locked.read is not None or locked.escalated != holding.escalated:
                continue  # read, or told by another worker, in this moment
            locked.escalated = now
            locked.escalations += 1
            locked.save(update_fields=["escalated", "escalations"])
            for member in supervisors(holding.agency_id):
                tell(member, "late_report")
            done += 1
    return done


def supervisors(agency_id: int) -> list[Member]:
    """Who is told: the agency's supervisors; without any, its triage officers; without these, its
    administrators, who learn that something waits and not what."""
    members = Member.objects.filter(agency=agency_id, until__isnull=True, user__is_active=True)
    for role in (Role.SUPERVISOR, Role.TRIAGE, Role.NAVIGATOR, Role.ADMINISTRATOR):
        found = list(members.filter(role=role).select_related("user").order_by("pk"))
        if found:
            return found
    return []


def erase_ended() -> int:
    """Destroy the content of what ended long enough ago: not what is held, nor what anybody who was
    given it has not opened."""
    now = when()
    keep = configuration().keep
    done = 0
    ended = Report.objects.filter(
        status__in=ENDED, erased__isnull=True, held=False, ended__isnull=False
    ).exclude(pk__in=Holding.objects.filter(read__isnull=True).values("report"))
    for report in ended.exclude(owner__isnull=True):
        days = keep[report.outcome]
        if report.ended is not None and now - report.ended >= days:
            with act(SYSTEM, "report.erase", f"kept {days.days} days after its end"):
                done += _erase(report.pk, days.days)
    return done


def _erase(key: UUID, days: int) -> bool:
    report = Report.objects.select_for_update().get(pk=key)
    if report.held or report.status not in ENDED or report.ended is None:
        return False
    destroy(report, days=days)
    return True
