"""Arrests of an operation: kept by who took part, while it ran; counted beside people helped."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from harborlight.demo import operation as demonstration
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Allegation, Involvement, Part, Person
from harborlight.web.operations.counting import counted
from harborlight.web.operations.models import Operation, Status
from harborlight.web.prosecution import charging
from harborlight.web.prosecution.models import Arrest
from objects import make
from people import TESTER, client_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return make_member(Role.SUPERVISOR)


def running(member: Member) -> Operation:
    """An operation of the member's agency that began two hours ago."""
    made: Operation = make(Operation, member)
    with act(TESTER, "test.setup"):
        made.status, made.started_at = Status.RUNNING, timezone.now() - timedelta(hours=2)
        made.save()
    return made


def a_suspect(member: Member) -> tuple[Case, Person]:
    case: Case = make(Case, member)
    with act(TESTER, "test.setup"):
        person = Person(agency=member.agency, state="MN")
        person.put(prs_FirstName="Made", prs_SecondName="Up")
        person.save()
        Involvement(case=case, person=person, part=Part.SUSPECT).save()
    return case, person


def arrest(member: Member, operation: Operation, minutes_ago: int) -> Arrest:
    case, person = a_suspect(member)
    with act(member.actor, "arrest.add"):
        return charging.arrest(
            case, person, Allegation.HIRING, date(2026, 3, 1), member,
            at=timezone.now() - timedelta(minutes=minutes_ago), town="New Ulm", basis="made up",
            operation=operation,
        )  # fmt: skip


def test_an_arrest_is_of_the_operation_that_ran_then(member: Member) -> None:
    operation = running(member)
    arrest(member, operation, 30)
    with pytest.raises(Refused, match="not running then"):
        arrest(member, operation, 60 * 24)
    with pytest.raises(Refused, match="does not take part"):
        arrest(make_member(Role.SUPERVISOR), operation, 30)
    assert [number for _label, number in counted(operation)] == [1, 0, 0]
    page = client_of(member).get(operation.get_absolute_url()).content.decode()
    assert "Arrests that stand" in page


def test_the_form_offers_ones_own_operations_alone(member: Member) -> None:
    mine, other = running(member), running(make_member(Role.SUPERVISOR))
    case, person = a_suspect(member)
    client = client_of(member)
    page = client.get(f"/prosecution/case/{case.pk}/arrest/")
    assert page.status_code == 200
    assert mine.label in page.content.decode()
    assert other.label not in page.content.decode()
    values = {
        "person": person.pk, "allegation": "hiring", "offense_on": "2026-03-01",
        "at": timezone.localtime(timezone.now() - timedelta(minutes=9)).strftime("%Y-%m-%dT%H:%M"),
        "town": "New Ulm", "basis": "made up",
    }  # fmt: skip
    assert (
        client.post(page.request["PATH_INFO"], {**values, "operation": other.pk}).status_code == 422
    )
    assert (
        client.post(page.request["PATH_INFO"], {**values, "operation": mine.pk}).status_code == 302
    )
    assert Arrest.objects.get().operation == mine


def test_the_demonstration_has_one_across_new_ulm_and_mankato() -> None:
    roles = (Role.SUPERVISOR, Role.INVESTIGATOR, Role.NAVIGATOR, Role.CASEWORKER, Role.PROSECUTOR)
    people: dict[str, Member] = {role: make_member(role) for role in roles}
    people[Role.INVESTIGATOR] = make_member(Role.INVESTIGATOR, people[Role.SUPERVISOR].agency)
    assert demonstration.load(people) == 2
    assert demonstration.load(people) == 0
    done = Operation.objects.get(label="Cottonwood")
    assert done.status == Status.DEBRIEFED
    assert {each.place for each in done.towns.all()} == {"New Ulm, MN", "Mankato, MN"}
    page = client_of(people[Role.NAVIGATOR]).get(done.get_absolute_url()).content.decode()
    assert page.index("People helped") < page.index("Arrests")


def test_no_table_waits_for_a_migration() -> None:
    told = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=told)
    assert told.getvalue() == "No changes detected\n"
