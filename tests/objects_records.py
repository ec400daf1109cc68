"""Legal holds, closed cases and expungements for the tests of the walls."""

from __future__ import annotations

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.records import expunging, holding, retaining
from harborlight.web.records.models import Basis, Closing, LegalHold, Outcome, Request, What
from objects import make, makes
from people import TESTER


@makes(LegalHold)
def hold(owner: Member) -> LegalHold:
    """A hold on a case of the owner."""
    case = make(Case, owner)
    with act(TESTER, "test.setup"):
        return holding.place(case, "made-up-words", owner, since=timezone.localdate())


@makes(Closing)
def closing(owner: Member) -> Closing:
    """A closed case of the owner that the site proposes to delete."""
    case = make(Case, owner)
    with act(TESTER, "test.setup"):
        made = retaining.close(case, Outcome.NOTHING, "made-up-words", owner)
        made.proposed_at = timezone.now()
        made.save()
    return made


@makes(Request)
def request(owner: Member) -> Request:
    """What the owner asks for, of somebody in a case of the owner."""
    person = make(Person, owner)
    with act(TESTER, "test.setup"):
        return expunging.ask(person, What.PERSON, Basis.ASKED, "made-up-words", owner)
