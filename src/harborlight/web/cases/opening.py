"""How a case is opened."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.models import Case, CaseNumbering
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


def _open(member: Member, title: str, assigned: Member | None) -> Case:
    if assigned is not None and assigned.agency_id != member.agency_id:
        raise Refused(_("Assign it to a member of your own agency."))
    case = Case(
        agency=member.agency, number=_next_number(member), opened_by=member, assigned=assigned
    )
    case.put(title=title)
    return case


def _next_number(member: Member) -> str:
    year = timezone.localdate().year
    CaseNumbering.objects.get_or_create(agency=member.agency, year=year)
    numbering = CaseNumbering.objects.select_for_update().get(agency=member.agency, year=year)
    numbering.last += 1
    numbering.save()
    return f"{year}-{numbering.last:04d}"
