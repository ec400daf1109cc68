"""The live board: what is told as it happens, counted with people helped first; and the debrief."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.operations import planning
from harborlight.web.operations.models import (
    Debrief,
    Event,
    Kind,
    Operation,
    Status,
    Team,
    Town,
)

SLACK = timedelta(minutes=5)
"""How far a phone's clock may be ahead."""


@dataclass(frozen=True)
class Count:
    """How many of a kind."""

    kind: str
    label: str | Promise
    number: int


def tell(
    operation: Operation,
    member: Member,
    kind: str,
    *,
    number: int = 1,
    text: str = "",
    at: datetime | None = None,
    town: Town | None = None,
    team: Team | None = None,
    corrects: Event | None = None,
) -> Event:
    """Add a line, within an act. What is told late, until the debrief, is taken too."""
    if operation.status not in (Status.RUNNING, Status.ENDED):
        raise Refused(_("The board is open from the start until the debrief."), record=operation)
    if at is not None and at > timezone.now() + SLACK:
        raise Refused(_("What is told is not in the future."), record=operation)
    for each in (town, team, corrects):
        if each is not None and each.operation_id != operation.pk:
            raise Refused(_("That is of another operation."), record=operation)
    if corrects is not None and Event.objects.filter(corrects=corrects).exists():
        raise Refused(_("This line was corrected already: correct the later one."))
    if team is not None:
        town = town or team.town
    made = Event(
        operation=operation,
        at=at or timezone.now(),
        kind=kind,
        number=number,
        town=town,
        team=team,
        corrects=corrects,
        by=member,
    )
    made.put(text=text.strip())
    made.save()
    return made


def standing(operation: Operation) -> QuerySet[Event]:
    """The lines that no other line corrects."""
    return Event.objects.filter(operation=operation, corrected_by__isnull=True)


def counts(operation: Operation) -> list[Count]:
    """How many of each kind, people helped first. Notes are not counted."""
    rows = standing(operation).order_by().values_list("kind").annotate(Sum("number"))
    told = dict(rows)
    return [Count(kind, kind.label, told.get(kind, 0)) for kind in Kind if kind != Kind.NOTE]


def debrief(
    operation: Operation,
    member: Member,
    *,
    helped: int,
    offered: int,
    accepted: int,
    arrests: int,
    charges: int,
    lessons: str,
) -> Debrief:
    """Keep what it came to, once; the operation is then closed."""
    planning.check_lead(operation, member)
    if operation.status != Status.ENDED:
        raise Refused(_("A debrief comes after the end, once."), record=operation)
    if accepted > offered:
        raise Refused(_("No more services are accepted than were offered."), record=operation)
    made = Debrief(
        operation=operation,
        helped=helped,
        offered=offered,
        accepted=accepted,
        arrests=arrests,
        charges=charges,
        by=member,
    )
    made.put(lessons=lessons.strip())
    made.save()
    operation.status = Status.DEBRIEFED
    operation.save()
    return made
