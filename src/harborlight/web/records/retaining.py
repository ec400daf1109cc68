"""Cases are closed with an outcome, kept as the policy says, and deleted when somebody says so.

The site proposes; a human decides. What is under a legal hold, and what a court alone removes, is
neither proposed nor deleted.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import SYSTEM, Refused, act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Person
from harborlight.web.cases.work import TaskState
from harborlight.web.notices.telling import tell_role
from harborlight.web.protection.models import Clock, Handover, ProtectionReferral
from harborlight.web.records import expunging, holding, naming, parts, scrubbing
from harborlight.web.records.counting import count
from harborlight.web.records.models import Closing, Kind
from harborlight.web.records.parts import Record
from harborlight.web.records.policy import due_on


def close(case: Case, outcome: str, why: str, member: Member) -> Closing:
    """Close a case with how it ended, within an act. Refused while something is to be done."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.status == Case.Status.CLOSED:
        raise Refused(_("This case is closed already."), record=case)
    if case.agency_id != member.agency_id:
        raise Refused(_("This case is not your agency’s."), record=case)
    if case.tasks.filter(state=TaskState.OPEN).exists():
        raise Refused(_("There are tasks to do: end them first."), record=case)
    if parts.transfers_going([case]):
        raise Refused(_("A transfer of this case goes on: let it end first."), record=case)
    if Clock.objects.filter(referral__case=case, stopped_at__isnull=True).exists():
        raise Refused(_("A deadline of child protection runs: say what was done."), record=case)
    if not why.strip():
        raise Refused(_("Say how it ended."), record=case)
    case.status = Case.Status.CLOSED
    case.save(update_fields=["status"])
    closing = Closing.objects.filter(case=case).first() or Closing(case=case)
    closing.outcome = outcome
    closing.closed_on = timezone.localdate()
    closing.closed_by = member
    closing.proposed_at = None
    closing.put(why=why.strip())
    closing.save()
    return closing


def reopen(closing: Closing, member: Member) -> None:
    """Open a closed case again, within an act: unless it is deleted."""
    closing = Closing.objects.select_for_update().get(pk=closing.pk)
    if closing.deleted_at is not None:
        raise Refused(_("What this case told is deleted."), record=closing)
    case = closing.case
    if case.agency_id != member.agency_id or case.status != Case.Status.CLOSED:
        raise Refused(_("This case cannot be opened again."), record=case)
    case.status = Case.Status.OPEN
    case.save(update_fields=["status"])
    closing.proposed_at = None
    closing.save()


def due(closing: Closing) -> date | None:
    """The first day on which it may be proposed. None: never by itself."""
    day = due_on(closing.outcome, closing.closed_on)
    if day is None or closing.keep_until is None:
        return day
    return max(day, closing.keep_until)


def propose() -> int:
    """Propose every case whose day has come, once; how many. A job: it deletes nothing."""
    today = timezone.localdate()
    done = 0
    waiting = Closing.objects.filter(
        proposed_at__isnull=True, deleted_at__isnull=True, case__status=Case.Status.CLOSED
    )
    for closing in waiting.select_related("case__agency"):
        day = due(closing)
        if day is None or day > today or _held(closing.case) or _court_alone(closing.case):
            continue
        with act(SYSTEM, "retention.propose", "kept as long as the policy says"):
            closing.proposed_at = timezone.now()
            closing.save(update_fields=["proposed_at"])
            tell_role(closing.case.agency, Role.SUPERVISOR, "case")
        done += 1
    return done


def keep(closing: Closing, until: date, why: str, member: Member) -> None:
    """Keep what was proposed until a day, within an act; it is proposed again after it."""
    closing = _proposed(closing, member)
    if until <= timezone.localdate():
        raise Refused(_("That day has passed."), record=closing)
    if not why.strip():
        raise Refused(_("Say why it is kept."), record=closing)
    closing.keep_until, closing.proposed_at, closing.decided_by = until, None, member
    closing.put(keep_why=why.strip())
    closing.save()


def delete(closing: Closing, member: Member) -> None:
    """Delete what a proposed case tells, and the people who are in no other. Within an act.

    The case's number, agency, outcome and days stay. Refused while a legal hold stands on it or on
    somebody in it, and where a court alone removes something.
    """
    closing = _proposed(closing, member)
    case = closing.case
    people = _people(case)
    holding.must_not_be_held(case, [case.pk], [each.pk for each in people])
    if _court_alone(case):
        raise Refused(expunging.by_court(), record=case)
    if parts.transfers_going([case]):
        raise Refused(_("A transfer of this case goes on: let it end first."), record=case)
    gone = _in_no_other(people)
    for person in gone:
        waits = _waits(person)
        if waits:
            raise Refused(waits, record=person)
    expunging.empty(case)
    for person in gone:
        expunging.remove_person(person)
    _leave(case)
    closing.deleted_at, closing.decided_by = timezone.now(), member
    naming.emptied(closing, "deleted_at", "decided_by")
    count(timezone.localdate(case.opened_at).year, case.agency.state, Kind.CASE)
    transaction.on_commit(scrubbing.scrub)


def _waits(person: Person) -> str:
    if Clock.objects.filter(referral__person=person, stopped_at__isnull=True).exists():
        return _("A deadline of child protection runs: say what was done.")
    return expunging.service_goes_on(person)


def _leave(case: Case) -> None:
    """Those who are in other cases, too, have no part in this one any more."""
    referrals = ProtectionReferral.objects.filter(case=case)
    parts.delete(
        [
            Clock.objects.filter(referral__in=referrals),
            Handover.objects.filter(referral__in=referrals),
            referrals,
            Involvement.objects.filter(case=case),
        ]
    )


def _proposed(closing: Closing, member: Member) -> Closing:
    fresh: Closing = Closing.objects.select_for_update().get(pk=closing.pk)
    if fresh.case.agency_id != member.agency_id:
        raise Refused(_("This case is not your agency’s."), record=closing)
    if fresh.proposed_at is None or fresh.deleted_at is not None:
        raise Refused(_("The site does not propose to delete it now."), record=closing)
    return fresh


def _people(case: Case) -> list[Person]:
    return list(Person.objects.filter(involvements__case=case).distinct())


def _held(case: Case) -> bool:
    return holding.in_force([case.pk], [each.pk for each in _people(case)]).exists()


def _court_alone(case: Case) -> bool:
    """Whether there is an arrest in the case, or somebody in it with one that would go with it."""
    if case.arrests.exists():
        return True
    return any(Record(each).criminal.any for each in _in_no_other(_people(case)))


def _in_no_other(people: list[Person]) -> list[Person]:
    return [person for person in people if len(Record(person).cases) == 1]
