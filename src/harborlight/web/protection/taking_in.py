"""A navigator's intake: one form opens a case with a person, their need and their consent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.cases import notes, tasks
from harborlight.web.cases.audiences import Audience
from harborlight.web.cases.opening import open_new
from harborlight.web.cases.persons import AgeBasis, Involvement, Part, Person
from harborlight.web.directory.niem import CATEGORIES
from harborlight.web.protection import consenting, deciding

#: What of the form is the person's own, sealed.
OF_PERSON = (
    "prs_FirstName",
    "prs_SecondName",
    "prs_PrimaryLanguage",
    "prs_MobilePhone",
    "safety",
)


def take_in(told: dict[str, Any], member: Member) -> Person:
    """Open a case of the member's own with this person in it. Within an act.

    `told` has the fields of `forms.IntakeForm`. The birth date counts as claimed until somebody
    qualified says otherwise. What is needed becomes a task of the member for today; what was said
    becomes a note of the agency alone.
    """
    case = open_new(member, _("Intake"), assigned=member)
    person = Person(agency=member.agency, county=told["county"], state=member.agency.state or "MN")
    person.put(**{name: told[name] for name in OF_PERSON})
    person.save()
    born: date | None = told["born"]
    deciding.set_age(person, born, AgeBasis.CLAIMED if born else AgeBasis.UNKNOWN, member)
    Involvement(case=case, person=person, part=Part.POSSIBLE_VICTIM).save()
    if told["category"]:
        need = CATEGORIES[told["category"]]
        what = _("Find what is needed: %(need)s") % {"need": need}
        tasks.add(case, what, member, member, timezone.localdate())
    if told["note"].strip():
        notes.write(case, told["note"], Audience.AGENCY, member)
    if told["consents"]:
        purpose = _("To keep this and to look for help")
        consenting.give(person, member.agency, purpose, member)
    return person
