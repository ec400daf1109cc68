"""Operations and what agencies look at, for the tests of the walls."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.operations import boarding
from harborlight.web.operations.interests import Contact, Interest, Overlap, Sort
from harborlight.web.operations.looking import digest_of
from harborlight.web.operations.models import (
    Assignment,
    Event,
    Kind,
    Operation,
    Part,
    Participation,
    Status,
    Task,
    Team,
    TeamMember,
    Town,
)
from objects import WORDS, makes
from people import TESTER, make_agency, make_member

_number = count(1)
WORDS.append(r"New\ Ulm,?(\ MN)?")


@makes(Operation)
def operation(owner: Member) -> Operation:
    """An operation that the owner's agency leads, with a town, a team, a task and a line."""
    now = timezone.now()
    with act(TESTER, "test.setup"):
        made = Operation(
            agency=owner.agency,
            label=f"Made-up {next(_number)}",
            starts=now,
            ends=now + timedelta(hours=8),
            planned_by=owner,
        )
        made.put(objective="made-up-words", safety="made-up-words")
        made.save()
        for part in (Part.LEAD, Part.SPECIALIST):
            Participation(
                operation=made, agency=owner.agency, part=part, asked_by=owner, agreed_by=owner,
                agreed_at=now,
            ).save()  # fmt: skip
        Assignment(operation=made, member=owner).save()
        town = Town(operation=made, place="New Ulm, MN")
        town.save()
        team = Team(operation=made, town=town, name="Made-up team", specialist=owner)
        team.save()
        TeamMember(team=team, member=owner).save()
        for _each in range(3):
            todo = Task(operation=made, who=owner, due=now)
            todo.put(what="made-up-words")
            todo.save()
        made.status = Status.RUNNING
        made.save()
        for kind in Kind:
            boarding.tell(made, owner, kind, text="made-up-words", team=team)
    return made


@makes(Participation)
def participation(owner: Member) -> Participation:
    """That the owner's agency is asked by another."""
    theirs = operation(owner)
    with act(TESTER, "test.setup"):
        asked = Participation(
            operation=theirs, agency=owner.agency, part=Part.PATROL, asked_by=owner
        )
        asked.save()
    return asked


@makes(Task)
def task(owner: Member) -> Task:
    return Task.objects.filter(operation=operation(owner))[0]


@makes(Event)
def event(owner: Member) -> Event:
    return Event.objects.filter(operation=operation(owner))[0]


@makes(Interest)
def interest(owner: Member) -> Interest:
    with act(TESTER, "test.setup"):
        made = Interest(
            agency=owner.agency,
            sort=Sort.ORGANIZATION,
            digest=digest_of(Sort.ORGANIZATION, f"made up {next(_number)}"),
            by=owner,
        )
        made.put(note="made-up-words")
        made.save()
    return made


@makes(Overlap)
def overlap(owner: Member) -> Overlap:
    """That an agency looks at the same as the owner, who is to call."""
    other = make_member(Role.SUPERVISOR, make_agency())
    own = interest(owner)
    with act(TESTER, "test.setup"):
        Contact(agency=other.agency, member=other, phone="507-555-0100").save()
        return Overlap.objects.create(interest=own, other=other.agency, to=owner)
