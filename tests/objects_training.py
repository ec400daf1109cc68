"""Staff, courses taken, checks, certificates and files, for the tests of the walls."""

from __future__ import annotations

from itertools import count

import courses_world
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import act
from harborlight.web.training import importing
from harborlight.web.training.models import Certificate, Check, StaffFile, StaffPerson, Taking
from objects import WORDS, arguments, makes
from people import TESTER

_number = count(1)


@makes(StaffPerson)
def staff_person(owner: Member) -> StaffPerson:
    person = courses_world.make_person(owner.agency, f"T{next(_number)}")
    if not StaffPerson.objects.filter(member=owner).exists():
        with act(TESTER, "test.setup"):
            person.member = owner
            person.save()
    return person


@makes(Taking)
def taking(owner: Member) -> Taking:
    return courses_world.begin(courses_world.person_of(owner))


@makes(Certificate)
def certificate(owner: Member) -> Certificate:
    found = Certificate.objects.filter(person__member=owner).first()
    if found is None:
        person = courses_world.person_of(owner)
        made: Certificate = courses_world.finished(person).certificate
        return made
    return found


@makes(Check)
def check(owner: Member) -> Check:
    made: Check = certificate(owner).taking.checks.order_by("days")[0]
    return made


@makes(StaffFile)
def file(owner: Member) -> StaffFile:
    data = f"employee number,name,role\nN{next(_number)},Sample Person,cabin\n,,\nX,Y,Z\n"
    with act(TESTER, "test.setup"):
        return importing.bring_in(owner.agency, "staff.csv", data.encode())


arguments("training:begin", lambda _none: {"code": "cabin"})
WORDS.extend([r"Sample\ Person", r"staff\.csv", r"T\d+"])
