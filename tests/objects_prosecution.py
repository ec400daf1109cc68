"""Arrests, charges and sentences for the tests of the walls."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Allegation, Involvement, Part, Person
from harborlight.web.prosecution import charging, sentencing
from harborlight.web.prosecution.models import Arrest, Charge, Ending, Item, Sentence
from objects import make, makes
from people import TESTER

DAY = date(2026, 3, 1)
SECTION = "minnesota:609.322"


@makes(Arrest)
def arrest(owner: Member) -> Arrest:
    """An arrest of a seller, in a case of the owner, presented to the owner's own agency."""
    case = make(Case, owner)
    with act(TESTER, "test.setup"):
        person = Person(agency=owner.agency, county="Brown")
        person.put(prs_FirstName="made-up-words", prs_SecondName="made-up-words")
        person.save()
        Involvement(case=case, person=person, part=Part.SUSPECT, allegation="selling").save()
        made = charging.arrest(
            case,
            person,
            Allegation.SELLING,
            DAY,
            owner,
            at=timezone.now() - timedelta(days=60),
            town="Mankato",
            basis="made-up-words",
        )
        made.prosecuting = owner.agency
        made.save()
    return made


@makes(Charge)
def charge(owner: Member) -> Charge:
    made = arrest(owner)
    with act(TESTER, "test.setup"):
        return charging.charge(made, SECTION, owner, filed_on=DAY + timedelta(days=1))


@makes(Sentence)
def sentence(owner: Member) -> Sentence:
    made = charge(owner)
    with act(TESTER, "test.setup"):
        charging.dispose(made, Ending.CONVICTED, DAY + timedelta(days=30), owner)
        kept = sentencing.sentence(
            made.arrest,
            {"jurisdiction": "minnesota", "day": DAY + timedelta(days=40), "docket": "made-up"},
            {Item.MINNESOTA: 750_00, Item.FINE: 1_000_00},
            owner,
        )
        kept.court = owner.agency
        kept.save()
        return kept
