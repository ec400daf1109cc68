"""Tasks of a case: who does what by when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.permissions import TABLE
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.models import Case
from harborlight.web.cases.work import Task, TaskState
from harborlight.web.frame.waiting import Waiting
from harborlight.web.notices.telling import tell


def workers(agency_id: int) -> models.QuerySet[Member]:
    """The members of an agency who can have a task or a case."""
    return Member.objects.filter(
        agency=agency_id, role__in=TABLE["task", "list"].who, until__isnull=True
    ).select_related("user", "agency")


def add(
    case: Case, what: str, member: Member, assigned: Member | None = None, due: date | None = None
) -> Task:
    """Add a task to a case, and tell whoever is to do it. Within an act."""
    if not what.strip():
        raise Refused(_("Say what is to be done."), record=case)
    _check_worker(case, assigned)
    task = Task(case=case, assigned=assigned, due_on=due, made_by=member, made_at=timezone.now())
    task.put(what=what.strip())
    task.save()
    _tell(task, member)
    return task


def change(task: Task, assigned: Member | None, due: date | None, member: Member) -> Task:
    """Give an open task to somebody else, or another day."""
    _check_open(task)
    _check_worker(task.case, assigned)
    is_new = assigned != task.assigned
    task.assigned, task.due_on = assigned, due
    task.save()
    if is_new:
        _tell(task, member)
    return task


def end(task: Task, member: Member, state: str, how: str = "") -> Task:
    """Say that a task is done, or not needed any more; it is kept. One that is dropped needs a
    reason."""
    _check_open(task)
    if state == TaskState.OPEN:
        raise Refused(_("Say whether it is done or not needed."), record=task)
    if state == TaskState.DROPPED and not how.strip():
        raise Refused(_("Say why it is not needed any more."), record=task)
    task.state, task.ended_by, task.ended_at = state, member, timezone.now()
    task.put(how=how.strip())
    task.save()
    return task


def open_tasks(member: Member) -> models.QuerySet[Task]:
    """The open tasks that this member may see: first what is due first."""
    rows = reachable(Task, member, "task", "list").filter(state=TaskState.OPEN)
    return rows.select_related("case", "assigned__user")


def is_late(task: Task, today: date | None = None) -> bool:
    """Whether its day has passed and it is open."""
    day = today or timezone.localdate()
    return task.state == TaskState.OPEN and task.due_on is not None and task.due_on < day


def waiting(member: Member) -> Iterable[Waiting]:
    """One's own tasks that are due today or late; and the others of one's own."""
    if not may(member, "task", "list"):
        return
    today = timezone.localdate()
    mine = Task.objects.filter(assigned=member, state=TaskState.OPEN)
    told = mine.filter(case__agency=member.agency_id).aggregate(
        late=models.Count("pk", filter=models.Q(due_on__lt=today)),
        due=models.Count("pk", filter=models.Q(due_on__lte=today)),
        all=models.Count("pk"),
    )
    url = reverse("cases:tasks")
    yield Waiting(_("Your tasks that are due today"), told["due"], url, late=told["late"])
    yield Waiting(_("Your tasks for later"), told["all"] - told["due"], url)


def assigned_to(member: Member) -> int:
    """How many open tasks are assigned to this member."""
    return Task.objects.filter(assigned=member, state=TaskState.OPEN).count()


def reassign(old: Member, new: Member | None) -> int:
    """Give the open tasks of one member to another, or to nobody. Within an act."""
    return Task.objects.filter(assigned=old, state=TaskState.OPEN).update(assigned=new)


def _check_open(task: Task) -> None:
    if task.state != TaskState.OPEN:
        raise Refused(_("This task is ended already."), record=task)


def _check_worker(case: Case, assigned: Member | None) -> None:
    if assigned is not None and not workers(case.agency_id).filter(pk=assigned.pk).exists():
        raise Refused(_("Give it to somebody of the agency that has the case."), record=case)


def _tell(task: Task, by: Member) -> None:
    if task.assigned is not None and task.assigned != by:
        tell(task.assigned, "case")
