"""Planning an operation: who takes part, where, who helps; when it starts and ends.

Each function is called within an act and raises `Refused` with the reason where it may not be.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.places.gazetteer import gazetteer
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.models import Case
from harborlight.web.leads.models import Lead
from harborlight.web.notices.telling import tell, tell_role
from harborlight.web.operations.models import (
    HELPING,
    KINDS,
    Assignment,
    Operation,
    Part,
    Participation,
    Source,
    Status,
    Task,
    Team,
    TeamMember,
    Town,
)

#: Who of an agency is told that it is asked to take part.
ASKED_ROLES = (Role.SUPERVISOR, Role.NAVIGATOR, Role.CASEWORKER, Role.PROSECUTOR)


def plan(
    member: Member, label: str, starts: datetime, ends: datetime, objective: str, safety: str = ""
) -> Operation:
    """Plan an operation: the member's agency leads it, and the member is assigned to it."""
    if member.agency.kind != AgencyKind.LAW_ENFORCEMENT:
        raise Refused(_("An agency of law enforcement leads an operation."))
    if Operation.objects.filter(agency=member.agency, label=label).exists():
        raise Refused(_("Your agency has an operation with this code word."))
    _check_dates(starts, ends)
    made = Operation(agency=member.agency, label=label, starts=starts, ends=ends, planned_by=member)
    made.put(objective=objective, safety=safety)
    made.save()
    Participation.objects.create(
        operation=made,
        agency=member.agency,
        part=Part.LEAD,
        asked_by=member,
        agreed_by=member,
        agreed_at=timezone.now(),
    )
    assign(made, member, member)
    return made


def change(
    operation: Operation,
    member: Member,
    *,
    label: str,
    starts: datetime,
    ends: datetime,
    objective: str,
    safety: str,
) -> None:
    """Change the plan. A running operation keeps a safety plan."""
    check_lead(operation, member)
    _check_goes_on(operation)
    _check_dates(starts, ends)
    others = Operation.objects.filter(agency=operation.agency, label=label)
    if others.exclude(pk=operation.pk).exists():
        raise Refused(_("Your agency has an operation with this code word."))
    if operation.status == Status.RUNNING and not safety.strip():
        raise Refused(_("A running operation keeps its safety plan."), record=operation)
    operation.label, operation.starts, operation.ends = label, starts, ends
    operation.put(objective=objective, safety=safety)
    operation.save()


def ask(operation: Operation, agency: Agency, part: str, member: Member) -> Participation:
    """Ask an agency to take part. It sees the operation once it agrees."""
    check_lead(operation, member)
    _check_goes_on(operation)
    if part == Part.LEAD or agency.kind not in KINDS[part]:
        raise Refused(_("An agency of this kind has no such part."), record=operation)
    if operation.participations.filter(agency=agency, part=part, ended_at=None).exists():
        raise Refused(_("This agency was asked for this part already."), record=operation)
    asked = Participation(operation=operation, agency=agency, part=part, asked_by=member)
    asked.save()
    for role in ASKED_ROLES:
        tell_role(agency, role, "operation")
    return asked


def agree(asked: Participation, member: Member) -> None:
    """Take part. Who agrees is assigned, and so sees the operation."""
    _check_own(asked, member)
    _check_goes_on(asked.operation)
    if asked.ended_at is not None:
        raise Refused(_("Your agency declined or left. It can be asked again."), record=asked)
    if asked.agreed_at is not None:
        raise Refused(_("Your agency takes part already."), record=asked)
    asked.agreed_by, asked.agreed_at = member, timezone.now()
    asked.save()
    if not asked.operation.assignments.filter(member=member, until=None).exists():
        assign(asked.operation, member, member)
    tell(asked.operation.planned_by, "operation")


