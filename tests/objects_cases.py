"""What is in cases, for the tests of the walls."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.cases.audiences import Audience
from harborlight.web.cases.events import Event, EventKind, Place, PlaceKind, Relationship, Tie
from harborlight.web.cases.handing import Step, Transfer, TransferStep, Why
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.cases.same import SamePerson, Verdict
from harborlight.web.cases.work import Note, Task
from harborlight.web.vault.files import Upload, files_of, keep
from objects import arguments, make, makes
from objects_intake import PICTURE
from people import TESTER, make_agency


@makes(Task)
def task(owner: Member) -> Task:
    """A task of the owner in a case of the owner."""
    case = make(Case, owner)
    with act(TESTER, "test.setup"):
        made = Task(
            case=case,
            assigned=owner,
            due_on=timezone.localdate(),
            made_by=owner,
            made_at=timezone.now(),
        )
        made.put(what="made-up-words")
        made.save()
    return made


@makes(Note)
def note(owner: Member) -> Note:
    """A note of the owner for everybody on a case of the owner."""
    case = make(Case, owner)
    with act(TESTER, "test.setup"):
        made = Note(
            case=case,
            agency=owner.agency,
            member=owner,
            audience=Audience.CASE,
            at=timezone.now(),
        )
        made.put(cco_CaseComment="made-up-words")
        made.save()
    return made


@makes(Place)
def place(owner: Member) -> Place:
    case = make(Case, owner)
    with act(TESTER, "test.setup"):
        made = Place(
            case=case,
            kind=PlaceKind.LODGING,
            county="Brown",
            state="MN",
            added_by=owner,
            added_at=timezone.now(),
        )
        made.put(name="made-up-words")
        made.save()
    return made


@makes(Event)
def event(owner: Member) -> Event:
    where = place(owner)
    with act(TESTER, "test.setup"):
        made = Event(
            case=where.case,
            kind=EventKind.CONTACT,
            happened_on=timezone.localdate(),
            place=where,
            added_by=owner,
            added_at=timezone.now(),
        )
        made.put(hte_Description="made-up-words")
        made.save()
    return made


def two_people(owner: Member) -> tuple[Case, Person, Person]:
    """Two people who have a name and a phone in common, in one case of the owner."""
    case = make(Case, owner)
    phone = f"507-555-01{uuid.uuid4().int % 100:02d}"
    two = []
    with act(TESTER, "test.setup"):
        for name in ("made-up-words", "made-up-wordz"):
            person = Person(agency=owner.agency, county="Brown")
            person.put(prs_FirstName="made-up-words", prs_SecondName=name, prs_MobilePhone=phone)
            person.save()
            Involvement(case=case, person=person, part=Part.WITNESS).save()
            two.append(person)
    return case, two[0], two[1]


@makes(Relationship)
def relationship(owner: Member) -> Relationship:
    case, person, other = two_people(owner)
    with act(TESTER, "test.setup"):
        made = Relationship(
            case=case,
            person=person,
            other=other,
            tie=Tie.SIBLING,
            added_by=owner,
            added_at=timezone.now(),
        )
        made.save()
    return made


@makes(SamePerson)
def same_person(owner: Member) -> SamePerson:
    _case, person, other = two_people(owner)
    first, second = sorted((person, other), key=lambda each: str(each.pk))
    with act(TESTER, "test.setup"):
        made = SamePerson(
            agency=owner.agency,
            first=first,
            second=second,
            verdict=Verdict.SAME,
            decided_by=owner,
            decided_at=timezone.now(),
        )
        made.put(reason="made-up-words")
        made.save()
    return made


@makes(Transfer)
def transfer(owner: Member) -> Transfer:
    """A case of the owner, offered to another agency."""
    case: Any = make(Case, owner)
    with act(TESTER, "test.setup"):
        made = Transfer(
            case=case,
            number=case.number,
            from_agency=owner.agency,
            to_agency=make_agency(AgencyKind.CHILD_PROTECTION),
            why=Why.MOVED,
            offered_by=owner,
            offered_at=timezone.now(),
        )
        made.put(cas_OutgoingReferralDetails="made-up-words")
        made.save()
        TransferStep(
            transfer=made,
            step=Step.OFFERED,
            agency=owner.agency,
            member=owner,
            at=made.offered_at,
        ).save()
    return made


def _file(case: Case | None) -> dict[str, object]:
    """A file of the case, or a key that no file has."""
    if case is None:
        return {"file": uuid.UUID(int=0)}
    stored = files_of(case).first()
    if stored is None:
        with act(TESTER, "test.setup"):
            stored = keep(Upload("made-up.png", PICTURE), case)
    return {"file": stored.pk}


arguments("cases:copy", _file)
arguments("cases:original", _file)


def _other(person: Person | None) -> dict[str, object]:
    """Somebody else of the same case."""
    if person is None:
        return {"other": uuid.UUID(int=0)}
    case = person.involvements.all()[0].case
    with act(TESTER, "test.setup"):
        made = Person(agency=person.agency)
        made.put(prs_FirstName="made-up-words")
        made.save()
        Involvement(case=case, person=made, part=Part.WITNESS).save()
    return {"other": made.pk}


arguments("cases:decide_same", _other)
