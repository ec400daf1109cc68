"""Referring a child to child protection, and the law's clocks that start with it.

Clocks are counted by the law of the state, shown, warned of early, brought to a named person when
they run out, and stopped by a recorded act alone. What fell due while the site was down is brought
up at its start.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.law import LawError, ask
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import SYSTEM, Refused, act
from harborlight.web.cases.handing import Transfer
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.notices.telling import tell, tell_role
from harborlight.web.protection.deciding import states
from harborlight.web.protection.models import Clock, ClockKind, Handover, ProtectionReferral

EARLY = timedelta(hours=4)
#: Letters of what was done.
MOST = 200

#: The fact from which each clock is counted, as the law names it.
STARTS = {
    ClockKind.ORAL: "learned_at",
    ClockKind.WRITTEN: "reported_at",
    ClockKind.CROSS: "received_at",
}


def refer(
    person: Person, case: Case, to_agency: Agency, member: Member, learned_at: datetime
) -> ProtectionReferral:
    """Refer somebody to child protection; the clock of the oral report starts."""
    if to_agency.kind != AgencyKind.CHILD_PROTECTION:
        raise Refused(_("This agency is no child protection."), record=person)
    if learned_at > timezone.now():
        raise Refused(_("That moment has not come yet."), record=person)
    referral = ProtectionReferral(
        person=person,
        case=case,
        agency=member.agency,
        to_agency=to_agency,
        navigator=navigator_for(person),
        named=member,
        learned_at=learned_at,
        made_at=timezone.now(),
    )
    referral.save()
    start(referral, ClockKind.ORAL, learned_at)
    for role in (Role.TRIAGE, Role.SUPERVISOR):
        tell_role(to_agency, role, "referral")
    return referral


def navigator_for(person: Person) -> Agency | None:
    """The navigator who serves the person's county, if one does."""
    if not person.county:
        return None
    agencies = Agency.objects.filter(
        kind=AgencyKind.NAVIGATOR, state__in=(person.state, ""), active=True
    )
    return next((each for each in agencies if person.county in each.counties), None)


def start(referral: ProtectionReferral, kind: str, at: datetime) -> Clock:
    """Start a clock, counted by the law of the person's state. Started once."""
    known = referral.clocks.filter(kind=kind).first()
    if known is not None:
        return known
    due, told = due_by(referral.person.state, kind, at)
    clock = Clock(referral=referral, kind=kind, started_at=at, due_at=due, explanation=told)
    clock.save()
    return clock


def due_by(state: str, kind: str, at: datetime) -> tuple[datetime | None, dict[str, Any]]:
    """By when the law wants it, and why. None where the law of that day was not found."""
    rule = states().get(state, {}).get("clocks", {}).get(kind)
    if rule is None:
        return None, {"conclusion": _("No clock of this state is known here; act at once.")}
    try:
        told = ask(rule, at.date(), {STARTS[ClockKind(kind)]: at})
    except LawError as error:
        return None, {"conclusion": str(error)}
    due = told.answer if isinstance(told.answer, datetime) else None
    return due, told.to_dict()


def stop(clock: Clock, member: Member, how: str, at: datetime | None = None) -> Clock:
    """Stop a clock by saying what was done. An oral report starts the clock of the written one."""
    if not how.strip():
        raise Refused(_("Say what was done."), record=clock)
    if clock.stopped_at is not None:
        return clock
    at = at or timezone.now()
    if at > timezone.now() or at < clock.started_at:
        raise Refused(_("It cannot have been done then."), record=clock)
    clock.stopped_at, clock.stopped_by = at, member
    clock.put(stopped_how=how.strip()[:MOST])
    clock.save()
    if clock.kind == ClockKind.ORAL:
        start(clock.referral, ClockKind.WRITTEN, at)
        start(clock.referral, ClockKind.CROSS, at)
    return clock


def name_somebody(referral: ProtectionReferral, named: Member) -> None:
    """Bring its clocks to somebody else from now on."""
    referral.named = named
    referral.save()


def go_with(transfer: Transfer) -> None:
    """With a case that was handed over go its referrals and their clocks, within that act.

    From then on a clock is brought to whom the case is assigned, and to the supervisors of their
    agency. Who is named so is told at once where a clock runs; where one has run out the
    supervisors are told too. Nothing is counted anew.
    """
    assert transfer.assigned is not None  # noqa: S101 - said when it was accepted
    rows = ProtectionReferral.objects.filter(case=transfer.case, agency=transfer.from_agency)
    for referral in rows.select_for_update(of=("self",)):
        running = list(referral.clocks.filter(stopped_at__isnull=True))
        Handover(
            referral=referral,
            transfer=transfer,
            from_agency=transfer.from_agency,
            to_agency=transfer.to_agency,
            from_named=referral.named,
            named=transfer.assigned,
            running=len(running),
            at=timezone.now(),
        ).save()
        referral.agency, referral.named = transfer.to_agency, transfer.assigned
        referral.save()
        if running:
            tell(referral.named, "clock")
        if any(clock.escalated_at is not None for clock in running):
            tell_role(referral.agency, Role.SUPERVISOR, "clock")


def watch() -> int:
    """The job: warn of what comes due, and bring up what is overdue, each once."""
    now, done = timezone.now(), 0
    running = Clock.objects.filter(stopped_at__isnull=True).select_related("referral__named")
    late = running.filter(Q(due_at__lte=now) | Q(due_at__isnull=True), escalated_at__isnull=True)
    for clock in late:
        with act(SYSTEM, "protection.escalate"):
            clock.escalated_at = now
            clock.save()
            tell(clock.referral.named, "clock")
            tell_role(clock.referral.agency, Role.SUPERVISOR, "clock")
        done += 1
    # Half of the time before it is due, and never later than a few hours before.
    soon = running.filter(due_at__gt=now, warned_at__isnull=True, escalated_at__isnull=True)
    for clock in soon:
        assert clock.due_at is not None  # noqa: S101 - the filter says so
        half = clock.started_at + (clock.due_at - clock.started_at) / 2
        if now >= min(half, clock.due_at - EARLY):
            with act(SYSTEM, "protection.warn"):
                clock.warned_at = now
                clock.save()
                tell(clock.referral.named, "clock")
            done += 1
    return done