def leave(asked: Participation, member: Member) -> None:
    """Decline, or take part no longer. The last who helps does not leave a running operation."""
    _check_own(asked, member)
    if asked.part == Part.LEAD:
        raise Refused(_("The agency that leads does not leave."), record=asked)
    if asked.ended_at is not None:
        return
    operation = _locked(asked.operation)
    if (
        operation.status == Status.RUNNING
        and asked.part in HELPING
        and not helpers(operation).exclude(pk=asked.pk).exists()
    ):
        raise Refused(
            _("An operation does not run without a victim specialist. End it first."),
            record=asked,
        )
    asked.ended_at = timezone.now()
    asked.save()
    if not takes_part(operation, asked.agency):
        for each in operation.assignments.filter(member__agency=asked.agency, until=None):
            _unassign(each)
    tell(operation.planned_by, "operation")


def assign(operation: Operation, to: Member, member: Member) -> Assignment:
    """Assign somebody of one's own agency, who sees it from then on."""
    if to.agency_id != member.agency_id:
        raise Refused(_("Assign people of your own agency."), record=operation)
    if not takes_part(operation, member.agency):
        raise Refused(_("Your agency does not take part."), record=operation)
    if to.until is not None:
        raise Refused(_("This person is no longer at your agency."), record=operation)
    if operation.assignments.filter(member=to, until=None).exists():
        raise Refused(_("This person is assigned already."), record=operation)
    made = Assignment(operation=operation, member=to)
    made.save()
    if to.pk != member.pk:
        tell(to, "operation")
    return made


def unassign(operation: Operation, whom: Member, member: Member) -> None:
    """Somebody of one's own agency works on it no longer, and sees it no longer."""
    if whom.agency_id != member.agency_id:
        raise Refused(_("Each agency assigns its own people."), record=operation)
    for each in operation.assignments.filter(member=whom, until=None):
        _unassign(each)


def _unassign(assignment: Assignment) -> None:
    assignment.until = timezone.now()
    assignment.save()


def add_town(operation: Operation, name: str, member: Member) -> Town:
    """Add a town of the gazetteer, such as "New Ulm, MN"."""
    check_lead(operation, member)
    _check_goes_on(operation)
    place = gazetteer().resolve(name)
    if place is None:
        raise Refused(_("No town of this name is known. Write it as “New Ulm, MN”."))
    if operation.towns.filter(place=place).exists():
        raise Refused(_("This town is in the plan already."), record=operation)
    made = Town(operation=operation, place=place)
    made.save()
    return made


def add_team(
    operation: Operation,
    name: str,
    town: Town,
    people: Iterable[Member],
    member: Member,
    specialist: Member | None = None,
) -> Team:
    """Put people together in a team. All of them are assigned to the operation."""
    check_lead(operation, member)
    _check_goes_on(operation)
    if town.operation_id != operation.pk:
        raise Refused(_("This town is not in the plan."), record=operation)
    if operation.teams.filter(name=name).exists():
        raise Refused(_("There is a team of this name."), record=operation)
    chosen = {each.pk: each for each in people}
    assigned = set(assigned_people(operation).values_list("pk", flat=True))
    if not {*chosen, *([specialist.pk] if specialist else [])} <= assigned:
        raise Refused(_("A team is of people who are assigned."), record=operation)
    if specialist is not None and not specialists(operation).filter(pk=specialist.pk).exists():
        raise Refused(_("A victim specialist is of an agency that helps."), record=operation)
    made = Team(operation=operation, name=name, town=town, specialist=specialist)
    made.save()
    for each in chosen.values():
        TeamMember(team=made, member=each).save()
    return made


def add_task(operation: Operation, what: str, who: Member | None, due: datetime) -> Task:
    """Say what is to be done, by whom, until when."""
    _check_goes_on(operation)
    if not what.strip():
        raise Refused(_("Say what is to be done."), record=operation)
    if who is not None and not assigned_people(operation).filter(pk=who.pk).exists():
        raise Refused(_("A task is of somebody who is assigned."), record=operation)
    made = Task(operation=operation, who=who, due=due)
    made.put(what=what.strip())
    made.save()
    if who is not None:
        tell(who, "operation")
    return made


