"""Decisions about a lead: each with its reason, kept for good, reversed by another one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused, act
from harborlight.web.leads import keeping
from harborlight.web.leads.models import Decision, Lead, State, Words

Kind = Decision.Kind


def hold(lead: Lead, member: Member, reason: str, until: date) -> Decision:
    """Keep a lead for later, until a day. Refused for a day that is past, or too far away."""
    with act(member.actor, "lead.hold"):
        if not timezone.localdate() < until <= keeping.longest_hold():
            raise Refused(
                _("A lead can be held until %(day)s at most, and not until a day that is past.")
                % {"day": keeping.longest_hold().isoformat()},
                record=lead,
            )
        return _decide(lead, member, Kind.HOLD, State.HELD, reason, until=until)


def dismiss(lead: Lead, member: Member, reason: str) -> Decision:
    """Put a lead aside. It is purged after a while, unless somebody takes it up again."""
    with act(member.actor, "lead.dismiss"):
        return _decide(lead, member, Kind.DISMISS, State.DISMISSED, reason)


def reopen(lead: Lead, member: Member, reason: str) -> Decision:
    """Return a lead to review, whatever had been decided."""
    with act(member.actor, "lead.reopen"):
        if lead.state == State.REVIEW:
            raise Refused(_("This lead is in review already."), record=lead)
        return _decide(lead, member, Kind.REOPEN, State.REVIEW, reason)


def merge(lead: Lead, member: Member, reason: str, into: Lead) -> Decision:
    """Say that a lead is part of another one of the same agency."""
    with act(member.actor, "lead.merge"):
        if into.agency_id != lead.agency_id or into.pk == lead.pk:
            raise Refused(_("Merge it into another lead of your own agency."), record=lead)
        if into.state == State.MERGED:
            raise Refused(
                _("%(lead)s is itself merged into another one.") % {"lead": into}, record=lead
            )
        if lead.merged.exists():
            raise Refused(
                _("Other leads are merged into this one. Return them to review first."),
                record=lead,
            )
        return _decide(
            lead, member, Kind.MERGE, State.MERGED, reason, other=into.pk, label=str(into.number),
            into=into,
        )  # fmt: skip


def promote(lead: Lead, member: Member, reason: str, case: UUID, number: str) -> Decision:
    """Say that a case was opened from a lead. Called by whatever opens it, in the same act."""
    with act(member.actor, "lead.promote"):
        if lead.state in (State.PROMOTED, State.MERGED):
            raise Refused(
                _("This lead is promoted or merged already. Return it to review first."),
                record=lead,
            )
        return _decide(lead, member, Kind.PROMOTE, State.PROMOTED, reason, other=case, label=number)


def _decide(
    lead: Lead,
    member: Member,
    kind: Decision.Kind,
    state: State,
    reason: str,
    *,
    until: date | None = None,
    other: UUID | None = None,
    label: str = "",
    into: Lead | None = None,
) -> Decision:
    check_owner(lead, member)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Give a reason. Who reads this later needs it."), record=lead)
    now = timezone.now()
    words = write(lead, reason=reason)
    lead.state, lead.decided_at, lead.hold_until, lead.merged_into = state, now, until, into
    lead.purge_on = keeping.purge_on(lead)
    lead.save()
    return Decision.objects.create(
        lead=lead,
        kind=kind,
        member=member,
        at=now,
        until=until,
        other=other,
        label=label,
        version=lead.version.number,
        words=words.pk,
    )


def check_owner(lead: Lead, member: Member) -> None:
    """Refused unless the lead is the member's own agency's: who is shown it does not decide."""
    if lead.agency_id != member.agency_id:
        raise Refused(_("Only the agency that owns a lead decides about it."), record=lead)


def write(lead: Lead, **written: str) -> Words:
    """Seal what somebody wrote about a lead."""
    words = Words(lead=lead.pk)
    words.put(**written)
    words.save()
    return words
