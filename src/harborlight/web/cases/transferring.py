"""Handing a case to another agency: the steps, and who may see what at each.

    offered     the receiver sees the summary; the giver goes on working on the case
    accepted    the receiver reads the case, and changes nothing; the giver may still take it back
    done        the case, its people, files and open tasks are the receiver's, and what apps
                above add to `cases.moving` (the clocks of child protection); the giver keeps a
                stub: the number that the case had there, to whom, and when
    rejected, revoked
                nothing moved; the receiver sees that it was offered, and no more

Every other step is refused, here and by a trigger. The ledger of steps is append-only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.permissions import TABLE
from harborlight.web.accounts.roles import ROLES_OF, Role
from harborlight.web.audit.acts import Refused
from harborlight.web.cases import moving, tasks
from harborlight.web.cases.handing import BEFORE, GOING, Step, Transfer, TransferStep
from harborlight.web.cases.models import Case
from harborlight.web.cases.opening import next_number
from harborlight.web.cases.persons import Involvement, Person
from harborlight.web.cases.same import SamePerson
from harborlight.web.cases.work import Task, TaskState
from harborlight.web.notices.telling import tell, tell_role
from harborlight.web.vault.models import SEALED_COLUMNS

#: What a step may write: all else of a transfer is frozen by a trigger.
_WRITTEN = ("state", "assigned", *SEALED_COLUMNS)


def holders() -> models.QuerySet[Agency]:
    """The agencies that can have a case: those of a kind with people who work on cases."""
    who = set(TABLE["case", "open"].who)
    kinds = [kind for kind, roles in ROLES_OF.items() if roles & who]
    return Agency.objects.filter(kind__in=kinds, active=True)


def offer(case: Case, to_agency: Agency, why: str, summary: str, member: Member) -> Transfer:
    """Offer a case to another agency, which sees the summary alone. Within an act."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.agency_id != member.agency_id:
        raise Refused(_("This case is not your agency's."), record=case)
    if case.status != Case.Status.OPEN:
        raise Refused(_("This case is closed."), record=case)
    if to_agency.pk == case.agency_id or not holders().filter(pk=to_agency.pk).exists():
        raise Refused(_("This agency cannot have the case."), record=case)
    if not summary.strip():
        raise Refused(_("Say what the other agency must know to decide."), record=case)
    if case.transfers.filter(state__in=GOING).exists():
        raise Refused(_("A transfer of this case goes on already."), record=case)
    transfer = Transfer(
        case=case,
        number=case.number,
        from_agency=case.agency,
        to_agency=to_agency,
        why=why,
        offered_by=member,
        offered_at=timezone.now(),
    )
    transfer.put(cas_OutgoingReferralDetails=summary.strip())
    transfer.save()
    _keep_step(transfer, Step.OFFERED, member)
    for role in (Role.SUPERVISOR, Role.NAVIGATOR):
        tell_role(to_agency, role, "case")
    return transfer


def accept(transfer: Transfer, assigned: Member, member: Member) -> Transfer:
    """Accept it for one's agency, and say who is to have the case. One may read it from now on."""
    transfer = _step(transfer, Step.ACCEPTED, member, by=transfer.to_agency_id)
    if not tasks.workers(transfer.to_agency_id).filter(pk=assigned.pk).exists():
        raise Refused(_("Assign it to a member of your own agency."), record=transfer)
    transfer.assigned = assigned
    return _write(transfer, Step.ACCEPTED, member)


def reject(transfer: Transfer, reason: str, member: Member) -> Transfer:
    """Reject it, with a reason for the giver."""
    transfer = _step(transfer, Step.REJECTED, member, by=transfer.to_agency_id)
    if not reason.strip():
        raise Refused(_("Say why it is rejected."), record=transfer)
    transfer.put(answer=reason.strip())
    return _write(transfer, Step.REJECTED, member)


def revoke(transfer: Transfer, member: Member) -> Transfer:
    """Take back what was offered, also when it was accepted."""
    transfer = _step(transfer, Step.REVOKED, member, by=transfer.from_agency_id)
    gone = Involvement.objects.filter(case=transfer.case, person__agency=transfer.to_agency)
    if gone.exists():
        raise Refused(
            _("Somebody in this case was handed over with another case: hand this one over too."),
            record=transfer,
        )
    return _write(transfer, Step.REVOKED, member)


