"""What staff do with a report: open, label, assign, note, ask, close, hold. Each within an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.permissions import TABLE
from harborlight.web.audit.acts import Refused, when
from harborlight.web.intake.labels import ENDED, Kind, Status
from harborlight.web.intake.models import Holding, Message, Note, Report
from harborlight.web.intake.receipts import letters
from harborlight.web.intake.receiving import keyed_digest

CONTENT = tuple(
    name for name in Report.SEALED if name not in Report.SEARCHED
)  # what people wrote, without the terms found in it


@dataclass(frozen=True)
class Line:
    """A message or a version as staff read it."""

    kind: str
    at: datetime
    by: Member | None
    text: str
    version: dict[str, Any]


@dataclass(frozen=True)
class Opened:
    """A report as it is read."""

    content: dict[str, Any]
    lines: list[Line]
    notes: list[tuple[Note, str]]
    holding: Holding | None


def open_report(member: Member, report: Report) -> Opened:
    """Open the report for this member; from now on it counts as read at their agency."""
    holding = Holding.objects.filter(report=report, agency=member.agency_id).first()
    if holding is not None and holding.read is None:
        holding.read = when()
        holding.save(update_fields=["read"])
    if report.status == Status.NEW and report.owner_id == member.agency_id:
        report.status = Status.OPEN
        report.save(update_fields=["status"])
    lines = []
    for each in report.messages.select_related("by__user", "by__agency"):
        said = each.take("text", "version")
        lines.append(Line(each.kind, each.at, each.by, said["text"] or "", said["version"] or {}))
    notes = [
        (each, each.take("text")["text"])
        for each in report.notes.filter(agency=member.agency_id).select_related("by__user")
    ]
    return Opened(report.take(*CONTENT), lines, notes, holding)


def label(member: Member, report: Report, **codes: str) -> None:
    """Set labels: danger, age, category, county, language."""
    _must_own(member, report)
    for name, value in codes.items():
        setattr(report, name, value)
    report.save(update_fields=sorted(codes))


def colleagues(member: Member) -> QuerySet[Member]:
    """Members of the same agency to whom a report can be assigned."""
    roles = list(TABLE["report", "open"].who)
    return Member.objects.filter(
        Q(until__isnull=True) | Q(until__gt=when()),
        agency=member.agency_id,
        role__in=roles,
        user__is_active=True,
    ).select_related("user", "agency")


def assign(member: Member, report: Report, to: Member | None) -> None:
    """Assign the report to a colleague, or to nobody. Each agency that has it assigns its own."""
    if to is not None and not colleagues(member).filter(pk=to.pk).exists():
        raise Refused(_("A report can be assigned to people of your own agency alone."))
    holding = _held(member, report)
    holding.assigned = to
    holding.save(update_fields=["assigned"])


def assigned_to(member: Member) -> int:
    """How many reports that have not ended are assigned to this member."""
    return Holding.objects.filter(assigned=member).exclude(report__status__in=ENDED).count()


def reassign(old: Member, new: Member | None) -> int:
    """Give all that is assigned to one member to another of the agency, or back to its queue."""
    return Holding.objects.filter(assigned=old).update(assigned=new)


def write_note(member: Member, report: Report, text: str) -> None:
    """Keep a note that only this agency's staff read."""
    note = Note(report=report, agency_id=member.agency_id, at=when(), by=member)
    note.put(text=text)
    note.save()


def ask(member: Member, report: Report, text: str) -> None:
    """Ask the reporter something; they read it when they come back with the receipt."""
    _must_own(member, report)
    if report.status in ENDED:
        raise Refused(_("This report has ended. Nobody will come back for a question."))
    digest = keyed_digest(f"asked {letters(16)}")
    message = Message(report=report, kind=Kind.ASKED, at=when(), by=member, digest=digest)
    message.put(text=text)
    message.save()
    report.status = Status.ASKED
    report.save(update_fields=["status"])


def take_up(member: Member, report: Report, taken: str) -> None:
    """Say what this agency does with a report that it was given."""
    holding = _held(member, report)
    holding.taken = taken
    holding.save(update_fields=["taken"])


def close(member: Member, report: Report, outcome: str) -> None:
    """End the work on a report. From here on retention counts."""
    _must_own(member, report)
    if report.holdings.filter(read__isnull=True).exists():
        raise Refused(
            _("Somebody who was given this report has not read it yet. It cannot be closed."),
            record=report,
        )
    report.status, report.outcome, report.ended = Status.CLOSED, outcome, when()
    report.save(update_fields=["status", "outcome", "ended"])


def reopen(member: Member, report: Report) -> None:
    """Take up a closed report again."""
    _must_own(member, report)
    if report.status != Status.CLOSED or report.erased is not None:
        raise Refused(_("Only a closed report whose content is still there can be reopened."))
    report.status, report.outcome, report.ended = Status.OPEN, "", None
    report.save(update_fields=["status", "outcome", "ended"])


def hold(member: Member, report: Report, held: bool) -> None:
    """Set or lift a legal hold: what is held is not erased."""
    _must_own(member, report)
    report.held = held
    report.save(update_fields=["held"])


def _held(member: Member, report: Report) -> Holding:
    found = Holding.objects.filter(report=report, agency=member.agency_id).first()
    if found is None:
        raise Refused(_("Your agency was not given this report."), record=report)
    return found


def _must_own(member: Member, report: Report) -> None:
    if report.owner_id != member.agency_id:
        raise Refused(_("Only the agency that keeps this report can do that."), record=report)