def finish(task: Task, member: Member) -> None:
    """A task is done."""
    if task.done_at is not None:
        raise Refused(_("It is done already."), record=task)
    task.done_at, task.done_by = timezone.now(), member
    task.save()


def link(operation: Operation, record: Lead | Case, member: Member) -> Source:
    """Link a lead or a case of one's own agency. Others see it only if they may open it."""
    _check_goes_on(operation)
    if record.agency_id != member.agency_id:
        raise Refused(_("Link what your own agency owns."), record=operation)
    key = {"lead": record} if isinstance(record, Lead) else {"case": record}
    if operation.sources.filter(**key).exists():
        raise Refused(_("It is linked already."), record=operation)
    made = Source(operation=operation, linked_by=member, **key)
    made.save()
    return made


def start(operation: Operation, member: Member) -> None:
    """Start it. Refused without a safety plan and somebody who helps those who are found."""
    check_lead(operation, member)
    operation = _locked(operation)
    if operation.status != Status.PLANNED:
        raise Refused(_("It was started already."), record=operation)
    for missing in lacks(operation):
        raise Refused(missing, record=operation)
    operation.status, operation.started_at = Status.RUNNING, timezone.now()
    operation.save()


def lacks(operation: Operation) -> list[str]:
    """What is missing before it may start, in plain words."""
    missing = []
    if not helpers(operation).exists():
        missing.append(
            _(
                "An operation does not start without a victim specialist: a navigator or child "
                "protection who agreed to take part."
            )
        )
    if not operation.has_safety_plan:
        missing.append(_("An operation does not start without a safety plan."))
    if not operation.towns.exists():
        missing.append(_("Say in which town it takes place."))
    return missing


def end(operation: Operation, member: Member) -> None:
    """End it. What comes after is the debrief."""
    check_lead(operation, member)
    operation = _locked(operation)
    if operation.status != Status.RUNNING:
        raise Refused(_("It is not running."), record=operation)
    operation.status, operation.ended_at = Status.ENDED, timezone.now()
    operation.save()


def helpers(operation: Operation) -> QuerySet[Participation]:
    """Navigators and child protection who agreed to take part."""
    return Participation.objects.filter(
        operation=operation, part__in=HELPING, agreed_at__isnull=False, ended_at__isnull=True
    )


def assigned_people(operation: Operation) -> QuerySet[Member]:
    """Who is assigned now."""
    rows = Assignment.objects.filter(operation=operation, until__isnull=True)
    return Member.objects.filter(pk__in=rows.values("member")).select_related("user", "agency")


def specialists(operation: Operation) -> QuerySet[Member]:
    """Who is assigned, of agencies that help."""
    agencies = helpers(operation).values("agency")
    return assigned_people(operation).filter(agency__in=agencies)


def check_lead(operation: Operation, member: Member) -> None:
    """Only the agency that leads plans."""
    if operation.agency_id != member.agency_id:
        raise Refused(_("Only the agency that leads does this."), record=operation)


def _check_own(asked: Participation, member: Member) -> None:
    if asked.agency_id != member.agency_id:
        raise Refused(_("Each agency answers for itself."), record=asked)


def goes_on(operation: Operation) -> bool:
    """Whether it is planned or running."""
    return operation.status in (Status.PLANNED, Status.RUNNING)


def _check_goes_on(operation: Operation) -> None:
    if not goes_on(operation):
        raise Refused(_("This operation has ended."), record=operation)


def _check_dates(starts: datetime, ends: datetime) -> None:
    if ends <= starts:
        raise Refused(_("It ends after it starts."))


def takes_part(operation: Operation, agency: Agency) -> bool:
    """Whether the agency agreed to take part, and still does."""
    taking = operation.participations.filter(agency=agency, agreed_at__isnull=False)
    return taking.filter(ended_at=None).exists()


def _locked(operation: Operation) -> Operation:
    """The row as it is now, kept until the act ends: nobody leaves while it is started."""
    return Operation.objects.select_for_update().get(pk=operation.pk)
