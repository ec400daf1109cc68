"""How a case is opened."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.models import Case, CaseNumbering
from harborlight.web.intake import triage
from harborlight.web.intake.labels import Status
from harborlight.web.intake.models import Holding, Report
from harborlight.web.leads import deciding
from harborlight.web.leads.models import Lead


def open_from_lead(
    lead: Lead, member: Member, reason: str, *, title: str = "", assigned: Member | None = None
) -> Case:
    """Promote a lead and open its case, in one act. Refused where the lead cannot be promoted."""
    with act(member.actor, "lead.promote"):
        deciding.check_owner(lead, member)
        case = _open(member, title or str(lead), assigned)
        case.opened_from, case.opened_from_id = lead._meta.label_lower, lead.pk
        case.save()
        deciding.promote(lead, member, reason, case.pk, case.number)
        return case


def open_from_report(
    report: Report, member: Member, reason: str, *, title: str = "", assigned: Member | None = None
) -> Case:
    """Open a case from a report, in one act. Each agency that was given it opens at most one.

    The reason is kept as a note of the agency on the report. Refused where the agency was not given
    the report, where it has a case of it, and where the report was withdrawn or erased.
    """
    with act(member.actor, "report.promote"):
        # Locked, so that of two who open it at once the second finds the case.
        held = Holding.objects.select_for_update().filter(report=report, agency=member.agency_id)
        if held.first() is None:
            raise Refused(_("Your agency was not given this report."), record=report)
        if report.status == Status.WITHDRAWN or report.erased is not None:
            raise Refused(_("This report was withdrawn or erased."), record=report)
        known = case_of(report, member)
        if known is not None:
            said = _("Your agency has a case of this report: %(number)s.")
            raise Refused(said % {"number": known.number}, record=report)
        case = _open(member, title or str(report), assigned)
        case.opened_from, case.opened_from_id = report._meta.label_lower, report.pk
        case.save()
        triage.write_note(member, report, f"{case}: {reason}")
        return case


def case_of(report: Report, member: Member) -> Case | None:
    """The case that the member's agency opened from this report."""
    cases = Case.objects.filter(
        agency=member.agency_id, opened_from=report._meta.label_lower, opened_from_id=report.pk
    )
    return cases.first()


def open_new(member: Member, title: str, *, assigned: Member | None = None) -> Case:
    """Open a case that comes from nothing on this site. Within an act."""
    case = _open(member, title, assigned)
    case.save()
    return case


def _open(member: Member, title: str, assigned: Member | None) -> Case:
    if assigned is not None and assigned.agency_id != member.agency_id:
        raise Refused(_("Assign it to a member of your own agency."))
    case = Case(
        agency=member.agency, number=next_number(member.agency), opened_by=member, assigned=assigned
    )
    case.put(title=title)
    return case


def next_number(agency: Agency) -> str:
    """The next number of a case at an agency: the year and a number within it."""
    year = timezone.localdate().year
    CaseNumbering.objects.get_or_create(agency=agency, year=year)
    numbering = CaseNumbering.objects.select_for_update().get(agency=agency, year=year)
    numbering.last += 1
    numbering.save()
    return f"{year}-{numbering.last:04d}"
