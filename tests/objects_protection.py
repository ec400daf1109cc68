"""People in cases and their protection, for the tests of the walls."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.protection import consenting, referring
from harborlight.web.protection.models import Consent, ProtectionReferral
from objects import arguments, make, makes
from people import TESTER, make_agency


@makes(Person)
def person(owner: Member) -> Person:
    """Somebody in a case that is assigned to the owner."""
    case = make(Case, owner)
    with act(TESTER, "test.setup"):
        made = Person(agency=owner.agency, county="Brown")
        made.put(prs_FirstName="made-up-words", prs_SecondName="made-up-words")
        made.save()
        Involvement(case=case, person=made, part=Part.POSSIBLE_VICTIM).save()
    return made


@makes(ProtectionReferral)
def referral(owner: Member) -> ProtectionReferral:
    """A referral that the owner's agency made."""
    made = person(owner)
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    case = made.involvements.get().case
    with act(TESTER, "test.setup"):
        return referring.refer(made, case, county, owner, timezone.now() - timedelta(hours=1))


@makes(Consent)
def consent(owner: Member) -> Consent:
    """A consent of somebody in a case of the owner."""
    made = person(owner)
    with act(TESTER, "test.setup"):
        return consenting.give(made, make_agency(AgencyKind.PROVIDER), "made-up-words", owner)


arguments("protection:stop", lambda _record: {"kind": "oral"})