def complete(transfer: Transfer, member: Member) -> Transfer:
    """Hand it over: from now on the case and its people are the receiver's.

    Refused while somebody in it is in another case of the giver that is not on its way to the same
    agency: no person is torn from a case that stays.
    """
    transfer = _step(transfer, Step.DONE, member, by=transfer.from_agency_id)
    case, giver, receiver = transfer.case, transfer.from_agency, transfer.to_agency
    people = list(
        Person.objects.filter(agency=giver, pk__in=case.involvements.values("person")).values_list(
            "pk", flat=True
        )
    )
    _check_other_cases(transfer, people)
    _part_records(transfer, people)
    Person.objects.filter(pk__in=people).update(agency=receiver)
    case.agency, case.assigned, case.number = receiver, transfer.assigned, next_number(receiver)
    case.save(update_fields=["agency", "assigned", "number"])
    Task.objects.filter(case=case, state=TaskState.OPEN).update(assigned=transfer.assigned)
    moving.go(transfer)
    return _write(transfer, Step.DONE, member)


class Sight(NamedTuple):
    """What an agency may see of a transfer, besides that it is there."""

    summary: bool
    answer: bool
    """Why it was rejected."""
    file: bool
    """The case itself."""


NOTHING = Sight(summary=False, answer=False, file=False)


def sight(transfer: Transfer, agency_id: int) -> Sight:
    """What this agency may see of it now."""
    if agency_id == transfer.from_agency_id:
        keeps = transfer.state != Step.DONE
        return Sight(summary=keeps, answer=keeps, file=False)  # the case is theirs, or is gone
    if agency_id != transfer.to_agency_id or transfer.state == Step.REVOKED:
        return NOTHING
    return Sight(
        summary=transfer.state != Step.REJECTED,
        answer=True,
        file=transfer.state == Step.ACCEPTED,
    )


def _step(transfer: Transfer, step: str, member: Member, *, by: int) -> Transfer:
    """The transfer, locked with its case, if the member's agency may take this step now."""
    Case.objects.select_for_update().get(pk=transfer.case_id)
    fresh: Transfer = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if member.agency_id != by:
        raise Refused(_("This step is the other agency's."), record=transfer)
    if fresh.state not in BEFORE[step]:
        raise Refused(
            _("This cannot be done any more: it is at the step “%(step)s”.")
            % {"step": fresh.get_state_display()},
            record=transfer,
        )
    return fresh


def _write(transfer: Transfer, step: str, member: Member) -> Transfer:
    transfer.state = step
    transfer.save(update_fields=_WRITTEN)
    _keep_step(transfer, step, member)
    told = transfer.assigned if step == Step.DONE else transfer.offered_by
    if step in (Step.REVOKED, Step.DONE) and transfer.assigned is not None:
        told = transfer.assigned
    if told is not None and told != member:
        tell(told, "case")
    return transfer


def _keep_step(transfer: Transfer, step: str, member: Member) -> None:
    TransferStep(
        transfer=transfer, step=step, agency=member.agency, member=member, at=timezone.now()
    ).save()


def _check_other_cases(transfer: Transfer, people: Sequence[UUID]) -> None:
    going = Transfer.objects.filter(state=Step.ACCEPTED, to_agency=transfer.to_agency)
    staying = (
        Case.objects.filter(
            agency=transfer.from_agency,
            pk__in=Involvement.objects.filter(person__in=people).values("case"),
        )
        .exclude(pk=transfer.case_id)
        .exclude(pk__in=going.values("case"))
    )
    numbers = ", ".join(sorted(case.number for case in staying))
    if numbers:
        raise Refused(
            _(
                "Somebody in this case is also in %(numbers)s: offer that to the same agency "
                "too, and let it be accepted first."
            )
            % {"numbers": numbers},
            record=transfer,
        )


def _part_records(transfer: Transfer, people: Sequence[UUID]) -> None:
    """No link between two records of people goes across the walls of two agencies."""
    standing = SamePerson.objects.filter(undone_at__isnull=True)
    first, second = models.Q(first__in=people), models.Q(second__in=people)
    standing.filter(first & second).update(agency=transfer.to_agency)
    torn = standing.filter((first & ~second) | (second & ~first))
    torn.update(undone_at=timezone.now())
