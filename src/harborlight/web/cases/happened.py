"""Keeping places, events and relationships of a case; and what it adds to its own timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases import notes
from harborlight.web.cases.events import Event, Place, Presence, Relationship
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.cases.timeline import Moment, on_day
from harborlight.web.cases.work import TaskState
from harborlight.web.vault.files import files_of


def keep_place(case: Case, kind: str, member: Member, **where: str) -> Place:
    """Keep a place: `name`, `hte_Street`, `hte_City`, `hte_PostalCode` sealed; `county`, `state`
    not. Within an act."""
    if not any(value.strip() for value in where.values()):
        raise Refused(_("Say where the place is, or what it is called."), record=case)
    place = Place(
        case=case,
        kind=kind,
        county=where.pop("county", ""),
        state=where.pop("state", ""),
        added_by=member,
        added_at=timezone.now(),
    )
    place.put(**where)
    place.save()
    return place


def keep_event(
    case: Case,
    kind: str,
    what: str,
    member: Member,
    *,
    day: date | None = None,
    place: Place | None = None,
    people: Iterable[Person] = (),
) -> Event:
    """Keep an event with its place and people, all of this case. Within an act."""
    if day is not None and day > timezone.localdate():
        raise Refused(_("That day has not come yet: add a task for it."), record=case)
    if place is not None and place.case_id != case.pk:
        raise Refused(_("This place is of another case."), record=case)
    there = list(people)
    _check_in(case, there)
    event = Event(
        case=case,
        kind=kind,
        happened_on=day,
        place=place,
        added_by=member,
        added_at=timezone.now(),
    )
    event.put(hte_Description=what.strip())
    event.save()
    for person in there:
        Presence(event=event, person=person).save()
    return event


def relate(
    case: Case, person: Person, tie: str, other: Person, member: Member, note: str = ""
) -> Relationship:
    """Keep what one person of the case is to another. Within an act."""
    if person.pk == other.pk:
        raise Refused(_("Choose two people."), record=case)
    _check_in(case, [person, other])
    known = case.relationships.filter(person=person, other=other, tie=tie, ended_at__isnull=True)
    if known.exists():
        raise Refused(_("This is kept already."), record=case)
    made = Relationship(
        case=case,
        person=person,
        tie=tie,
        other=other,
        added_by=member,
        added_at=timezone.now(),
    )
    made.put(note=note.strip())
    made.save()
    return made


def unrelate(relationship: Relationship, member: Member) -> Relationship:
    """End a relationship: it was wrong, or is over. It is kept as ended."""
    if relationship.ended_at is not None:
        raise Refused(_("This has ended already."), record=relationship)
    relationship.ended_at, relationship.ended_by = timezone.now(), member
    relationship.save()
    return relationship


def moments(case: Case, member: Member) -> Iterator[Moment]:
    """What the case itself adds to its timeline."""
    yield Moment(case.opened_at, _("The case was opened"), str(case.opened_by.user))
    people = may(member, "person", "open")
    for row in case.involvements.select_related("person"):
        url = reverse("protection:person", args=[row.person_id]) if people else ""
        yield Moment(row.since, f"{row.person}: {row.get_part_display()}", url=url)
        if row.ended_at is not None:
            what = _("%(person)s: ended: %(part)s")
            told = {"person": row.person, "part": row.get_part_display()}
            yield Moment(row.ended_at, what % told, url=url)
    url = reverse("cases:happenings", args=[case.pk])
    for event in case.events.all():
        opened = partial(_description, event)
        at = on_day(event.happened_on)
        yield Moment(at, event.get_kind_display(), opened, url, whole_day=True)
    for note in notes.readable(member, case):
        what = _("A note of %(who)s") % {"who": note.member.user}
        url = reverse("cases:notes", args=[case.pk])
        yield Moment(note.at, what, note.get_audience_display(), url)
    for task in case.tasks.exclude(state=TaskState.OPEN).select_related("ended_by__user"):
        what = _("Task: %(state)s") % {"state": task.get_state_display()}
        yield Moment(task.ended_at, what, str(task.ended_by.user if task.ended_by else ""))
    for transfer in case.transfers.prefetch_related("steps__agency"):
        for step in transfer.steps.all():
            yield Moment(step.at, f"{transfer}: {step.get_step_display()}", str(step.agency))
    for file in files_of(case):
        yield Moment(file.added_at, _("A file was added"), str(file))


def _description(event: Event) -> str:
    return str(event.take("hte_Description")["hte_Description"] or "")


def _check_in(case: Case, people: list[Person]) -> None:
    known = set(case.involvements.values_list("person", flat=True))
    if {person.pk for person in people} - known:
        raise Refused(_("Somebody is not in this case."), record=case)
