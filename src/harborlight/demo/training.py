"""The staff of the demonstration's airline, and one course that one of them finished."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harborlight.web.accounts.models import Agency, Member

#: The one situation that is answered wrongly: so that the result has something to show.
WRONG = 1


def load(airline: Agency, crew: Member, trainer: Member, actor: Any) -> None:
    """Staff from a file, a course taken here by the crew member, one elsewhere long ago. Once."""
    from django.utils import timezone

    from harborlight.web.audit.acts import act
    from harborlight.web.training import catalog, importing, people, taking
    from harborlight.web.training.models import StaffPerson

    if StaffPerson.objects.filter(agency=airline).exists():
        return
    data = (files("harborlight.demo") / "staff.csv").read_bytes()
    with act(actor, "demo.load"):
        importing.bring_in(airline, "staff.csv", data)
        person = people.person_of(crew)
        _take(taking.begin(person, catalog.for_person(person)[0], "en"))
        other = StaffPerson.having("employee", "1004").get(agency=airline)
        before = timezone.localdate() - timedelta(days=350)
        taking.record(other, catalog.for_person(other)[0], before, Decimal(92), trainer)


def _take(taken: Any) -> None:
    """Go through the course: right but for one situation, and sure of it by turns."""
    from harborlight.courses.course import Question, Scenario
    from harborlight.web.training import taking
    from harborlight.web.training.answers import NONE, REPORT

    situations = 0
    for place, step in enumerate(taking.pages(taken)):
        item = step.item
        if isinstance(item, Scenario):
            situations += 1
            report = item.concern if situations > WRONG else not item.concern
            sure = 60 + situations % 5 * 10
            taking.answer(taken, step, REPORT if report else NONE, sure)
        elif isinstance(item, Question):
            taking.answer(taken, step, str(item.right), None)
        taking.go_on(taken, place)
