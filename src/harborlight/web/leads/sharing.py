"""Who else may see a lead, and who was told of it: nobody, until one shows it for a purpose."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.audit.acts import Refused, act
from harborlight.web.leads.deciding import check_owner, write
from harborlight.web.leads.models import Dissemination, Lead, Share


def share(lead: Lead, member: Member, agency: Agency, purpose: str, reason: str) -> Share:
    """Show a lead to another agency of the site, until that is ended."""
    with act(member.actor, "lead.share"):
        check_owner(lead, member)
        if agency.pk == lead.agency_id:
            raise Refused(_("It is your own agency's already."), record=lead)
        if Share.objects.filter(lead=lead, agency=agency, ended__isnull=True).exists():
            raise Refused(_("%(agency)s sees it already.") % {"agency": agency}, record=lead)
        _log(
            lead, member, Dissemination.Kind.SHOWN, purpose,
            agency=agency, reason=reason, recipient=agency.name, what=_("The whole lead"),
        )  # fmt: skip
        return Share.objects.create(lead=lead, agency=agency, purpose=purpose)


def end(shown: Share, member: Member, reason: str) -> None:
    """Show a lead to that agency no longer. What they have read, they have read."""
    with act(member.actor, "lead.unshare"):
        check_owner(shown.lead, member)
        if shown.ended is not None:
            raise Refused(_("That was ended already."), record=shown.lead)
        shown.ended = timezone.now()
        shown.save()
        _log(
            shown.lead, member, Dissemination.Kind.ENDED, shown.purpose,
            agency=shown.agency, reason=reason, recipient=shown.agency.name, what="",
        )  # fmt: skip


def told(
    lead: Lead, member: Member, recipient: str, what: str, purpose: str, reason: str
) -> Dissemination:
    """Keep that something of a lead was told to somebody outside of the site."""
    with act(member.actor, "lead.disseminate"):
        check_owner(lead, member)
        if not recipient.strip() or not what.strip():
            raise Refused(_("Say to whom it was told, and what."), record=lead)
        return _log(
            lead, member, Dissemination.Kind.TOLD, purpose,
            reason=reason, recipient=recipient.strip(), what=what.strip(),
        )  # fmt: skip


def _log(
    lead: Lead,
    member: Member,
    kind: Dissemination.Kind,
    purpose: str,
    *,
    reason: str,
    recipient: str,
    what: str,
    agency: Agency | None = None,
) -> Dissemination:
    if not reason.strip():
        raise Refused(_("Give a reason. Who reads this later needs it."), record=lead)
    words = write(lead, reason=reason.strip(), recipient=recipient, what=what)
    return Dissemination.objects.create(
        lead=lead,
        kind=kind,
        agency=agency,
        purpose=purpose,
        member=member,
        at=timezone.now(),
        words=words.pk,
    )
