"""Somebody with a record in every corner of the site, for the tests of expungement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.cases import attaching, happened, notes, tasks, transferring
from harborlight.web.cases.events import EventKind, PlaceKind, Tie
from harborlight.web.cases.handing import Why
from harborlight.web.cases.models import Case
from harborlight.web.cases.opening import open_from_report
from harborlight.web.cases.persons import Allegation, Involvement, Part, Person
from harborlight.web.cases.same import SamePerson, Verdict
from harborlight.web.exchange import exporting
from harborlight.web.exchange.models import Arrival, Carried, Form, Reject
from harborlight.web.intake import triage
from harborlight.web.intake.models import Report
from harborlight.web.operations import looking
from harborlight.web.operations.interests import Sort
from harborlight.web.protection import consenting, deciding, referring
from harborlight.web.vault.files import Upload, keep
from objects import make
from people import TESTER, make_agency, make_member

FIRST, LAST, PHONE = "Quokkabelle", "Zyzzyvason", "507-555-0177"
#: As they might be written anywhere.
CANARIES = (FIRST, LAST, "canary-only-of-them", "canary-purpose", "canary-how", "5075550177")


@dataclass
class World:
    """The person, who works on them, who decides, and the two cases."""

    person: Person
    worker: Member
    supervisor: Member
    alone: Case
    shared: Case
    other: Person
    report: Report
    shared_file: Any


def a_person(member: Member, first: str, last: str, phone: str = "", safety: str = "") -> Person:
    made = Person(agency=member.agency, county="Brown")
    made.put(prs_FirstName=first, prs_SecondName=last, prs_MobilePhone=phone, safety=safety)
    made.save()
    return made


def build() -> World:
    """All of it, by the functions by which people write it."""
    worker = make_member(Role.CASEWORKER)
    supervisor = make_member(Role.SUPERVISOR, worker.agency)
    report: Report = make(Report, worker)
    with act(TESTER, "test.setup"):
        report.put(
            observed=f"A girl called {FIRST} said her number: {PHONE}. canary-report-rest",
            phones=[PHONE],
        )
        report.save()
        triage.write_note(worker, report, f"Called {LAST} back. canary-note-rest")
    shared = open_from_report(report, worker, f"{FIRST} asks for help", assigned=worker)
    alone = open_from_report(make(Report, worker), worker, "made-up-words", assigned=worker)
    with act(TESTER, "test.setup"):
        for case in (shared, alone):
            case.put(title=f"{LAST} and others")
            case.save()
        person = a_person(worker, FIRST, LAST, PHONE, "canary-only-of-them")
        other = a_person(worker, "Opossumina", "Wombatsen", "507-555-0188", f"She trusts {FIRST}.")
        for case in (shared, alone):
            Involvement(
                case=case,
                person=person,
                part=Part.POSSIBLE_VICTIM,
                allegation=Allegation.HIRED,
                offense_on=timezone.localdate(),
            ).save()
        Involvement(case=shared, person=other, part=Part.WITNESS).save()
        deciding.ask_again(person)
        for case in (shared, alone):
            _tell(case, person, worker)
        happened.relate(shared, person, Tie.FRIEND, other, worker, f"{FIRST} told it")
        notes.write(shared, "Wombatsen called: canary-of-other", "case", worker)
        shared_file = attaching.attach(shared, Upload(f"{LAST}.txt", b"canary-in-a-file"))
        attaching.attach(shared, Upload("other.txt", b"canary-of-other-file"))
        attaching.attach(alone, Upload("alone.txt", f"All of {FIRST}".encode()))
        keep(Upload("portrait.txt", b"canary-portrait"), person)
        first, second = sorted((person, other), key=lambda each: str(each.pk))
        same = SamePerson(
            agency=worker.agency,
            first=first,
            second=second,
            verdict=Verdict.DIFFERENT,
            decided_by=worker,
            decided_at=timezone.now(),
        )
        same.put(reason=f"{FIRST} is younger")
        same.save()
        consent = consenting.give(
            person, make_agency(AgencyKind.PROVIDER), "canary-purpose", worker
        )
        consenting.withdraw(consent)
        consenting.give(person, make_agency(AgencyKind.PROVIDER), "canary-purpose", worker)
        referral = referring.refer(
            person,
            alone,
            make_agency(AgencyKind.CHILD_PROTECTION),
            worker,
            timezone.now() - timedelta(hours=1),
        )
        _bring_in(shared, person, worker)
        _give_out(shared, alone, worker)
        _look_at(worker)
        while (clock := referral.clocks.filter(stopped_at__isnull=True).first()) is not None:
            # What is stopped may start the next.
            referring.stop(clock, worker, "canary-how")
    return World(person, worker, supervisor, alone, shared, other, report, shared_file)


def _bring_in(case: Case, person: Person, member: Member) -> None:
    """A package of another agency that names the person in rows that were not taken, and in cells
    for which a case has no field."""
    arrival = Arrival(
        agency=member.agency, by=member, at=timezone.now(), digest="0" * 64, rows=2, taken=0
    )
    arrival.put(name=f"{LAST}.json", manifest={"about": f"{FIRST} and others"})
    arrival.save()
    for number, whose in enumerate((None, person), start=1):
        row = Reject(arrival=arrival, person=whose, kind="row", table="events", number=number)
        row.put(file="package.json", row={"hte_Type": f"{FIRST} left"}, reason="made up")
        row.save()
        carried = Carried(case=case, person=whose, of_model="cases.event")
        carried.put(cells={"elsewhere": f"Known as {LAST}"})
        carried.save()


def _give_out(shared: Case, alone: Case, member: Member) -> None:
    """Both cases given out, and offered to another agency, which was taken back."""
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    for case in (shared, alone):
        exporting.give(case, member.agency, f"To help {FIRST}", Form.JSON, member)
        transfer = transferring.offer(
            case, county, Why.OTHER, f"{FIRST} moved. canary-rest", member
        )
        transferring.revoke(transfer, member)


def _look_at(member: Member) -> None:
    """The agency looks at the person's phone and name; another one looks at the phone, too."""
    other = make_member(Role.ANALYST)
    for by in (member, other):
        looking.name_contact(by, by, "507-555-0100")
        looking.register(by, Sort.PHONE, PHONE, note=f"{FIRST} gave it" if by == member else "")
    looking.register(member, Sort.ORGANIZATION, f"{FIRST} {LAST}")
    looking.register(member, Sort.PHONE, "507-555-0188", note=f"Not of {FIRST}. canary-rest")


def _tell(case: Case, person: Person, member: Member) -> None:
    place = happened.keep_place(
        case, PlaceKind.HOME, member, name=f"{LAST}'s aunt", hte_Street="1 Canary Way"
    )
    happened.keep_event(
        case,
        EventKind.CONTACT,
        f"{FIRST.upper()} called from (507) 555 0177. canary-rest",
        member,
        place=place,
        people=[person],
    )
    notes.write(case, f"Spoke with {FIRST} {LAST}. canary-rest", "case", member)
    task = tasks.add(case, f"Call {FIRST} at 507.555.0177, {person}", member, assigned=member)
    tasks.end(task, member, "done", f"{LAST} is safe")
