"""Packages and records of the demonstration: a case brought in, a hold, a record to be removed, and
a closed case that is proposed for deletion."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harborlight.web.accounts.models import Member
    from harborlight.web.cases.models import Case
    from harborlight.web.cases.persons import Person

PURPOSE = "To look for help together"
#: Longer than a case of which nothing came is kept, by the choice of this demonstration.
LONG_AGO = timedelta(days=400)


def load(supervisor: Member, investigator: Member, navigator: Member) -> int:
    """Cases of the supervisor's agency, unless it has some. How many cases it made."""
    from django.utils import timezone

    from harborlight.web.audit.acts import act
    from harborlight.web.cases.models import Case
    from harborlight.web.records import expunging, holding, retaining
    from harborlight.web.records.models import Basis, Outcome, What

    if Case.objects.filter(agency=supervisor.agency).exists():
        return 0
    today = timezone.localdate()
    with act(investigator.actor, "demo.load"):
        removed = _somebody(investigator, "Sal", "A record that is to be removed")
        expunging.ask(removed, What.PERSON, Basis.ASKED, "They ask for it.", investigator)
        held = _somebody(investigator, "Sid", "A record that a court asks for")
    with act(supervisor.actor, "demo.load"):
        holding.place(held, "A court asks for it.", supervisor, since=today)
        closed = _case(investigator, "Nothing was found")
        closing = retaining.close(closed, Outcome.NOTHING, "Nobody was there.", supervisor)
        closing.closed_on = today - LONG_AGO
        closing.save()
    _keep_since_long()
    retaining.propose()
    return 3 + _exchange(navigator, investigator)


def _keep_since_long() -> None:
    """The policy of every site, as if it held for longer: then a closed case is over it today."""
    from importlib.resources import files

    from harborlight.web.home import home

    told = (files("harborlight.web.records") / "retention.yaml").read_text("utf-8")
    own = home().folder / "retention.yaml"
    if not own.exists():
        own.write_text(told.replace("since: 2026-01-01", "since: 2000-01-01"), "utf-8")


def _case(member: Member, title: str) -> Case:
    from harborlight.web.cases.opening import open_new

    return open_new(member, title, assigned=member)


def _somebody(member: Member, name: str, title: str) -> Person:
    """Somebody in a case of the member's own."""
    from harborlight.web.cases.persons import Involvement, Part, Person

    case = _case(member, title)
    person = Person(agency=member.agency, county="Nicollet", state="MN")
    person.put(prs_FirstName=name, prs_SecondName="Sample", prs_MobilePhone="507-555-0118")
    person.save()
    Involvement(case=case, person=person, part=Part.POSSIBLE_VICTIM).save()
    return person


def _exchange(giver: Member, taker: Member) -> int:
    """A case of the navigator's, given out as a package and brought in at the other agency."""
    from harborlight.web.audit.acts import act
    from harborlight.web.cases.models import Case
    from harborlight.web.exchange import exporting, importing
    from harborlight.web.exchange.models import Form
    from harborlight.web.protection import consenting

    case = Case.objects.filter(agency=giver.agency, involvements__isnull=False).last()
    if case is None:
        return 0
    with act(giver.actor, "demo.load"):
        for row in case.involvements.select_related("person"):
            consenting.give(row.person, taker.agency, PURPOSE, giver)
        _sending, content = exporting.give(case, taker.agency, PURPOSE, Form.CSV, giver)
    with act(taker.actor, "demo.load"):
        importing.bring_in(f"htcds-{case.number}.zip", content, taker)
    return 1
