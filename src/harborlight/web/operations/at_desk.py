"""What of operations waits for a member, how they are found, and what is assigned to people."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.frame.waiting import Found, Waiting
from harborlight.web.operations import looking
from harborlight.web.operations.models import (
    Assignment,
    Contact,
    Operation,
    Overlap,
    Participation,
    Status,
    Task,
    Team,
    TeamMember,
)

GOING_ON = (Status.PLANNED, Status.RUNNING)


def waiting(member: Member) -> Iterator[Waiting]:
    """Agencies are asked, tasks are due, another agency is to be called."""
    if may(member, "operation", "list"):
        url = reverse("operations:list")
        tasks = Task.objects.filter(
            who=member.pk, done_at__isnull=True, operation__status__in=GOING_ON
        )
        late = tasks.filter(due__lt=timezone.now()).count()
        yield Waiting(_("Tasks of operations"), tasks.count(), url, late=late)
        if may(member, "operation", "agree"):
            asked = Participation.objects.filter(
                agency=member.agency_id,
                agreed_at=None,
                ended_at=None,
                operation__status__in=GOING_ON,
            )
            yield Waiting(_("Operations that ask your agency"), asked.count(), url)
    if may(member, "interest", "know"):
        told = Overlap.objects.filter(to=member.pk, seen_at=None)
        number = told.filter(interest__withdrawn_at=None).count()
        yield Waiting(
            _("Agencies to call, to not work against each other"),
            number,
            reverse("operations:interests"),
            late=number,
        )


def search(member: Member, words: str) -> Iterator[Found]:
    """Operations by code word or town."""
    if not may(member, "operation", "list"):
        return
    mine = reachable(Operation, member, "operation", "list")
    found = mine.filter(label__icontains=words) | mine.filter(towns__place__icontains=words)
    for each in found.distinct()[:20]:
        yield Found(_("Operation"), each.label, each.get_absolute_url())


def _assigned(member: Member) -> list[Assignment]:
    rows = Assignment.objects.filter(member=member, until=None, operation__status__in=GOING_ON)
    return list(rows.select_related("operation"))


def _tasks(member: Member) -> list[Task]:
    return list(Task.objects.filter(who=member, done_at=None, operation__status__in=GOING_ON))


def count_assigned(member: Member) -> int:
    """Operations and tasks that go on, and being the agency's contact."""
    contact = Contact.objects.filter(member=member).count()
    return len(_assigned(member)) + len(_tasks(member)) + contact


def reassign(old: Member, new: Member | None) -> int:
    """Give them to somebody else, or to nobody. A contact without a successor is none."""
    moved = 0
    for assignment in _assigned(old):
        operation = assignment.operation
        if new and not operation.assignments.filter(member=new, until=None).exists():
            Assignment(operation=operation, member=new).save()
        for team in Team.objects.filter(operation=operation, specialist=old):
            team.specialist = new
            team.save()
        for place in TeamMember.objects.filter(team__operation=operation, member=old):
            if new and not place.team.members.filter(member=new).exists():
                place.member = new
                place.save()
            else:
                place.delete()
        assignment.until = timezone.now()
        assignment.save()
        moved += 1
    for task in _tasks(old):
        task.who = new
        task.save()
        moved += 1
    for contact in Contact.objects.filter(member=old):
        looking.give(contact.agency_id, new)
        if new is None:
            contact.delete()
        else:
            contact.member = new
            contact.save()
        moved += 1
    return moved
