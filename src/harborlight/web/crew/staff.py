"""What staff do with a crew's report: open it, tell others, say what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.audit.acts import SYSTEM, Refused, act
from harborlight.web.crew import body as bodies
from harborlight.web.crew.models import CrewReport, Outcome, Quarantine, Review, Version
from harborlight.web.crew.reasons import has_reason
from harborlight.web.crew.receiving import tell_agency, tell_readers

UNREAD_AFTER = timedelta(hours=1)
DANGER_AFTER = timedelta(minutes=10)
#: What could not be read may wait for its sender: staff are told of it once a day.
UNSETTLED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Reading:
    """One version as staff read it."""

    version: Version
    body: bodies.Body
    has_reason: bool


def read(report: CrewReport) -> list[Reading]:
    """All versions, opened. Within an act, which is told of the reading."""
    readings = []
    for version in report.versions.all():
        content = bodies.read(version.take("body")["body"].encode())
        seen = [row["what"] for row in content.observed] + [content.texts["heard"]]
        readings.append(Reading(version, content, has_reason(content.reasons, seen)))
    return readings


def open_report(report: CrewReport) -> list[Reading]:
    """Open a report; it is no longer unread."""
    if report.opened_at is None:
        report.opened_at = timezone.now()
        report.save(update_fields=["opened_at"])
    return read(report)


def settle(report: CrewReport, member: Member, outcome: str, why: str, lesson: str = "") -> None:
    """Say what came of it, with the reason. An unfounded one asks for the same as the others."""
    if outcome not in Outcome.values or outcome == Outcome.RECEIVED:
        raise ValueError(outcome)
    if not why.strip():
        raise Refused("an outcome needs a reason", record=report)
    report.outcome = outcome
    report.save(update_fields=["outcome"])
    review = Review(report=report, outcome=outcome, by=member, at=timezone.now())
    review.put(why=why.strip(), lesson=lesson.strip())
    review.save()


def tell_more(report: CrewReport, member: Member, agency: Agency) -> bool:
    """Give the report to one more agency; False when it has it already."""
    return tell_agency(report, agency, member.actor) is not None


def unread() -> models.QuerySet[CrewReport]:
    """Reports that nobody opened in time, and that were not escalated within that time either."""
    now = timezone.now()
    late = models.Q(danger=True, received_at__lte=now - DANGER_AFTER) | models.Q(
        received_at__lte=now - UNREAD_AFTER
    )
    again = _not_escalated_since(now - UNREAD_AFTER)
    return CrewReport.objects.filter(late, again, opened_at__isnull=True)


def _not_escalated_since(moment: datetime) -> models.Q:
    return models.Q(escalated_at__isnull=True) | models.Q(escalated_at__lte=moment)


def escalate() -> int:
    """Mark as late what nobody opened or settled: it stands out for all who may open it, and staff
    are told again. Never purged."""
    done = 0
    for report in unread():
        with act(SYSTEM, "crew_report.escalate"):
            report.escalated_at = timezone.now()
            report.save(update_fields=["escalated_at"])
            for told in report.told.filter(agency__isnull=False).select_related("agency"):
                if told.agency is not None:
                    tell_readers(told.agency, "late_report")
            if report.agency is None:
                tell_readers(None, "late_report")
            done += 1
    for kept in unsettled():
        with act(SYSTEM, "quarantine.escalate"):
            kept.escalated_at = timezone.now()
            kept.save(update_fields=["escalated_at"])
            tell_readers(kept.agency, "late_report")
            done += 1
    return done


def unsettled() -> models.QuerySet[Quarantine]:
    """What could not be read, that nobody settled in time, and staff were not told of for a day."""
    now = timezone.now()
    again = _not_escalated_since(now - UNSETTLED_AGAIN_AFTER)
    return Quarantine.objects.filter(
        again, settled_at__isnull=True, received_at__lte=now - UNREAD_AFTER
    )


def waiting_in_quarantine(member: Member) -> models.QuerySet[Quarantine]:
    """What could not be read and that this member may settle."""
    return Quarantine.objects.filter(Quarantine.reach(member, "agency"), settled_at__isnull=True)
